import type { TransactionRecord } from '../../scheduler/scheduler.ts';

/** Keys that a summary names. */
const namedKeys = 20;

/** A transaction in short: what lists and events tell of it. `/api/v1/transactions/<seqNum>` has the rest. */
export function transactionSummary(record: TransactionRecord): object {
  const { seqNum, type, resync, description, by, start, stop, retryForTxn, retryAttempt, values, executed } = record;
  const operations: Record<string, number> = {};
  const failed: string[] = [];
  const keys = new Set<string>();
  for (const { operation, newError, noop, key } of executed) {
    if (newError !== undefined) failed.push(key);
    if (noop) continue;
    operations[operation] = (operations[operation] ?? 0) + 1;
    if (keys.size < namedKeys) keys.add(key);
  }
  return {
    seqNum,
    type,
    resync,
    description,
    ...(by === undefined ? {} : { by }),
    start: new Date(start).toISOString(),
    milliseconds: stop - start,
    ...(retryForTxn === undefined ? {} : { retryForTxn, retryAttempt }),
    values: values.length,
    executed: executed.length,
    operations,
    failed: failed.length,
    failedKeys: failed.slice(0, namedKeys),
    keys: [...keys],
  };
}
