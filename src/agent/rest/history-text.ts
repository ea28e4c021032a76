/** Transactions as text: what `GET /scheduler/txn-history?format=text` and `ligature config history -f log` print. */

import type { RecordedOperation, TransactionRecord } from '../../scheduler/scheduler.ts';

export function historyText(records: readonly TransactionRecord[]): string {
  return records.map(recordText).join('\n');
}

function recordText(record: TransactionRecord): string {
  const title = `Transaction #${record.seqNum}  ${record.type}${record.resync === 'NotResync' ? '' : ` (${record.resync})`}`;
  const lines = [
    `${title}  ${new Date(record.start).toISOString()}  ${(record.stop - record.start).toFixed(1)} ms`,
    ...(record.description === '' ? [] : [`  description: ${record.description}`]),
    ...(record.by === undefined ? [] : [`  by: ${record.by}`]),
    ...(record.retryForTxn === undefined ? [] : [`  retry ${record.retryAttempt} of #${record.retryForTxn}`]),
    `  values: ${record.values.length}`,
    ...record.values.map(({ key, value, origin }) => `    ${value === null ? 'delete' : 'set'} ${key} (${origin})`),
    ...(sameOperations(record) ? [] : ['  planned:', ...record.planned.map(operationText)]),
    '  executed:',
    ...record.executed.map(operationText),
  ];
  return `${lines.join('\n')}\n`;
}

function sameOperations({ planned, executed }: TransactionRecord): boolean {
  return (
    planned.length === executed.length &&
    planned.every((operation, index) => {
      const other = executed[index];
      return (
        other?.key === operation.key && other.operation === operation.operation && other.newState === operation.newState
      );
    })
  );
}

function operationText(operation: RecordedOperation, index: number): string {
  const marks = [
    operation.isProperty ? 'PROPERTY' : operation.isPart ? 'DERIVED' : '',
    operation.noop ? 'NOOP' : '',
    operation.isRevert ? 'REVERT' : '',
    operation.isRetry ? 'RETRY' : '',
    operation.isRecreate ? 'RECREATE' : '',
    operation.newState === 'PENDING' ? (operation.prevState === 'PENDING' ? 'STILL-PENDING' : 'IS-PENDING') : '',
    operation.prevState === 'PENDING' && operation.newState !== 'PENDING' ? 'WAS-PENDING' : '',
  ].filter((mark) => mark !== '');
  const error = operation.newError === undefined ? '' : `\n         error: ${operation.newError}`;
  const because = operation.reason === '' ? '' : `  because ${operation.reason}`;
  const flags = marks.length > 0 ? ` [${marks.join(' ')}]` : '';
  return `    ${String(index + 1).padStart(3)}. ${operation.operation} ${operation.key} ${operation.prevState} -> ${operation.newState}${flags}${because}${error}`;
}
