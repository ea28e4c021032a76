/** Changes of state for which nothing is done in the data plane: a value waits, is refused, or is as wanted already. */

import type { Item } from './draft.ts';
import type { Graph } from './graph.ts';
import { nothing } from './node.ts';
import type { Node } from './node.ts';
import { before, recordNote } from './recording.ts';
import type { Circumstances } from './recording.ts';
import type { OperationName, RecordedOperation, ValueState } from './scheduler.ts';

/** What a node without operation will be noted as; undefined when nothing that people see changes. */
function noteOf(item: Item): { readonly operation: OperationName; readonly state: ValueState } | undefined {
  const { node } = item;
  const { desired } = node;
  if (desired === undefined || !item.carried)
    return item.was === undefined && isKnown(node.state) ? { operation: 'DELETE', state: 'REMOVED' } : undefined;
  if (desired.refusal !== undefined)
    return changed(item, desired.refusal.state, desired.refusal.state === 'INVALID' ? 'VALIDATE' : 'CREATE');
  if (node.conflict !== undefined) return changed(item, 'INVALID', 'VALIDATE');
  return item.present ? undefined : changed(item, 'PENDING', 'CREATE');
}

function changed(
  item: Item,
  state: ValueState,
  operation: OperationName,
): { readonly operation: OperationName; readonly state: ValueState } | undefined {
  return item.node.state === state && item.node.desired === item.node.noted ? undefined : { operation, state };
}

function isKnown(state: ValueState): boolean {
  return state !== 'NONEXISTENT' && state !== 'OBTAINED';
}

/** A part follows its base: it is settled when the base's operation is done. */
export function followsBase(item: Item, items: { get(node: Node): Item | undefined }): boolean {
  const base = item.node.parent === undefined ? undefined : items.get(item.node.parent);
  return base !== undefined && (hasOperation(base) || followsBase(base, items));
}

/** The note in the form of history, for plans; changes nothing. */
export function previewNote(item: Item, circumstances: Circumstances): RecordedOperation | undefined {
  const note = hasOperation(item) ? undefined : noteOf(item);
  return note === undefined
    ? undefined
    : recordNote(item.node, note.operation, before(item.node), note.state, item.reason, circumstances);
}

/** Brings a node without operation up to date; returns the note for history, which may have been made before. */
export function settleItem(
  graph: Graph,
  item: Item,
  circumstances: Circumstances,
  foreseen?: RecordedOperation,
): RecordedOperation | undefined {
  const { node } = item;
  if (hasOperation(item)) {
    if (item.removal !== undefined && !item.present) graph.setMissing(node, item.missing ?? nothing);
    return undefined;
  }
  if (item.stuck) {
    graph.settle(node);
    return undefined;
  }
  const note = foreseen ?? previewNote(item, circumstances);
  graph.setMissing(node, item.present ? nothing : (item.missing ?? nothing));
  if (item.present && item.was !== undefined && !item.foreign && !item.held) reachGoal(graph, item);
  if (!item.present || !item.changed) graph.setFailure(node, undefined, undefined);
  if (!item.present && node.observed !== undefined && node.applied === undefined) graph.setApplied(node, undefined);
  if (note !== undefined) graph.note(node, note.operation);
  graph.settle(node);
  return note;
}

/** Applied already in an equivalent spelling, or by someone else: from now on it is ours, as it was asked for. */
function reachGoal(graph: Graph, { node, was, goal }: Item): void {
  if (was!.value !== goal!.value || was!.foreign) {
    graph.setApplied(node, {
      ...was!,
      value: goal!.value,
      dependencies: goal!.dependencies,
      claims: goal!.claims,
      foreign: false,
    });
  } else if (node.observed !== undefined) {
    graph.setApplied(node, was);
  }
}

function hasOperation(item: Item): boolean {
  return item.removal !== undefined || item.making !== undefined;
}

/** True when there is nothing to do for the node and its parts, so that asking for the same again costs nothing. */
export function isAtRest(node: Node): boolean {
  if (
    node.state !== 'CONFIGURED' ||
    node.applied === undefined ||
    node.applied.value !== node.goal?.value ||
    node.uncertain ||
    node.attempt !== undefined
  )
    return false;
  for (const part of node.parts) if (!isAtRest(part)) return false;
  return true;
}
