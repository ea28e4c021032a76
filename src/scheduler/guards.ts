/** Transactions that are taken back unless somebody confirms them in time. */

import { SchedulerError } from './errors.ts';

export class Guards {
  readonly #timers = new Map<number, NodeJS.Timeout>();
  readonly #takeBack: (seqNum: number, within: number) => void;

  /** `takeBack` is called when nobody has confirmed a transaction `within` so many ms. */
  constructor(takeBack: (seqNum: number, within: number) => void) {
    this.#takeBack = takeBack;
  }

  add(seqNum: number, within: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(seqNum);
      this.#takeBack(seqNum, within);
    }, within);
    this.#timers.set(seqNum, timer);
  }

  has(seqNum: number): boolean {
    return this.#timers.has(seqNum);
  }

  /** Throws `not-found` when the transaction does not wait for it. */
  confirm(seqNum: number): void {
    const timer = this.#timers.get(seqNum);
    if (timer === undefined)
      throw new SchedulerError('not-found', `transaction ${seqNum} does not wait for a confirmation`);
    clearTimeout(timer);
    this.#timers.delete(seqNum);
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
