import { type JSX, useState } from 'react';
import { Link } from 'wouter';
import { ApiError, getJson, send } from '../api/request.ts';
import type { Operation, Transaction } from '../api/types.ts';
import { useAnswer } from '../live/use-answer.ts';
import { ErrorNote, Loading } from '../parts/notes.tsx';
import { Operations } from '../parts/operations.tsx';
import { Ago } from '../parts/time.tsx';
import { summaryOf } from '../parts/transaction-row.tsx';

export function TransactionPage({ seqNum }: { readonly seqNum: number }): JSX.Element {
  const { data, error } = useAnswer(
    (signal) => getJson<Transaction>(`/api/v1/transactions/${seqNum}`, signal),
    [seqNum],
  );
  if (data === undefined) return error === undefined ? <Loading /> : <ErrorNote error={error} />;
  const asPlanned = sameOperations(data.planned, data.executed);
  return (
    <div className="page">
      <h1>Transaction #{data.seqNum}</h1>
      <p className="why">
        {data.type}
        {data.resync === 'NotResync' ? '' : `, ${data.resync}`} · <Ago time={data.start} /> ago ·{' '}
        {data.milliseconds.toFixed(1)} ms · {data.description || 'no description'} · {summaryOf(data)}
        {data.retryForTxn !== undefined && (
          <>
            {' '}
            · retry of <Link href={`/transactions/${data.retryForTxn}`}>#{data.retryForTxn}</Link>
          </>
        )}
      </p>
      <nav className="steps" aria-label="Other transactions">
        {seqNum > 0 && <Link href={`/transactions/${seqNum - 1}`}>← #{seqNum - 1}</Link>}
        <Link href={`/transactions/${seqNum + 1}`}>#{seqNum + 1} →</Link>
      </nav>
      <Rollback seqNum={data.seqNum} />
      <section aria-labelledby="executed">
        <h2 id="executed">
          Done: {data.executed.length} operations{asPlanned ? ', exactly as planned' : ''}
        </h2>
        <Operations operations={data.executed} label="Operations done" />
      </section>
      {!asPlanned && (
        <section aria-labelledby="planned">
          <h2 id="planned">Planned: {data.planned.length} operations</h2>
          <Operations operations={data.planned} label="Operations planned" />
        </section>
      )}
    </div>
  );
}

function sameOperations(planned: readonly Operation[], executed: readonly Operation[]): boolean {
  return (
    planned.length === executed.length &&
    planned.every(
      ({ key, operation, newState }, index) =>
        executed[index]?.key === key &&
        executed[index]?.operation === operation &&
        executed[index]?.newState === newState,
    )
  );
}

function Rollback({ seqNum }: { readonly seqNum: number }): JSX.Element {
  const [asking, setAsking] = useState(false);
  const [outcome, setOutcome] = useState<{ readonly seqNum: number }>();
  const [error, setError] = useState<ApiError>();
  const rollBack = async (): Promise<void> => {
    setAsking(false);
    setError(undefined);
    try {
      setOutcome(await send<{ seqNum: number }>('POST', `/api/v1/transactions/${seqNum}/rollback`));
    } catch (problem) {
      setError(problem instanceof ApiError ? problem : new ApiError(String(problem), 0, 'failed'));
    }
  };
  return (
    <div className="actions">
      {asking ? (
        <>
          Put back every value that #{seqNum} changed?
          <button type="button" className="danger" onClick={() => void rollBack()}>
            Roll back
          </button>
          <button type="button" onClick={() => setAsking(false)}>
            Cancel
          </button>
        </>
      ) : (
        <button type="button" onClick={() => setAsking(true)}>
          Roll back …
        </button>
      )}
      {outcome && (
        <span role="status" className="good">
          Rolled back by <Link href={`/transactions/${outcome.seqNum}`}>#{outcome.seqNum}</Link>.
        </span>
      )}
      {error && <ErrorNote error={error} />}
    </div>
  );
}
