/** Many objects, one data-plane object: all operations of a wave on it become one call that makes it as wanted. */

import type { Key } from '../model/key.ts';
import type { Graph } from './graph.ts';
import type { Handler, OperationContext } from './handler.ts';
import type { Value } from './kind.ts';
import type { Operation } from './operation.ts';

/** The aggregate an operation writes to, or undefined when its object stands alone. */
export function aggregateOf({ verb, node, was, goal }: Operation): string | undefined {
  const handler = node.registration?.handler;
  if (handler?.aggregate === undefined) return undefined;
  return verb === 'remove' ? was!.aggregate : handler.aggregate(node.key, goal!.value);
}

/** Calls `reconcile`; resolves to the metadata or the error of each operation. */
export async function reconcileAggregate(
  graph: Graph,
  handler: Handler,
  context: OperationContext,
  operations: readonly Operation[],
): Promise<ReadonlyMap<Operation, unknown>> {
  const aggregate = aggregateOf(operations[0]!)!;
  const before = new Map<Key, { readonly value: Value; readonly metadata: unknown }>();
  for (const { key, applied } of graph.members(handler.kind, aggregate))
    before.set(key, { value: applied!.value, metadata: applied!.metadata });
  const after = new Map<Key, Value>([...before].map(([key, { value }]) => [key, value]));
  for (const { verb, node, goal } of operations) {
    if (verb === 'remove') after.delete(node.key);
    else after.set(node.key, goal!.value);
  }
  const outcomes = await handler.reconcile!(context, { aggregate, before, after });
  return new Map(operations.map((operation) => [operation, outcomes.get(operation.node.key)]));
}
