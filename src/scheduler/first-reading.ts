/**
 * After a start nothing is known of the data plane. The first resync says what is wanted before it has read what is there;
 * until it has, nobody else may act on that, or objects would be made that exist.
 */
export class FirstReading {
  #done = false;
  #owner: object | undefined;
  #opened: Promise<void> = Promise.resolve();
  #open: () => void = () => {};

  /** Call before a resync takes in what is wanted. */
  begin(owner: object): void {
    if (this.#done || this.#owner !== undefined) return;
    this.#owner = owner;
    this.#opened = new Promise((resolve) => (this.#open = resolve));
  }

  /** Call when the data plane is read, or could not be. */
  end(owner: object): void {
    if (this.#owner !== owner) return;
    this.#done = true;
    this.#owner = undefined;
    this.#open();
  }

  /** True when others have to wait. */
  holds(transaction: object): boolean {
    return this.#owner !== undefined && this.#owner !== transaction;
  }

  get over(): Promise<void> {
    return this.#opened;
  }
}
