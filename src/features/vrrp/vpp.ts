/** Virtual routers in VPP (plugin vrrp). */

import { create } from '@bufbuild/protobuf';
import { VRRPEntrySchema } from '../../model/gen/ligato/vpp/l3/vrrp_pb.js';
import type { VRRPEntry } from '../../model/gen/ligato/vpp/l3/vrrp_pb.js';
import { canonicalIp } from '../../model/address.ts';
import type { Key } from '../../model/key.ts';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../scheduler/handler.ts';
import type { Dependency } from '../../scheduler/kind.ts';
import { vrrpVrFlags } from '../../vpp/index.ts';
import { interfaceAddressPrefix, unnumberedKey } from '../interface/model.ts';
import { swIfIndexOf } from '../interface/vpp-metadata.ts';
import { vppDump } from '../vpp/dump.ts';
import { lacking, NO_INDEX } from '../vpp/engine.ts';
import type { VppEngine } from '../vpp/engine.ts';
import { removed } from '../vpp/retries.ts';
import { vrrpKey } from './model.ts';

/** Priority of the router that has the virtual addresses itself (RFC 5798 section 5.2.4). */
const OWNER = 255;
/** Intervals are configured in milliseconds and sent in hundredths of a second. */
const CENTISECOND = 10;

interface VppRouter {
  readonly sw_if_index: number;
  readonly vr_id: number;
  readonly priority: number;
  readonly interval: number;
  readonly flags: number;
  readonly addrs: string[];
}

export function vppHandlers(engine: VppEngine): readonly Handler[] {
  return [vrrpHandler(engine) as Handler];
}

/** A router that runs cannot be changed: every change makes it anew, but for whether it runs. */
function vrrpHandler(engine: VppEngine): Handler<VRRPEntry, VppRouter> {
  const { client } = engine;
  const startOrStop = ({ signal }: OperationContext, router: VppRouter, isOn: boolean) => {
    const { sw_if_index, vr_id, flags } = router;
    const is_ipv6 = (flags & vrrpVrFlags.VRRP_API_VR_IPV6) === 0 ? 0 : 1;
    return client.request('vrrp_vr_start_stop', { sw_if_index, vr_id, is_ipv6, is_start: isOn ? 1 : 0 }, { signal });
  };
  const addOrDelete = ({ signal }: OperationContext, router: VppRouter, isAdd: boolean) =>
    client.request('vrrp_vr_add_del', { ...router, is_add: isAdd ? 1 : 0 }, { signal });

  return {
    kind: 'vpp.vrrp',
    engine: 'vpp',
    unsupported: () => lacking(engine, ['vrrp_vr_add_del'], ['vrrp_vr_start_stop'], ['vrrp_vr_dump']),
    dependencies: (_key, value) => (value.priority === OWNER ? ownDependencies(value) : [senderDependency(value)]),
    async create(context, _key, value) {
      const router = routerOf(swIfIndexOf(context, value.interface), value);
      await addOrDelete(context, router, true);
      if (!value.enabled) return router;
      try {
        await startOrStop(context, router, true);
      } catch (error) {
        await addOrDelete(context, router, false).catch(() => undefined);
        throw error;
      }
      return router;
    },
    recreate: (_key, from, to, { sw_if_index }) =>
      JSON.stringify(routerOf(sw_if_index, from)) !== JSON.stringify(routerOf(sw_if_index, to)),
    async update(context, _key, from, to, router) {
      if (from.enabled !== to.enabled) await startOrStop(context, router, to.enabled);
      return router;
    },
    // Stopped first: VPP (26.06 and before) leaves the addresses of a master that goes on its interface, and its MAC address.
    async remove(context, _key, _value, router) {
      await removed(startOrStop(context, router, false));
      await removed(addOrDelete(context, router, false));
    },
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces', 'vpp.interfaces.address'],
  };
}

/**
 * A router that starts before its interface has an address to send from stays down when one comes: VPP (26.06 and before) looks again
 * only when the link changes.
 */
function senderDependency(value: VRRPEntry): Dependency {
  const { interface: name } = value;
  const addresses = interfaceAddressPrefix(name);
  const isSender = (key: Key) => {
    if (!key.startsWith(addresses) || key.includes('alloc:')) return true;
    return key.slice(addresses.length).includes(':') === isIpv6(value);
  };
  const label = `an IPv${isIpv6(value) ? 6 : 4} address on ${name}`;
  return { label, anyOf: { prefixes: [addresses, unnumberedKey(name)], where: isSender } };
}

/** The owner of the virtual addresses has them on its interface: VPP refuses it until they are there. */
function ownDependencies({ interface: name, ipAddresses }: VRRPEntry): readonly Dependency[] {
  const addresses = interfaceAddressPrefix(name);
  return ipAddresses.map((text) => {
    const wanted = canonicalIp(text);
    const isIt = (key: Key) =>
      key.includes('alloc:') || key.slice(key.lastIndexOf('/', key.lastIndexOf('/') - 1) + 1).split('/')[0] === wanted;
    return {
      label: `address ${text} on ${name} (priority 255 is for who has it)`,
      anyOf: { prefixes: [addresses], where: isIt },
    };
  });
}

function isIpv6({ ipAddresses }: VRRPEntry): boolean {
  return ipAddresses.some((address) => address.includes(':'));
}

function routerOf(sw_if_index: number, value: VRRPEntry): VppRouter {
  const flags =
    (value.preempt ? vrrpVrFlags.VRRP_API_VR_PREEMPT : 0) |
    (value.accept ? vrrpVrFlags.VRRP_API_VR_ACCEPT : 0) |
    (value.unicast ? vrrpVrFlags.VRRP_API_VR_UNICAST : 0) |
    (isIpv6(value) ? vrrpVrFlags.VRRP_API_VR_IPV6 : 0);
  const { vrId, priority, interval, ipAddresses } = value;
  return {
    sw_if_index,
    vr_id: vrId,
    priority,
    interval: Math.trunc(interval / CENTISECOND),
    flags,
    addrs: [...ipAddresses],
  };
}

async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<VRRPEntry, VppRouter>,
): Promise<readonly Retrieved<VRRPEntry, VppRouter>[]> {
  const dump = vppDump(engine, context.session);
  const interfaces = await dump.interfaces();
  const retrieved: Retrieved<VRRPEntry, VppRouter>[] = [];
  for (const { config, runtime, addrs } of await dump.list('vrrp_vr_dump', { sw_if_index: NO_INDEX })) {
    const { sw_if_index, vr_id, priority, interval, flags } = config;
    const name = interfaces.nameOf(sw_if_index);
    const key = vrrpKey(name, vr_id);
    if (context.keys && !context.keys.has(key)) continue;
    const value = create(VRRPEntrySchema, {
      interface: name,
      vrId: vr_id,
      priority,
      interval: interval * CENTISECOND,
      preempt: (flags & vrrpVrFlags.VRRP_API_VR_PREEMPT) !== 0,
      accept: (flags & vrrpVrFlags.VRRP_API_VR_ACCEPT) !== 0,
      unicast: (flags & vrrpVrFlags.VRRP_API_VR_UNICAST) !== 0,
      ipAddresses: addrs,
      enabled: runtime.state !== 'VRRP_API_VR_STATE_INIT',
    });
    const isOurs = context.expected.has(key) || (interfaces.at(sw_if_index)?.tag ?? '') !== '';
    const metadata = { sw_if_index, vr_id, priority, interval, flags, addrs };
    retrieved.push({ key, value, metadata, origin: isOurs ? 'ours' : 'foreign' });
  }
  return retrieved;
}
