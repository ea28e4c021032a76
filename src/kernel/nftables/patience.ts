import { setImmediate } from 'node:timers/promises';

/** ms that one piece of work may keep the event loop. */
const limit = 4;
/** Steps between two looks at the clock, which costs more than most steps. */
const stepsPerLook = 32;

/** For long loops: `if (patience.spent()) await patience.rest();` lets the event loop run every few milliseconds. */
export class Patience {
  #since = performance.now();
  #steps = 0;

  /** `now`: look at the clock at once, for steps that take long. */
  spent(now = false): boolean {
    this.#steps += 1;
    if (!now && this.#steps % stepsPerLook !== 0) return false;
    return performance.now() - this.#since > limit;
  }

  async rest(): Promise<void> {
    await setImmediate();
    this.#since = performance.now();
  }
}
