/** Planned operations in the form in which history and plans show them. */

import { previewNote } from './notes.ts';
import type { Operation } from './operation.ts';
import type { PlannedChange } from './planner.ts';
import { before, recordOperation, stateAfter } from './recording.ts';
import type { Circumstances } from './recording.ts';
import type { Plan, PlannedOperation, RecordedOperation } from './scheduler.ts';

export function preview(operations: readonly Operation[], circumstances: Circumstances): readonly RecordedOperation[] {
  return operations.map((operation) => recordOperation(operation, before(operation.node), stateAfter(operation), undefined, circumstances));
}

/** A plan as the caller sees it: changes of state first, then operations with what has to be done before each. */
export function presentPlan(plan: PlannedChange): Plan {
  const circumstances = { isRevert: false, isRetry: false };
  const notes = plan.items.map((item) => previewNote(item, circumstances)).filter((note) => note !== undefined);
  const index = new Map<Operation, number>();
  plan.operations.forEach((operation, i) => index.set(operation, notes.length + i));
  const after = new Map<Operation, number[]>();
  for (const operation of plan.operations) {
    for (const next of operation.next ?? []) {
      const known = after.get(next);
      if (known === undefined) after.set(next, [index.get(operation)!]);
      else known.push(index.get(operation)!);
    }
  }
  const operations = preview(plan.operations, circumstances).map((operation, i): PlannedOperation => ({ ...operation, after: after.get(plan.operations[i]!) ?? [] }));
  return { operations: [...notes.map((note): PlannedOperation => ({ ...note, after: [] })), ...operations] };
}
