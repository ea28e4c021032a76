import { constants } from 'node:os';

/** Hands the first of the signals to `first`, any further one to `again`. Returns how to stop listening. */
export function onSignals(
  signals: readonly NodeJS.Signals[],
  first: (signal: NodeJS.Signals) => void,
  again: (signal: NodeJS.Signals) => void,
): () => void {
  let received = false;
  const listeners = signals.map((signal) => {
    const listener = (): void => {
      if (received) return again(signal);
      received = true;
      first(signal);
    };
    process.on(signal, listener);
    return { signal, listener };
  });
  return () => {
    for (const { signal, listener } of listeners) process.off(signal, listener);
  };
}

/** The exit code by which shells name a signal: 130 for SIGINT. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
