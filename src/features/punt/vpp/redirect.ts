/** `vpp.ipredirect` in VPP: one for each interface packets come in by and family; any interface is one more. */

import { create } from '@bufbuild/protobuf';
import { IPRedirectSchema, L3Protocol } from '../../../model/gen/ligato/vpp/punt/punt_pb.js';
import type { IPRedirect } from '../../../model/gen/ligato/vpp/punt/punt_pb.js';
import type { GraphView, Handler, OperationContext, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { PuntRedirect } from '../../../vpp/index.ts';
import { spelledIp } from '../../equality.ts';
import { swIfIndexOf } from '../../interface/vpp-metadata.ts';
import { vppDump } from '../../vpp/dump.ts';
import { lacking, NO_INDEX } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { removed } from '../../vpp/retries.ts';
import { ipRedirectKey } from '../model.ts';

export function redirectHandler(engine: VppEngine): Handler<IPRedirect, PuntRedirect> {
  const addOrDelete = ({ signal }: OperationContext, punt: PuntRedirect, is_add: boolean) =>
    engine.client.request('ip_punt_redirect', { punt, is_add }, { signal });
  return {
    kind: 'vpp.ipredirect',
    engine: 'vpp',
    unsupported: (_key, { l3Protocol }) =>
      lacking(engine, ['ip_punt_redirect'], ['ip_punt_redirect_dump']) ??
      (l3Protocol === L3Protocol.ALL ? 'vpp: a next hop is of one family: IPV4 or IPV6' : undefined),
    async create(context, _key, value) {
      const punt = redirectOf(context, value);
      await addOrDelete(context, punt, true);
      return punt;
    },
    // VPP loses the old path of a redirection that is set again: it goes first.
    async update(context, _key, _from, to, metadata) {
      const punt = redirectOf(context, to);
      await Promise.all([addOrDelete(context, metadata, false), addOrDelete(context, punt, true)]);
      return punt;
    },
    remove: (context, _key, _value, punt) => removed(addOrDelete(context, punt, false)),
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces'],
  };
}

function redirectOf(graph: GraphView, { rxInterface, txInterface, nextHop }: IPRedirect): PuntRedirect {
  return {
    rx_sw_if_index: rxInterface === '' ? NO_INDEX : swIfIndexOf(graph, rxInterface),
    tx_sw_if_index: swIfIndexOf(graph, txInterface),
    nh: nextHop,
  };
}

async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<IPRedirect, PuntRedirect>,
): Promise<readonly Retrieved<IPRedirect, PuntRedirect>[]> {
  const dump = vppDump(engine, context.session);
  const [interfaces, four, six] = await Promise.all([
    dump.interfaces(),
    dump.list('ip_punt_redirect_dump', { sw_if_index: NO_INDEX, is_ipv6: false }),
    dump.list('ip_punt_redirect_dump', { sw_if_index: NO_INDEX, is_ipv6: true }),
  ]);
  const retrieved: Retrieved<IPRedirect, PuntRedirect>[] = [];
  for (const [l3Protocol, list] of [
    [L3Protocol.IPV4, four],
    [L3Protocol.IPV6, six],
  ] as const) {
    for (const { punt } of list) {
      const txInterface = interfaces.nameOf(punt.tx_sw_if_index);
      const rxInterface = punt.rx_sw_if_index === NO_INDEX ? '' : interfaces.nameOf(punt.rx_sw_if_index);
      const key = ipRedirectKey(l3Protocol, txInterface);
      if (context.keys && !context.keys.has(key)) continue;
      const known = context.expected.get(key)?.value;
      const nextHop = known && spelledIp(known.nextHop) === spelledIp(punt.nh) ? known.nextHop : punt.nh;
      const value = create(IPRedirectSchema, { l3Protocol, rxInterface, txInterface, nextHop });
      const isOurs = known !== undefined || (interfaces.at(punt.tx_sw_if_index)?.tag ?? '') !== '';
      retrieved.push({ key, value, metadata: punt, origin: isOurs ? 'ours' : 'foreign' });
    }
  }
  return retrieved;
}
