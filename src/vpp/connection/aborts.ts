/** What ends with a signal. Thousands of requests share one, so each signal has one listener, whatever comes and goes with it. */

const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls back when the signal is aborted, unless the function that is returned was called before. */
export function onAbort(signal: AbortSignal, abort: () => void): () => void {
  let callbacks = waiting.get(signal);
  if (!callbacks) {
    const set = new Set<() => void>();
    waiting.set(signal, (callbacks = set));
    signal.addEventListener('abort', () => endAll(set), { once: true });
  }
  const added = callbacks;
  added.add(abort);
  return () => void added.delete(abort);
}

function endAll(callbacks: Set<() => void>): void {
  const all = [...callbacks];
  callbacks.clear();
  for (const abort of all) abort();
}
