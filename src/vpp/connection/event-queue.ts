import { VppError } from '../errors.ts';

/** Events that wait to be read. Ends with an error when the connection does, or when too many wait. */
export class EventQueue<T> implements AsyncIterableIterator<T> {
  readonly #limit: number;
  readonly #release: () => void;
  #waiting: T[] = [];
  #at = 0;
  #reader: { resolve(result: IteratorResult<T>): void; reject(error: unknown): void } | undefined;
  #end: { readonly error: unknown } | undefined;

  constructor(limit: number, release: () => void) {
    this.#limit = limit;
    this.#release = release;
  }

  push(event: T): void {
    if (this.#end) return;
    if (this.#reader) {
      this.#reader.resolve({ value: event, done: false });
      this.#reader = undefined;
    } else if (this.#waiting.length - this.#at >= this.#limit) {
      this.fail(new VppError('overflow', `more than ${this.#limit} events wait to be read: look at everything again`));
    } else this.#waiting.push(event);
  }

  /** Ends it: what waits can still be read; then the error comes, or the end if there is none. */
  fail(error: unknown): void {
    if (this.#end) return;
    this.#end = { error };
    this.#release();
    if (!this.#reader) return;
    if (error === undefined) this.#reader.resolve({ value: undefined, done: true });
    else this.#reader.reject(error);
    this.#reader = undefined;
    this.#end = { error: undefined };
  }

  async next(): Promise<IteratorResult<T>> {
    if (this.#at < this.#waiting.length) {
      const value = this.#waiting[this.#at++]!;
      if (this.#at === this.#waiting.length) {
        this.#waiting = [];
        this.#at = 0;
      }
      return { value, done: false };
    }
    if (this.#end) {
      const { error } = this.#end;
      this.#end = { error: undefined };
      if (error !== undefined) throw error;
      return { value: undefined, done: true };
    }
    return new Promise((resolve, reject) => (this.#reader = { resolve, reject }));
  }

  async return(): Promise<IteratorResult<T>> {
    this.#waiting = [];
    this.#at = 0;
    this.fail(undefined);
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
