import type { StoreEvent } from '../store.ts';
import type { Operation, Stored } from './journal.ts';
import type { Slab } from './slab.ts';

/** What one request does, decided but not yet part of its batch: a request that turns out to be bad leaves nothing behind. */
export class Staging {
  /** The entries as the request leaves them; undefined where it deletes or wants to delete. */
  readonly staged = new Map<string, Stored | undefined>();
  readonly operations: Operation[] = [];
  readonly events: StoreEvent[] = [];
  readonly #revision: number;
  readonly #before: (key: string) => Stored | undefined;
  readonly #slab: Slab;

  /** `revision`: the store's after the request. `before`: the entry of a key before it. */
  constructor(revision: number, before: (key: string) => Stored | undefined, slab: Slab) {
    this.#revision = revision;
    this.#before = before;
    this.#slab = slab;
  }

  put(key: string, value: Uint8Array, lease: number): void {
    const previous = this.#before(key)?.value;
    const entry: Stored = { key, value: this.#slab.copy(value), revision: this.#revision, lease };
    this.staged.set(key, entry);
    this.operations.push({ type: 'put', entry });
    this.events.push({ type: 'put', key, value: entry.value, previous });
  }

  delete(key: string): void {
    const previous = this.#before(key)?.value;
    this.staged.set(key, undefined);
    if (previous === undefined) return;
    this.operations.push({ type: 'delete', key });
    this.events.push({ type: 'delete', key, previous });
  }
}
