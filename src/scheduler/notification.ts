/** Facts from the data plane that nobody asked for: they are there without an operation, and others may depend on them. */

import { goalOf } from './assessment.ts';
import { structurallyEqual } from './equality.ts';
import type { Graph } from './graph.ts';
import type { Part, Value } from './kind.ts';
import type { Applied, Node } from './node.ts';
import { before, recordNote } from './recording.ts';
import type { Registry } from './registry.ts';
import { equivalent } from './replacement.ts';
import type { Notification, OperationName, SchedulerLog } from './scheduler.ts';
import type { Transaction } from './transaction.ts';

export interface Receiver {
  readonly graph: Graph;
  readonly registry: Registry;
  readonly log: SchedulerLog;
  announce(node: Node): void;
}

/** False when the notification says nothing new or is about something that users own. */
export function takeNotification(
  receiver: Receiver,
  { key, kind, value, metadata }: Notification,
  transaction: Transaction,
): boolean {
  const { graph, registry, log } = receiver;
  const registration = registry.named(kind);
  if (registration === undefined) {
    log.warn({ key, kind }, 'notification of an unknown kind');
    return false;
  }
  const known = graph.get(key);
  if (
    known !== undefined &&
    (known.desired !== undefined || known.parent !== undefined || known.applied?.foreign === false)
  ) {
    log.debug({ key, kind }, 'notification about a configured value is left to recheck');
    return false;
  }
  if (value === null) return known?.applied !== undefined && lose(receiver, known, transaction);
  const node = known ?? graph.base(key, registration);
  return set(receiver, node, value, metadata, transaction);
}

function set(receiver: Receiver, node: Node, value: Value, metadata: unknown, transaction: Transaction): boolean {
  const { applied } = node;
  if (
    applied !== undefined &&
    equivalent(node.registration, node.key, applied.value, value) &&
    structurallyEqual(applied.metadata, metadata)
  )
    return false;
  const { parts } = goalOf(node.registration, node.key, value);
  record(receiver, node, applied === undefined ? 'CREATE' : 'UPDATE', transaction, {
    value,
    metadata,
    dependencies: [],
    claims: [],
    foreign: true,
    aggregate: undefined,
  });
  setParts(receiver, node, parts, transaction);
  return true;
}

function setParts(receiver: Receiver, node: Node, parts: readonly Part[], transaction: Transaction): void {
  const listed = new Set<Node>();
  for (const part of parts) {
    const child = receiver.graph.observedPart(node, part);
    if (child === undefined) continue;
    listed.add(child);
    set(receiver, child, part.value, undefined, transaction);
  }
  for (const child of node.parts)
    if (!listed.has(child) && child.applied !== undefined) lose(receiver, child, transaction);
}

function lose(receiver: Receiver, node: Node, transaction: Transaction): true {
  for (const part of node.parts) if (part.applied !== undefined) lose(receiver, part, transaction);
  record(receiver, node, 'DELETE', transaction, undefined);
  return true;
}

function record(
  { graph, announce }: Receiver,
  node: Node,
  operation: OperationName,
  transaction: Transaction,
  applied: Applied | undefined,
): void {
  const prior = before(node);
  graph.setApplied(node, applied);
  graph.settle(node);
  announce(node);
  transaction.touched.add(node);
  transaction.events.add(node);
  transaction.seed(node, 'notification');
  const state = applied === undefined ? 'REMOVED' : 'OBTAINED';
  transaction.executed.push({
    ...recordNote(node, operation, prior, state, 'notification', transaction.circumstances),
    newValue: applied?.value ?? null,
  });
}
