/** Planned operations in the form in which history and plans show them. */

import { previewNote } from './notes.ts';
import type { Operation } from './operation.ts';
import type { PlannedChange } from './planner.ts';
import { recordOperation, stateAfter } from './recording.ts';
import type { Circumstances } from './recording.ts';
import type { Plan, PlannedOperation, RecordedOperation } from './scheduler.ts';

/** After `notes`, what the operations come to if all goes well. */
export function* preview(
  notes: readonly RecordedOperation[],
  operations: readonly Operation[],
  circumstances: Circumstances,
): Generator<void, readonly RecordedOperation[]> {
  const planned = [...notes];
  for (const operation of operations) {
    planned.push(previewOperation(operation, circumstances));
    if ((planned.length & 63) === 0) yield;
  }
  return planned;
}

/** Of an operation that was started already, with the state that it started from. */
function previewOperation(operation: Operation, circumstances: Circumstances): RecordedOperation {
  const { node, state, priorState, priorError } = operation;
  const isStarted = state === 'running' || state === 'done' || state === 'failed';
  return recordOperation(
    operation,
    isStarted ? priorState : node.state,
    isStarted ? priorError : node.failure?.error.message,
    stateAfter(operation),
    undefined,
    circumstances,
  );
}

/** A plan as the caller sees it: changes of state first, then operations with what has to be done before each. */
export function presentPlan(plan: PlannedChange): Plan {
  const circumstances = { isRevert: false, isRetry: false };
  const presented: PlannedOperation[] = [];
  for (const item of plan.items) {
    const note = previewNote(item, circumstances);
    if (note !== undefined) presented.push(waitingFor(note, []));
  }
  let position = presented.length - 1;
  const after = new Map<Operation, number[]>();
  for (const operation of plan.operations) {
    position++;
    if (operation.next === undefined) continue;
    for (const next of operation.next) {
      const known = after.get(next);
      if (known === undefined) after.set(next, [position]);
      else known.push(position);
    }
  }
  for (const operation of plan.operations)
    presented.push(waitingFor(previewOperation(operation, circumstances), after.get(operation) ?? []));
  return { operations: presented };
}

/** Adds to the record, which is new: copying it is what plans of many values would spend their time on. */
function waitingFor(recorded: RecordedOperation, after: readonly number[]): PlannedOperation {
  const planned = recorded as RecordedOperation & { after: readonly number[] };
  planned.after = after;
  return planned;
}
