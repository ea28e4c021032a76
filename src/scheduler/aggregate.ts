/** Many objects, one data-plane object: all operations of a wave on it become one call that makes it as wanted. */

import type { Key } from '../model/key.ts';
import type { Graph } from './graph.ts';
import type { AggregateChange, Handler, OperationContext } from './handler.ts';
import type { Operation } from './operation.ts';

/** Calls `reconcile`; resolves to the metadata or the error of each key. */
export function reconcileAggregate(
  graph: Graph,
  handler: Handler,
  context: OperationContext,
  operations: readonly Operation[],
): Promise<ReadonlyMap<Key, unknown>> {
  return handler.reconcile!(context, changeOf(graph, handler.kind, operations));
}

function changeOf(graph: Graph, kind: string, operations: readonly Operation[]): AggregateChange {
  const aggregate = operations[0]!.aggregate!;
  const before: Map<Key, { value: object; metadata: unknown }> = new Map();
  const after = new Map<Key, object>();
  graph.visitMembers(kind, aggregate, ({ key, applied }) => {
    before.set(key, { value: applied!.value, metadata: applied!.metadata });
    after.set(key, applied!.value);
  });
  for (const { verb, node, goal } of operations) {
    if (verb === 'remove') after.delete(node.key);
    else after.set(node.key, goal!.value);
  }
  return { aggregate, before, after };
}
