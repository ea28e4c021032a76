import { type JSX, useEffect, useState } from 'react';
import { ApiError, send } from '../api/request.ts';
import { ErrorNote } from '../parts/notes.tsx';

type Outcome = 'waiting' | 'kept' | 'taken back';

/** Asks whether to keep a change that takes itself back. */
export function GuardedCommit({ seqNum, time }: { readonly seqNum: number; readonly time: string }): JSX.Element {
  const [outcome, setOutcome] = useState<Outcome>('waiting');
  const [left, setLeft] = useState(Number.parseInt(time, 10));
  const [error, setError] = useState<ApiError>();
  useEffect(() => {
    if (outcome !== 'waiting') return undefined;
    const end = Date.now() + left * 1000;
    const timer = setInterval(() => {
      const seconds = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      setLeft(seconds);
      if (seconds === 0) setOutcome('taken back');
    }, 250);
    return () => clearInterval(timer);
  }, [outcome]);
  const answer = async (path: string, then: Outcome): Promise<void> => {
    try {
      await send('POST', `/api/v1/transactions/${seqNum}/${path}`);
      setOutcome(then);
    } catch (problem) {
      setError(problem instanceof ApiError ? problem : new ApiError(String(problem), 0, 'failed'));
    }
  };
  return (
    <div className="note wait" role="alert">
      {outcome === 'waiting' ? (
        <div className="actions">
          Transaction #{seqNum} is taken back in {left} s.
          <button type="button" className="primary" onClick={() => void answer('confirm', 'kept')}>
            Keep it
          </button>
          <button type="button" onClick={() => void answer('rollback', 'taken back')}>
            Take it back now
          </button>
        </div>
      ) : (
        <>
          Transaction #{seqNum} was {outcome}.
        </>
      )}
      {error && <ErrorNote error={error} />}
    </div>
  );
}
