/**
 * Takes turns in long synchronous work: `if (pace.due()) await pace.rest();`. Work shorter than a turn never waits.
 */
export class Pace {
  readonly #turn: number;
  #began = performance.now();
  #count = 0;

  /** `turn`: ms of work after which others are served. */
  constructor(turn = 5) {
    this.#turn = turn;
  }

  /** Whether it is time to let others work. Cheap: looks at the clock only now and then. */
  due(): boolean {
    return (++this.#count & 31) === 0 && performance.now() - this.#began > this.#turn;
  }

  async rest(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#began = performance.now();
  }
}
