/** ms of work after which others are served. */
const TURN = 4;

/**
 * Synchronous work of many callers, one after the other in the order of their calls: what a thousand of them do in one turn of the event
 * loop would hold up everybody else for seconds.
 */
export class PacedQueue {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #began = 0;

  /** Resolves with what `work` returns, or rejects with what it throws. */
  run<T>(work: () => T): Promise<T> {
    if (this.#waiting === 0) this.#began = performance.now();
    this.#waiting++;
    const done = this.#last.then(() => this.#inTurn(work));
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #inTurn<T>(work: () => T): Promise<T> {
    if (performance.now() - this.#began > TURN) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      this.#began = performance.now();
    }
    this.#waiting--;
    return work();
  }
}
