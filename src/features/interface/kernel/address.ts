/** `vpp.interfaces.address` in the Linux kernel: addresses of devices in the vswitch. */

import { formatPrefix, parsePrefix } from '../../../model/address.ts';
import type { Prefix } from '../../../model/address.ts';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Key } from '../../../model/key.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import { deleteAddress, IFA_F_NODAD, IFA_F_NOPREFIXROUTE, replaceAddress } from '../../../kernel/netlink/address.ts';
import type { Address } from '../../../kernel/netlink/address.ts';
import { addressProtocols } from '../../../kernel/pipeline/numbers.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView, Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { addressNewsOf } from '../../kernel/address-news.ts';
import { departingInterface, departuresOf } from '../../kernel/departure.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { RuleVrfs } from '../../kernel/rule-vrf/rule-vrfs.ts';
import { resolveAddress } from '../../netalloc/model.ts';
import type { KernelInterface } from '../kernel-metadata.ts';
import { interfaceAddressKey, interfaceKey } from '../model/keys.ts';
import type { InterfaceAddress } from '../model/parts.ts';
import { ownMark } from '../../kernel/device.ts';
import { Placement } from './address-placement.ts';
import type { AssignedAddress } from './address-placement.ts';
import { obtainLinkLocal } from './link-local.ts';
import { interfaceRoles } from './roles.ts';

export function addressHandler(engine: KernelEngine): Handler<InterfaceAddress, AssignedAddress> {
  const rtnl = engine.driver.rtnl(engine.driver.vswitch);
  const news = addressNewsOf(engine);
  const departures = departuresOf(engine);
  const vrfs = RuleVrfs.of(engine);
  const placement = new Placement(engine);

  async function assign(graph: GraphView, key: Key, value: InterfaceAddress): Promise<AssignedAddress> {
    departures.cancel(key);
    const { ifindex, name } = deviceOf(graph, key, value);
    const address = addressOf(graph, key, value);
    const vrf = placement.vrfOf(graph, value);
    await placement.claim(graph, key, value, address);
    const flags = (address.address.family === 6 ? IFA_F_NODAD : 0) | (vrf === 0 ? 0 : IFA_F_NOPREFIXROUTE);
    if (address.address.family === 6) obtainLinkLocal(engine, name);
    const request = replaceAddress({ link: ifindex, address, flags, protocol: addressProtocols.configured });
    await rtnl.request(request);
    if (vrf !== 0) await vrfs.assign(key, value.interface, { vrf, link: ifindex, prefix: address });
    news.tell({ link: ifindex, removed: false });
    return vrf === 0 ? { ifindex, address } : { ifindex, address, vrf };
  }

  async function unassign({ ifindex, address }: AssignedAddress): Promise<void> {
    try {
      await rtnl.request(deleteAddress({ link: ifindex, address }));
      news.tell({ link: ifindex, removed: true });
    } catch (error) {
      if (!isKernelError(error, 'EADDRNOTAVAIL', 'ENODEV')) throw error;
    }
  }

  /** Out of its VRF, where rules make them; the address itself may go with its device. */
  async function displace(key: Key, { ifindex, address, vrf }: AssignedAddress): Promise<void> {
    placement.release(key);
    if (vrf !== undefined) await vrfs.unassign(key, { vrf, link: ifindex, prefix: address });
  }

  return {
    kind: 'vpp.interfaces.address',
    engine: 'kernel',
    create: (context, key, value) => assign(context, key, value),
    async refresh(context, key, value, metadata) {
      const wanted = addressOf(context, key, value);
      const stays = formatPrefix(wanted) === formatPrefix(metadata.address);
      if (stays && placement.vrfOf(context, value) === (metadata.vrf ?? 0)) return metadata;
      await displace(key, metadata);
      if (stays) await unassign(metadata);
      const assigned = await assign(context, key, value);
      if (!stays) await unassign(metadata);
      return assigned;
    },
    async remove(context, key, value, metadata) {
      await displace(key, metadata);
      const device = departingInterface(context, value.interface);
      if (device) departures.leave(context, key, device, () => unassign(metadata));
      else await unassign(metadata);
    },
    retrieve: (context) => retrieve(engine, placement, context),
    retrieveAfter: ['vpp.interfaces', 'vpp.interfaces.vrf', 'netalloc.ip'],
  };
}

function deviceOf(graph: GraphView, key: Key, { interface: name }: InterfaceAddress): KernelInterface {
  const device = graph.metadata<KernelInterface>(interfaceKey(name));
  if (!device) throw new SchedulerError('failed', `interface ${name} has no device`, { key });
  return device;
}

function addressOf(graph: GraphView, key: Key, { address, interface: name }: InterfaceAddress): Prefix {
  const resolved = resolveAddress(graph, address, name, 'interface');
  const prefix = resolved === undefined ? undefined : parsePrefix(resolved);
  if (!prefix) throw new SchedulerError('failed', `${address} is not allocated`, { key });
  return prefix;
}

async function retrieve(
  engine: KernelEngine,
  placement: Placement,
  context: RetrieveContext<InterfaceAddress, AssignedAddress>,
): Promise<readonly Retrieved<InterfaceAddress, AssignedAddress>[]> {
  const dump = engine.driver.dump(context.session, engine.driver.vswitch);
  const names = new Map<number, string>();
  const links = await dump.linksByIndex();
  for (const link of links.values()) {
    const mark = ownMark(engine, link);
    if (mark && interfaceRoles.has(mark.role)) names.set(link.index, mark.name);
  }
  const spelled = spelledAddresses(context);
  const retrieved: Retrieved<InterfaceAddress, AssignedAddress>[] = [];
  for (const found of await dump.addresses()) {
    const name = names.get(found.link);
    if (name === undefined || !isConfigured(found)) continue;
    const address = formatPrefix(found.address);
    if (found.protocol === addressProtocols.leased) {
      retrieved.push(leased(context, name, address, found));
      continue;
    }
    const known = spelled.get(`${name} ${address}`);
    const value = known?.value ?? ({ interface: name, address, source: 'static' } as const);
    const key = known?.key ?? interfaceAddressKey(name, 'static', address);
    const isUp = links.get(found.link)!.up;
    if (context.keys && !context.keys.has(key)) continue;
    retrieved.push({ ...placement.find(context, key, value, found, isUp), origin: 'ours' });
  }
  return placement.whole(context, retrieved);
}

/** Set by the DHCP client of the interface, which takes it away itself. */
function leased(
  graph: GraphView,
  name: string,
  address: string,
  found: Address,
): Retrieved<InterfaceAddress, AssignedAddress> {
  const asks = (graph.desired(interfaceKey(name)) as Interface | undefined)?.setDhcpClient === true;
  return {
    key: interfaceAddressKey(name, 'from_dhcp', address),
    value: { interface: name, address, source: 'from_dhcp' },
    metadata: { ifindex: found.link, address: found.address },
    // Left over from an agent whose interface asked a server.
    origin: asks ? 'foreign' : 'ours',
  };
}

/** Link-local addresses that the kernel made and addresses borrowed by an unnumbered interface are not configured ones. */
function isConfigured({ scope, protocol, address }: Address): boolean {
  if (isCompatible(address)) return false;
  if (protocol === addressProtocols.borrowed || protocol === KERNEL_LINK_LOCAL) return false;
  if (protocol === KERNEL_ADVERTISED) return false;
  return scope !== RT_SCOPE_LINK || protocol === addressProtocols.configured;
}

/** `::192.0.2.1/96`: the kernel gives it to tunnels to several peers over IPv4 (sit). */
function isCompatible({ address: { family, bytes }, length }: Prefix): boolean {
  return family === 6 && length === 96 && bytes.every((byte, index) => index >= 12 || byte === 0);
}

/** IFAPROT_KERNEL_RA: made from what a router advertises (`ip6nd`). */
const KERNEL_ADVERTISED = 2;
/** IFAPROT_KERNEL_LL */
const KERNEL_LINK_LOCAL = 3;
const RT_SCOPE_LINK = 253;

/** Keys and values as users spelled them, by interface and address. */
function spelledAddresses(context: RetrieveContext<InterfaceAddress, AssignedAddress>) {
  const spelled = new Map<string, { readonly key: Key; readonly value: InterfaceAddress }>();
  for (const [key, { value }] of context.expected) {
    const address = resolveAddress(context, value.address, value.interface, 'interface');
    if (address !== undefined) spelled.set(`${value.interface} ${address}`, { key, value });
  }
  return spelled;
}
