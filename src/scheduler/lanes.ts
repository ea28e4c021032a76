/** Who runs when: interactive transactions at once, bulk ones one after the other. */

export interface Lane {
  readonly isBulk: boolean;
  /** Runs the transaction to its end; never rejects. */
  run(): Promise<void>;
  /** It will not run any more. */
  cancel(reason: Error): void;
}

export class Lanes {
  readonly #waiting: Lane[] = [];
  #bulk: Lane | undefined;
  #running = 0;
  #closed = false;
  readonly #idle: (() => void)[] = [];
  /** Called when nothing is waiting or running. */
  onIdle: () => void = () => {};

  get isIdle(): boolean {
    return this.#running === 0 && this.#waiting.length === 0;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  enter(transaction: Lane): void {
    if (!transaction.isBulk) void this.#run(transaction);
    else if (this.#bulk === undefined) void this.#runBulk(transaction);
    else this.#waiting.push(transaction);
  }

  /** Takes a transaction that has not started out of the queue. */
  withdraw(transaction: Lane, reason: Error): boolean {
    const index = this.#waiting.indexOf(transaction);
    if (index < 0) return false;
    this.#waiting.splice(index, 1);
    transaction.cancel(reason);
    return true;
  }

  /** Work outside of transactions that has to be over before the scheduler counts as idle. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#running++;
    try {
      return await work;
    } finally {
      this.#done();
    }
  }

  idle(): Promise<void> {
    return this.isIdle ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  close(reason: Error): void {
    this.#closed = true;
    for (const transaction of this.#waiting.splice(0)) transaction.cancel(reason);
  }

  async #run(transaction: Lane): Promise<void> {
    this.#running++;
    await transaction.run();
    this.#done();
  }

  async #runBulk(transaction: Lane): Promise<void> {
    this.#bulk = transaction;
    this.#running++;
    await transaction.run();
    this.#bulk = undefined;
    const next = this.#closed ? undefined : this.#waiting.shift();
    if (next !== undefined) void this.#runBulk(next);
    this.#done();
  }

  #done(): void {
    this.#running--;
    if (!this.isIdle) return;
    this.onIdle();
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
