import { type JSX, useState } from 'react';
import { getJson, query } from '../api/request.ts';
import type { Transaction } from '../api/types.ts';
import { useAnswer } from '../live/use-answer.ts';
import { useLive } from '../live/use-live.ts';
import { Empty, ErrorNote, Loading } from '../parts/notes.tsx';
import { newestFirst, TransactionRow } from '../parts/transaction-row.tsx';
import { VirtualRows } from '../parts/virtual-rows.tsx';

/** Transactions that are asked for. */
const most = 1000;

export function TransactionsPage(): JSX.Element {
  const { transactions } = useLive();
  const [text, setText] = useState('');
  const { data, error } = useAnswer(
    (signal) => getJson<readonly Transaction[]>(`/api/v1/transactions${query({ limit: most })}`, signal),
    [transactions],
  );
  const found = newestFirst((data ?? []).filter((transaction) => mentions(transaction, text)));
  return (
    <div className="page fill">
      <h1>Transactions</h1>
      <div className="filters" role="search">
        <input
          type="search"
          aria-label="Find by key, description or error"
          placeholder="find by key, description or error ( / )"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <span role="status">{data === undefined ? '' : `${found.length} of ${data.length}`}</span>
      </div>
      {error && <ErrorNote error={error} />}
      {data === undefined && error === undefined && <Loading />}
      {data !== undefined && found.length === 0 && <Empty>No transaction matches.</Empty>}
      {found.length > 0 && (
        <VirtualRows
          items={found}
          keyOf={({ seqNum }) => String(seqNum)}
          label="Transactions, newest first"
          row={(transaction) => <TransactionRow transaction={transaction} />}
        />
      )}
    </div>
  );
}

function mentions({ description, executed, values }: Transaction, text: string): boolean {
  return (
    text === '' ||
    description.includes(text) ||
    values.some(({ key }) => key.includes(text)) ||
    executed.some(({ key, newError }) => key.includes(text) || (newError?.includes(text) ?? false))
  );
}
