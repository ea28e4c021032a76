/**
 * Takes turns in long synchronous work: `if (pace.due()) await pace.rest();`. Work shorter than a turn never waits.
 */
export class Pace {
  readonly #turn: number;
  #began = performance.now();
  #looked = this.#began;
  /** Steps until the next look at the clock, and how many there were since the last. */
  #stride = 1;
  #count = 0;

  /** `turn`: ms of work after which others are served. */
  constructor(turn = 5) {
    this.#turn = turn;
  }

  /** Whether it is time to let others work. Cheap: looks at the clock now and then, and more often where steps take long. */
  due(): boolean {
    if (++this.#count < this.#stride) return false;
    const now = performance.now();
    const isLong = (now - this.#looked) * 4 > this.#turn;
    this.#stride = isLong ? Math.max(1, this.#stride >> 1) : Math.min(LONGEST, this.#stride << 1);
    this.#looked = now;
    this.#count = 0;
    return now - this.#began > this.#turn;
  }

  async rest(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#began = this.#looked = performance.now();
  }
}

const LONGEST = 64;
