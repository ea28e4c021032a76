/**
 * What ends with a signal. Thousands of requests share one, so each signal has one listener, whatever comes and goes with it, and a
 * request nothing but its place in a set.
 */

export class Aborts<T> {
  readonly #waiting = new WeakMap<AbortSignal, Set<T>>();
  readonly #abort: (one: T) => void;

  /** `abort` is called for each that waits when its signal is aborted. */
  constructor(abort: (one: T) => void) {
    this.#abort = abort;
  }

  /** Returns the set that it is to be deleted from when it waits no longer. */
  add(signal: AbortSignal, one: T): Set<T> {
    let waiting = this.#waiting.get(signal);
    if (!waiting) {
      const set = new Set<T>();
      this.#waiting.set(signal, (waiting = set));
      signal.addEventListener('abort', () => this.#endAll(set), { once: true });
    }
    waiting.add(one);
    return waiting;
  }

  #endAll(waiting: Set<T>): void {
    const all = [...waiting];
    waiting.clear();
    for (const one of all) this.#abort(one);
  }
}
