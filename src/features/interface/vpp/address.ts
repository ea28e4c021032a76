/** `vpp.interfaces.address` in VPP. */

import { isLinkLocal, parsePrefix } from '../../../model/address.ts';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Key } from '../../../model/key.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView, Handler, OperationContext, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { ifStatusFlags, isVppError } from '../../../vpp/index.ts';
import type { Messages } from '../../../vpp/index.ts';
import { resolveAddress } from '../../netalloc/model.ts';
import { vppDump } from '../../vpp/dump.ts';
import type { VppDump } from '../../vpp/dump.ts';
import { NO_INDEX } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { removed } from '../../vpp/retries.ts';
import { interfaceAddressKey, interfaceKey } from '../model/keys.ts';
import type { InterfaceAddress } from '../model/parts.ts';
import { swIfIndexOf } from '../vpp-metadata.ts';
import { leasedPrefix } from './dhcp-client.ts';
import { isLearned } from './ip6nd.ts';
import { leadsToFarEnd, ownFarEndProblem } from './own-far-end.ts';

/** What was assigned, so that it can be taken away when the reference it came from is gone. */
export interface AssignedAddress {
  readonly swIfIndex: number;
  /** Canonical, with its prefix length. */
  readonly prefix: string;
}

export function addressHandler(engine: VppEngine): Handler<InterfaceAddress, AssignedAddress> {
  const { client } = engine;

  async function assign(context: OperationContext, key: Key, value: InterfaceAddress): Promise<AssignedAddress> {
    const assigned = { swIfIndex: swIfIndexOf(context, value.interface), prefix: prefixOf(context, key, value) };
    const owner = context.applied(interfaceKey(value.interface)) as Interface | undefined;
    const problem = owner && ownFarEndProblem(owner, assigned.prefix);
    if (problem !== undefined) throw new SchedulerError('failed', problem, { key });
    const fields = { sw_if_index: assigned.swIfIndex, is_add: true, prefix: assigned.prefix };
    try {
      await client.request('sw_interface_add_del_address', fields, context);
    } catch (error) {
      // The same answer for another interface's network and for the very address being there already.
      if (!isVppError(error, 'ADDRESS_IN_USE', 'DUPLICATE_IF_ADDRESS') || !(await isAssigned(assigned, context)))
        throw error;
    }
    return assigned;
  }

  async function isAssigned({ swIfIndex, prefix }: AssignedAddress, { signal }: OperationContext): Promise<boolean> {
    const fields = { sw_if_index: swIfIndex, is_ipv6: prefix.includes(':') };
    return (await client.list('ip_address_dump', fields, { signal })).some((found) => found.prefix === prefix);
  }

  async function unassign(
    context: OperationContext,
    value: InterfaceAddress,
    { swIfIndex, prefix }: AssignedAddress,
  ): Promise<void> {
    const { signal } = context;
    const steps: Promise<unknown>[] = [];
    const setFlags = (flags: number): void => {
      const request = client.request('sw_interface_set_flags', { sw_if_index: swIfIndex, flags }, { signal });
      steps.push(removed(request, 'UNSPECIFIED'));
    };
    const tunnel = context.applied(interfaceKey(value.interface)) as Interface | undefined;
    // Of a tunnel that leads to its own far end by this address VPP (23.06 to 26.06) survives that only while the tunnel is down.
    const isLoop = tunnel !== undefined && leadsToFarEnd(tunnel, prefix);
    if (isLoop) setFlags(0);
    const fields = { sw_if_index: swIfIndex, is_add: false, prefix };
    const request = client.request('sw_interface_add_del_address', fields, { signal });
    steps.push(removed(request, 'ADDRESS_NOT_FOUND_FOR_INTERFACE'));
    if (isLoop && tunnel.enabled) setFlags(ifStatusFlags.IF_STATUS_API_FLAG_ADMIN_UP);
    await Promise.all(steps);
  }

  return {
    kind: 'vpp.interfaces.address',
    engine: 'vpp',
    create: assign,
    async refresh(context, key, value, metadata) {
      if (prefixOf(context, key, value) === metadata.prefix) return metadata;
      // VPP refuses a second address of a network on the same interface only when the prefix lengths differ.
      await unassign(context, value, metadata);
      return assign(context, key, value);
    },
    remove: (context, _key, value, metadata) => unassign(context, value, metadata),
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces', 'netalloc.ip'],
  };
}

function prefixOf(graph: GraphView, key: Key, { address, interface: name }: InterfaceAddress): string {
  const prefix = resolveAddress(graph, address, name, 'interface');
  if (prefix === undefined) throw new SchedulerError('failed', `${address} is not allocated`, { key });
  return prefix;
}

async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<InterfaceAddress, AssignedAddress>,
): Promise<readonly Retrieved<InterfaceAddress, AssignedAddress>[]> {
  const dump = vppDump(engine, context.session);
  const spelled = spelledAddresses(context);
  const only =
    context.keys &&
    new Set([...context.expected].flatMap(([key, { value }]) => (context.keys!.has(key) ? [value.interface] : [])));
  const retrieved: Retrieved<InterfaceAddress, AssignedAddress>[] = [];
  const reads: Promise<void>[] = [];
  const leases = leasesOf(await dump.list('dhcp_client_dump', {}));
  for (const { sw_if_index, tag: name, l2_address: mac } of (await dump.interfaces()).ours()) {
    if (only && !only.has(name)) continue;
    for (const is_ipv6 of [false, true]) {
      const read = async (): Promise<void> => {
        for (const { prefix } of await dump.list('ip_address_dump', { sw_if_index, is_ipv6 })) {
          const known = spelled.get(`${name} ${prefix}`);
          // VPP makes link-local addresses by itself, and others of what routers advertise.
          if (!known && (isMadeByVpp(prefix) || isLearned(context, name, mac, prefix))) continue;
          if (leases.has(`${sw_if_index} ${prefix}`)) {
            retrieved.push(leased(name, prefix, sw_if_index));
            continue;
          }
          const value = known?.value ?? ({ interface: name, address: prefix, source: 'static' } as const);
          const key = known?.key ?? interfaceAddressKey(name, 'static', prefix);
          if (context.keys && !context.keys.has(key)) continue;
          retrieved.push({ key, value, metadata: { swIfIndex: sw_if_index, prefix }, origin: 'ours' });
        }
      };
      reads.push(read());
    }
  }
  await Promise.all(reads);
  const isUnknown = ({ key, origin }: Retrieved<InterfaceAddress, AssignedAddress>) =>
    origin === 'ours' && !context.expected.has(key);
  if (!retrieved.some(isUnknown)) return retrieved;
  const virtual = await virtualAddresses(dump);
  return retrieved.filter((one) => !isUnknown(one) || !virtual.has(addressOf(one.metadata)));
}

function addressOf({ swIfIndex, prefix }: AssignedAddress): string {
  return `${swIfIndex} ${prefix.split('/')[0]}`;
}

/** Addresses that virtual routers (`vpp.vrrp`) give to their interfaces while they are master, as `INDEX ADDRESS`. */
async function virtualAddresses(dump: VppDump): Promise<ReadonlySet<string>> {
  const routers = await dump.list('vrrp_vr_dump', { sw_if_index: NO_INDEX });
  return new Set(routers.flatMap(({ config, addrs }) => addrs.map((address) => `${config.sw_if_index} ${address}`)));
}

/** Addresses that VPP's DHCP clients were given, as `INDEX PREFIX`. */
function leasesOf(clients: readonly Messages['dhcp_client_details'][]): ReadonlySet<string> {
  return new Set(clients.map(({ lease }) => `${lease.sw_if_index} ${leasedPrefix(lease) ?? 'none'}`));
}

/** Set by VPP's DHCP client, which takes it away itself. */
function leased(name: string, address: string, swIfIndex: number): Retrieved<InterfaceAddress, AssignedAddress> {
  const key = interfaceAddressKey(name, 'from_dhcp', address);
  const value = { interface: name, address, source: 'from_dhcp' } as const;
  return { key, value, metadata: { swIfIndex, prefix: address }, origin: 'foreign' };
}

function isMadeByVpp(prefix: string): boolean {
  const address = parsePrefix(prefix)?.address;
  return address?.family === 6 && isLinkLocal(address);
}

/** Keys and values as users spelled them, by interface and address. */
function spelledAddresses(context: RetrieveContext<InterfaceAddress, AssignedAddress>) {
  const spelled = new Map<string, { readonly key: Key; readonly value: InterfaceAddress }>();
  for (const [key, { value }] of context.expected) {
    const prefix = resolveAddress(context, value.address, value.interface, 'interface');
    if (prefix !== undefined) spelled.set(`${value.interface} ${prefix}`, { key, value });
  }
  return spelled;
}
