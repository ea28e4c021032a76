/** Port mirroring in VPP: copies of what one interface receives, sends or both leave by another. */

import { create } from '@bufbuild/protobuf';
import { Span_Direction as Direction, SpanSchema } from '../../model/gen/ligato/vpp/interfaces/span_pb.js';
import type { Span } from '../../model/gen/ligato/vpp/interfaces/span_pb.js';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../scheduler/handler.ts';
import type { SpanState } from '../../vpp/index.ts';
import { swIfIndexOf } from '../interface/vpp-metadata.ts';
import { vppDump } from '../vpp/dump.ts';
import { lacking } from '../vpp/engine.ts';
import type { VppEngine } from '../vpp/engine.ts';
import { removed } from '../vpp/retries.ts';
import { spanKey } from './model.ts';

interface VppSpan {
  readonly sw_if_index_from: number;
  readonly sw_if_index_to: number;
  readonly is_l2: boolean;
}

const states: Readonly<Partial<Record<Direction, SpanState>>> = {
  [Direction.RX]: 'SPAN_STATE_API_RX',
  [Direction.TX]: 'SPAN_STATE_API_TX',
  [Direction.BOTH]: 'SPAN_STATE_API_RX_TX',
};
const directions = new Map(Object.entries(states).map(([direction, state]) => [state, Number(direction) as Direction]));

export function vppHandlers(engine: VppEngine): readonly Handler[] {
  return [spanHandler(engine) as Handler];
}

function spanHandler(engine: VppEngine): Handler<Span, VppSpan> {
  const set = ({ signal }: OperationContext, span: VppSpan, state: SpanState) =>
    engine.client.request('sw_interface_span_enable_disable', { ...span, state }, { signal });
  return {
    kind: 'vpp.span',
    engine: 'vpp',
    unsupported: () => lacking(engine, ['sw_interface_span_enable_disable'], ['sw_interface_span_dump']),
    async create(context, _key, value) {
      const span = {
        sw_if_index_from: swIfIndexOf(context, value.interfaceFrom),
        sw_if_index_to: swIfIndexOf(context, value.interfaceTo),
        is_l2: value.isL2,
      };
      await set(context, span, states[value.direction] ?? 'SPAN_STATE_API_RX_TX');
      return span;
    },
    recreate: (_key, from, to) => from.isL2 !== to.isL2,
    async update(context, _key, _from, to, span) {
      await set(context, span, states[to.direction] ?? 'SPAN_STATE_API_RX_TX');
      return span;
    },
    remove: (context, _key, _value, span) => removed(set(context, span, 'SPAN_STATE_API_DISABLED')),
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces'],
  };
}

async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<Span, VppSpan>,
): Promise<readonly Retrieved<Span, VppSpan>[]> {
  const dump = vppDump(engine, context.session);
  const [interfaces, ...lists] = await Promise.all([
    dump.interfaces(),
    dump.list('sw_interface_span_dump', { is_l2: false }),
    dump.list('sw_interface_span_dump', { is_l2: true }),
  ]);
  const retrieved: Retrieved<Span, VppSpan>[] = [];
  for (const { sw_if_index_from, sw_if_index_to, state, is_l2 } of lists.flat()) {
    const [interfaceFrom, interfaceTo] = [interfaces.nameOf(sw_if_index_from), interfaces.nameOf(sw_if_index_to)];
    const key = spanKey(interfaceFrom, interfaceTo);
    const direction = directions.get(state);
    if (direction === undefined || (context.keys && !context.keys.has(key))) continue;
    retrieved.push({
      key,
      value: create(SpanSchema, { interfaceFrom, interfaceTo, direction, isL2: is_l2 }),
      metadata: { sw_if_index_from, sw_if_index_to, is_l2 },
      origin: context.expected.has(key) || (interfaces.at(sw_if_index_from)?.tag ?? '') !== '' ? 'ours' : 'foreign',
    });
  }
  return retrieved;
}
