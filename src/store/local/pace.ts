/** ms of work between two turns of the event loop */
const SLICE = 1.5;
/** Steps between two looks at the clock. */
const STEPS = 64;

/**
 * Lets long loops run without blocking the event loop: `if (pace.due()) await pace.rest()`. Loops shorter than a slice
 * never wait.
 */
export class Pace {
  #steps = 0;
  #start = performance.now();

  due(): boolean {
    this.#steps += 1;
    return this.#steps % STEPS === 0 && performance.now() - this.#start > SLICE;
  }

  async rest(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#start = performance.now();
  }
}
