/** Keeps the event loop free: long work asks whether its turn is over and goes on in a later one. */

/** ms of work in one turn of the event loop. */
const budget = 4;

export class Turn {
  #start = 0;

  /** True when all the scheduler's work in this turn of the event loop has taken too long together. */
  get isOver(): boolean {
    if (this.#start === 0) {
      this.#start = performance.now();
      setImmediate(() => (this.#start = 0));
      return false;
    }
    return performance.now() - this.#start > budget;
  }

  /** Waits for the next turn. */
  next(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  /** Does something for each item, with pauses; what is added meanwhile is done, too. */
  async each<T>(items: Iterable<T>, use: (item: T) => void): Promise<void> {
    let steps = 0;
    for (const item of items) {
      use(item);
      if ((++steps & 63) === 0 && this.isOver) await this.next();
    }
  }

  /** Runs a stepwise computation; each step is a place to pause. */
  async run<T>(steps: Generator<void, T>): Promise<T> {
    for (;;) {
      const { value, done } = steps.next();
      if (done) return value;
      if (this.isOver) await this.next();
    }
  }
}
