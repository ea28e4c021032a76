/** When to start again. Times in ms. */
export interface RestartPolicy {
  /** How often in a row; 0: never, Infinity: always. Default: Infinity. */
  readonly maxCount?: number;
  /** Delay before the first restart; doubled for each further one. Default: 500. */
  readonly initialDelay?: number;
  /** Default: 30000. */
  readonly maxDelay?: number;
  /** Having run so long counts as having worked: count and delay begin anew. Default: 60000. */
  readonly resetAfter?: number;
}

/** Counts restarts and doubles the delay. */
export class Backoff {
  readonly #maxCount: number;
  readonly #initialDelay: number;
  readonly #maxDelay: number;
  readonly #resetAfter: number;
  #count = 0;

  constructor(policy: RestartPolicy = {}) {
    this.#maxCount = policy.maxCount ?? Number.POSITIVE_INFINITY;
    this.#initialDelay = policy.initialDelay ?? 500;
    this.#maxDelay = policy.maxDelay ?? 30_000;
    this.#resetAfter = policy.resetAfter ?? 60_000;
  }

  /** Restarts since it last worked. */
  get count(): number {
    return this.#count;
  }

  /** The delay before the next start, given how long it ran; undefined: no more. All in ms. */
  next(ranFor: number): number | undefined {
    if (ranFor >= this.#resetAfter) this.#count = 0;
    if (this.#count >= this.#maxCount) return undefined;
    const delay = Math.min(this.#maxDelay, this.#initialDelay * 2 ** this.#count);
    this.#count += 1;
    return delay;
  }

  reset(): void {
    this.#count = 0;
  }
}
