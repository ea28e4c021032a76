/** `vpp.ipsec.tun-protect` in VPP: associations of a tunnel, exchanged in place, so a new key costs no packet. */

import { create } from '@bufbuild/protobuf';
import { TunnelProtectionSchema } from '../../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import type { TunnelProtection } from '../../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { spelledIp } from '../../equality.ts';
import { swIfIndexOf } from '../../interface/vpp-metadata.ts';
import { vppDump } from '../../vpp/dump.ts';
import { lacking, NO_INDEX } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { removed } from '../../vpp/retries.ts';
import { tunnelProtectionKey } from '../model.ts';

interface VppProtection {
  readonly swIfIndex: number;
  readonly nh: string;
}

/** "No next hop", for tunnels to one peer. */
const NONE = '0.0.0.0';

export function protectionHandler(engine: VppEngine): Handler<TunnelProtection, VppProtection> {
  const { client } = engine;
  const set = async (
    { signal }: OperationContext,
    value: TunnelProtection,
    protection: VppProtection,
  ): Promise<VppProtection> => {
    const { swIfIndex, nh } = protection;
    const tunnel = { sw_if_index: swIfIndex, nh, sa_out: value.saOut[0]!, sa_in: value.saIn };
    await client.request('ipsec_tunnel_protect_update', { tunnel }, { signal });
    return protection;
  };
  return {
    kind: 'vpp.ipsec.tun-protect',
    engine: 'vpp',
    unsupported: () => lacking(engine, ['ipsec_tunnel_protect_update'], ['ipsec_tunnel_protect_dump']),
    create: (context, _key, value) =>
      set(context, value, { swIfIndex: swIfIndexOf(context, value.interface), nh: value.nextHopAddr || NONE }),
    update: (context, _key, _from, to, metadata) => set(context, to, metadata),
    async remove({ signal }, _key, _value, { swIfIndex, nh }) {
      await removed(client.request('ipsec_tunnel_protect_del', { sw_if_index: swIfIndex, nh }, { signal }));
    },
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces', 'vpp.ipsec.sa'],
  };
}

async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<TunnelProtection, VppProtection>,
): Promise<readonly Retrieved<TunnelProtection, VppProtection>[]> {
  const dump = vppDump(engine, context.session);
  const interfaces = await dump.interfaces();
  const placeOf = (name: string, hop: string) => `${name} ${hop === '' ? NONE : spelledIp(hop)}`;
  const expected = new Map(
    [...context.expected].map(([key, { value }]) => [placeOf(value.interface, value.nextHopAddr), { key, value }]),
  );
  const retrieved: Retrieved<TunnelProtection, VppProtection>[] = [];
  for (const { tun } of await dump.list('ipsec_tunnel_protect_dump', { sw_if_index: NO_INDEX })) {
    const { sw_if_index, nh, sa_out, sa_in } = tun;
    const name = interfaces.nameOf(sw_if_index);
    const hop = nh === NONE || nh === '::' ? '' : nh;
    const known = expected.get(placeOf(name, hop));
    const key = known?.key ?? tunnelProtectionKey(name, hop);
    if (context.keys && !context.keys.has(key)) continue;
    const nextHopAddr = known?.value.nextHopAddr ?? hop;
    const value = create(TunnelProtectionSchema, { interface: name, saOut: [sa_out], saIn: sa_in, nextHopAddr });
    const isOurs = known !== undefined || (interfaces.at(sw_if_index)?.tag ?? '') !== '';
    retrieved.push({ key, value, metadata: { swIfIndex: sw_if_index, nh }, origin: isOurs ? 'ours' : 'foreign' });
  }
  return retrieved;
}
