/** Keeps transactions from beginning while the data plane is not there yet: nothing can be read, so nothing can be planned. */

import { SchedulerError } from './errors.ts';

export class Hold {
  #reason: (() => string) | undefined;
  #over: Promise<void> = Promise.resolve();
  #open: () => void = () => {};
  #closed = false;

  /** Why nothing begins; undefined: everything does. */
  get reason(): string | undefined {
    return this.#reason?.();
  }

  /** Until `over` resolves; if it rejects, nobody is let through any more. */
  begin(reason: () => string, over: Promise<unknown>): void {
    const opened = Promise.withResolvers<void>();
    this.#reason = reason;
    this.#over = opened.promise;
    this.#open = opened.resolve;
    over.then(
      () => this.#end(),
      () => {},
    );
  }

  /** Resolves at once when nothing is held. Throws SchedulerError `closed`. */
  async pass(): Promise<void> {
    await this.#over;
    if (this.#closed) throw new SchedulerError('closed', 'the scheduler is closed');
  }

  /** Throws SchedulerError `away` while the data plane is not there. */
  assertOver(): void {
    if (this.#reason) throw new SchedulerError('away', this.#reason());
  }

  /** Those who wait are sent away. */
  close(): void {
    this.#closed = this.#reason !== undefined;
    this.#end();
  }

  #end(): void {
    this.#reason = undefined;
    this.#open();
  }
}
