/** A transaction as a few lines for people, for logs. */

import type { PlannedTransaction, RecordedOperation, TransactionCourse, TransactionRecord } from './scheduler.ts';

/** Operations shown; a resync of many thousand must not flood a log. */
const shown = 20;

/**
 * The first line says what was asked and what came of it, the others what was done to which key, why, and what went wrong.
 *
 * @example
 * transaction 7 (NBTransaction, FullResync) "initial": 2 changes; CREATE 2; 1 failed; 12.5 ms
 *   CREATE config/vpp/v2/interfaces/tap1: NONEXISTENT -> CONFIGURED (requested)
 *   CREATE config/vpp/v2/interfaces/tap2: NONEXISTENT -> RETRYING (requested): no such device
 */
export function summarize(record: TransactionRecord, { failures, timing }: TransactionCourse): string {
  const { values, executed } = record;
  const parts = [
    `${values.length} ${values.length === 1 ? 'change' : 'changes'}`,
    countsOf(executed),
    ...(failures.length === 0 ? [] : [`${failures.length} failed`]),
    `${totalOf(timing).toFixed(1)} ms`,
  ];
  const more = executed.length - shown;
  return [
    `${titleOf(record)}: ${parts.join('; ')}`,
    ...executed.slice(0, shown).map((operation) => `  ${lineOf(operation)}`),
    ...(more > 0 ? [`  and ${more} more: see the history`] : []),
  ].join('\n');
}

/**
 * What a transaction is about to do, in the same form.
 *
 * @example
 * transaction 7 (NBTransaction) is going to: CREATE 2
 *   CREATE config/vpp/v2/interfaces/tap1: NONEXISTENT -> CONFIGURED (requested)
 *   CREATE config/vpp/v2/interfaces/tap2: NONEXISTENT -> CONFIGURED (requested)
 */
export function summarizePlan(transaction: PlannedTransaction): string {
  const { planned } = transaction;
  const more = planned.length - shown;
  return [
    `${titleOf(transaction)} is going to: ${countsOf(planned)}`,
    ...planned.slice(0, shown).map((operation) => `  ${lineOf(operation)}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ].join('\n');
}

function titleOf({ seqNum, type, resync, description, retryForTxn, retryAttempt }: PlannedTransaction): string {
  const kind = [type, ...(resync === 'NotResync' ? [] : [resync])].join(', ');
  const retry = retryForTxn === undefined ? '' : `, attempt ${retryAttempt} for transaction ${retryForTxn}`;
  const name = description === '' ? '' : ` "${description}"`;
  return `transaction ${seqNum} (${kind}${retry})${name}`;
}

function countsOf(executed: readonly RecordedOperation[]): string {
  const counts = new Map<string, number>();
  for (const { operation, noop } of executed) {
    const name = noop ? 'state only' : operation;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts.size === 0 ? 'nothing to do' : [...counts].map(([name, count]) => `${name} ${count}`).join(', ');
}

/** Without the time spent waiting for its turn. */
function totalOf(timing: TransactionCourse['timing']): number {
  let total = 0;
  for (const [phase, spent] of Object.entries(timing)) if (phase !== 'wait') total += spent;
  return total;
}

function lineOf({
  operation,
  key,
  prevState,
  newState,
  isRecreate,
  isRevert,
  noop,
  reason,
  newError,
}: RecordedOperation): string {
  const marks = [
    ...(isRecreate ? ['re-creation'] : []),
    ...(isRevert ? ['revert'] : []),
    ...(noop ? ['state only'] : []),
  ];
  const mark = marks.length === 0 ? '' : ` [${marks.join(', ')}]`;
  const error = newError === undefined ? '' : `: ${newError}`;
  return `${operation} ${key}${mark}: ${prevState} -> ${newState} (${reason})${error}`;
}
