/** How many operations of one engine are in flight, and who may start the next. */

/** Work that waits for a free slot; called when there may be one. */
export type Waiter = () => void;

/**
 * Bulk work leaves a few slots free, so that an interactive change never queues behind it; freed slots go to
 * interactive waiters first.
 */
export class Slots {
  readonly #limit: number;
  readonly #bulkLimit: number;
  #used = 0;
  readonly #interactive = new Set<Waiter>();
  readonly #bulk = new Set<Waiter>();

  constructor(concurrency: number) {
    this.#limit = Math.max(1, concurrency);
    this.#bulkLimit = this.#limit === 1 ? 1 : this.#limit - Math.max(1, Math.floor(this.#limit / 8));
  }

  /** Takes a slot, or registers `waiter` and returns false. */
  take(isBulk: boolean, waiter: Waiter): boolean {
    if (this.#used < (isBulk ? this.#bulkLimit : this.#limit)) {
      this.#used++;
      return true;
    }
    (isBulk ? this.#bulk : this.#interactive).add(waiter);
    return false;
  }

  release(): void {
    this.#used--;
    const waiters =
      this.#interactive.size > 0 ? this.#interactive : this.#used < this.#bulkLimit ? this.#bulk : undefined;
    const waiter = waiters?.values().next().value;
    if (waiter === undefined) return;
    waiters!.delete(waiter);
    waiter();
  }
}
