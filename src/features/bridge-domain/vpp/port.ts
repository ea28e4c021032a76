/** `vpp.l2.bridge-domain.interface` in VPP: a port of a bridge domain. */

import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { swIfIndexOf } from '../../interface/vpp-metadata.ts';
import { vppDump } from '../../vpp/dump.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { lacking } from '../../vpp/engine.ts';
import { removed } from '../../vpp/retries.ts';
import { bridgeDomainDependency, bridgeDomainInterfaceKey } from '../model.ts';
import type { BridgeDomainInterface } from '../model.ts';
import { bdIdOf } from '../vpp-metadata.ts';
import { domainsOf } from './domain.ts';

interface VppPort {
  readonly bdId: number;
  readonly swIfIndex: number;
}

type Port = BridgeDomainInterface;

export function portHandler(engine: VppEngine): Handler<Port, VppPort> {
  const { client } = engine;

  async function join(context: OperationContext, value: Port): Promise<VppPort> {
    const port = { bdId: bdIdOf(context, value.bridgeDomain), swIfIndex: swIfIndexOf(context, value.interface) };
    const fields = {
      rx_sw_if_index: port.swIfIndex,
      bd_id: port.bdId,
      port_type: value.bridgedVirtualInterface ? 'L2_API_PORT_TYPE_BVI' : 'L2_API_PORT_TYPE_NORMAL',
      shg: value.splitHorizonGroup,
      enable: true,
    } as const;
    await client.request('sw_interface_set_l2_bridge', fields, { signal: context.signal });
    return port;
  }

  function leave({ signal }: OperationContext, { bdId, swIfIndex }: VppPort): Promise<void> {
    const fields = { rx_sw_if_index: swIfIndex, bd_id: bdId, enable: false };
    return removed(client.request('sw_interface_set_l2_bridge', fields, { signal }));
  }

  return {
    kind: 'vpp.l2.bridge-domain.interface',
    engine: 'vpp',
    unsupported: () => lacking(engine, ['sw_interface_set_l2_bridge']),
    // VPP would make a bridge domain of its own for a port that names none it has.
    dependencies: (_key, { bridgeDomain }) => [bridgeDomainDependency(bridgeDomain)],
    create: (context, _key, value) => join(context, value),
    // A port stays what it is (BVI or not) until it leaves; the flags are those of the bridge domain.
    recreate: (_key, from, to) => from.bridgedVirtualInterface !== to.bridgedVirtualInterface,
    update: (context, _key, from, to, metadata) =>
      from.splitHorizonGroup === to.splitHorizonGroup ? Promise.resolve(metadata) : join(context, to),
    remove: (context, _key, _value, metadata) => leave(context, metadata),
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces', 'vpp.l2.bridge-domain'],
  };
}

const none = { flood: false, unknownUnicastFlood: false, forward: false, learn: false };

async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<Port, VppPort>,
): Promise<readonly Retrieved<Port, VppPort>[]> {
  const interfaces = await vppDump(engine, context.session).interfaces();
  const retrieved: Retrieved<Port, VppPort>[] = [];
  for (const { bd_tag, bd_id, bvi_sw_if_index, sw_if_details } of await domainsOf(engine, context)) {
    if (bd_tag === '') continue;
    for (const { sw_if_index, shg } of sw_if_details) {
      const name = interfaces.nameOf(sw_if_index);
      const key = bridgeDomainInterfaceKey(bd_tag, name);
      if (context.keys && !context.keys.has(key)) continue;
      const own = { bridgeDomain: bd_tag, interface: name, bridgedVirtualInterface: sw_if_index === bvi_sw_if_index };
      // Flags are those of the bridge domain, which compares them.
      const value: Port = { ...(context.expected.get(key)?.value ?? none), ...own, splitHorizonGroup: shg };
      const isOurs = context.expected.has(key) || (interfaces.at(sw_if_index)?.tag ?? '') !== '';
      const metadata = { bdId: bd_id, swIfIndex: sw_if_index };
      retrieved.push({ key, value, metadata, origin: isOurs ? 'ours' : 'foreign' });
    }
  }
  return retrieved;
}
