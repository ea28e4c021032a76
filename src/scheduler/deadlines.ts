/** Time limits of the operations of one engine, by one coarse timer instead of one for each operation. */

export interface Timed {
  /** Over already: needs no limit any more. */
  readonly settled: boolean;
  /** Set by `Deadlines`. */
  tick: number;
  expire(): void;
}

/** Ticks in one deadline: an operation expires at most a quarter of its deadline late. */
const resolution = 4;
const SMALL = 4096;

export class Deadlines {
  readonly #period: number;
  #waiting: Timed[] = [];
  #tick = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Length from which on it is worth while to look for those that are over. */
  #crowd = SMALL;

  /** `deadline` in ms. */
  constructor(deadline: number) {
    this.#period = Math.max(1, Math.ceil(deadline / resolution));
  }

  add(timed: Timed): void {
    timed.tick = this.#tick;
    this.#waiting.push(timed);
    if (this.#waiting.length >= this.#crowd) this.#compact();
    this.#timer ??= setTimeout(() => this.#sweep(), this.#period);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
  }

  #sweep(): void {
    this.#timer = undefined;
    this.#tick++;
    const expired: Timed[] = [];
    this.#waiting = this.#waiting.filter((timed) => {
      if (timed.settled) return false;
      if (this.#tick - timed.tick <= resolution) return true;
      expired.push(timed);
      return false;
    });
    if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => this.#sweep(), this.#period);
    for (const timed of expired) timed.expire();
  }

  #compact(): void {
    this.#waiting = this.#waiting.filter(({ settled }) => !settled);
    // Each is looked at twice on average, however many wait.
    this.#crowd = Math.max(SMALL, this.#waiting.length * 2);
  }
}
