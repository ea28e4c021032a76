import { useCallback, useEffect, useState } from 'react';
import { ApiError } from '../api/request.ts';

export interface Answer<T> {
  readonly data: T | undefined;
  readonly error: ApiError | undefined;
  readonly loading: boolean;
  readonly reload: () => void;
}

/**
 * Asks when shown, and again when `dependencies` change; the last answer stays until the next one is there. `ask` gets a
 * signal that is aborted when nobody wants the answer any more.
 */
export function useAnswer<T>(ask: (signal: AbortSignal) => Promise<T>, dependencies: readonly unknown[]): Answer<T> {
  const [state, setState] = useState<{ data?: T; error?: ApiError; loading: boolean }>({ loading: true });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    setState((last) => ({ ...last, loading: true }));
    ask(abort.signal).then(
      (data) => !abort.signal.aborted && setState({ data, loading: false }),
      (error: unknown) => {
        if (abort.signal.aborted) return;
        const known = error instanceof ApiError ? error : new ApiError(String(error), 0, 'failed');
        setState((last) => ({ ...last, error: known, loading: false }));
      },
    );
    return () => abort.abort();
    // `ask` is written inline by its callers: its identity says nothing, `dependencies` does.
  }, [...dependencies, turn]);
  const reload = useCallback(() => setTurn((last) => last + 1), []);
  return { data: state.data, error: state.error, loading: state.loading, reload };
}
