/** Token buckets by caller. */
export interface RateLimit {
  /** Requests a second. */
  readonly limit: number;
  /** Requests at once. */
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  /** ms */
  at: number;
}

/** Limits how often each caller may call. Keeps no more than `maxCallers` buckets: the longest unused are dropped. */
export class RateLimiter {
  readonly #rate: RateLimit;
  readonly #now: () => number;
  readonly #maxCallers: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: RateLimit, now: () => number = () => performance.now(), maxCallers = 10_000) {
    this.#rate = rate;
    this.#now = now;
    this.#maxCallers = maxCallers;
  }

  /** ms to wait before the next request would be allowed; 0: this one is. */
  take(caller: string): number {
    const { limit, burst } = this.#rate;
    const now = this.#now();
    const bucket = this.#buckets.get(caller) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * limit);
    bucket.at = now;
    // Deleting first moves the caller to the end, so that the first in the map is the longest unused.
    this.#buckets.delete(caller);
    this.#buckets.set(caller, bucket);
    this.#forgetOldest();
    if (bucket.tokens < 1) return ((1 - bucket.tokens) / limit) * 1000;
    bucket.tokens -= 1;
    return 0;
  }

  #forgetOldest(): void {
    if (this.#buckets.size <= this.#maxCallers) return;
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}
