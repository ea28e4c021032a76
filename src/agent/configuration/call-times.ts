/** How often something was called, and how long it took. */

export interface CallTimes {
  readonly count: number;
  readonly failed: number;
  /** ms */
  readonly total: number;
  readonly avg: number;
  readonly min: number;
  readonly max: number;
}

export class CallClock {
  readonly #calls = new Map<string, { count: number; failed: number; total: number; min: number; max: number }>();

  async time<T>(name: string, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    let failed = true;
    try {
      const result = await work();
      failed = false;
      return result;
    } finally {
      this.#count(name, performance.now() - start, failed);
    }
  }

  times(): Readonly<Record<string, CallTimes>> {
    return Object.fromEntries(
      [...this.#calls].map(([name, one]) => [name, { ...one, avg: one.total / one.count }] as const),
    );
  }

  #count(name: string, took: number, failed: boolean): void {
    const one = this.#calls.get(name) ?? { count: 0, failed: 0, total: 0, min: Number.POSITIVE_INFINITY, max: 0 };
    one.count++;
    if (failed) one.failed++;
    one.total += took;
    one.min = Math.min(one.min, took);
    one.max = Math.max(one.max, took);
    this.#calls.set(name, one);
  }
}
