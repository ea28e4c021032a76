import { setImmediate } from 'node:timers/promises';

/** ms of one turn of long work: others are served in between. */
const turn = 5;

/** Takes turns in long synchronous work: `if (pace.due()) await pace.rest();`. */
export class Pace {
  #began = performance.now();
  #count = 0;

  /** Whether it is time to let others work. Cheap: looks at the clock only now and then. */
  due(): boolean {
    return (++this.#count & 31) === 0 && performance.now() - this.#began > turn;
  }

  async rest(): Promise<void> {
    await setImmediate();
    this.#began = performance.now();
  }
}
