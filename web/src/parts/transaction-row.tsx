import type { JSX } from 'react';
import { Link } from 'wouter';
import type { Transaction } from '../api/types.ts';
import { Ago } from './time.tsx';

/** What a transaction did, in words: `3 created, 1 updated`. */
export function summaryOf({ executed, values }: Pick<Transaction, 'executed' | 'values'>): string {
  const counts = new Map<string, number>();
  for (const { operation, noop } of executed) if (!noop) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  const words = [...counts].map(([operation, count]) => `${count} ${operation.toLowerCase()}`);
  if (words.length > 0) return words.join(', ');
  return values.length === 0 ? 'no operation' : `${values.length} value${values.length > 1 ? 's' : ''}, no operation`;
}

/** By number: they are recorded when they end, which need not be the order in which they began. */
export function newestFirst(transactions: readonly Transaction[]): readonly Transaction[] {
  return transactions.toSorted((left, right) => right.seqNum - left.seqNum);
}

export function TransactionRow({ transaction }: { readonly transaction: Transaction }): JSX.Element {
  const failed = transaction.executed.filter(({ newError }) => newError !== undefined).length;
  return (
    <>
      <Link href={`/transactions/${transaction.seqNum}`} className="number">
        #{transaction.seqNum}
      </Link>
      <span className="ago">
        <Ago time={transaction.start} />
      </span>
      <span className="grow">
        {transaction.description || transaction.type}
        <span className="why"> {summaryOf(transaction)}</span>
      </span>
      {failed > 0 && <span className="badge bad">{failed} failed</span>}
      <span className="milliseconds">{transaction.milliseconds.toFixed(1)} ms</span>
    </>
  );
}
