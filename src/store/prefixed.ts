import { StoreError } from './errors.ts';
import type {
  Compare,
  Entry,
  Lease,
  Listing,
  Store,
  StoreChange,
  StoreEvent,
  TransactionOutcome,
  Write,
} from './store.ts';

/**
 * A view of the part of a store under `prefix`, with keys that do not show it: many agents share one store, each with a
 * prefix of its own. Revisions and leases are the store's. Closing the view leaves the store open.
 *
 * @example
 * const mine = prefixed(store, '/vnf-agent/vpp1/');
 * await mine.put('config/a', value); // store: /vnf-agent/vpp1/config/a
 */
export function prefixed(store: Store, prefix: string): Store {
  return new PrefixedStore(store, prefix);
}

class PrefixedStore implements Store {
  readonly name: string;
  readonly #store: Store;
  readonly #prefix: string;
  readonly #closed = new AbortController();

  constructor(store: Store, prefix: string) {
    this.name = `${store.name}:${prefix}`;
    this.#store = store;
    this.#prefix = prefix;
  }

  async get(key: string, options?: { readonly signal?: AbortSignal }): Promise<Entry | undefined> {
    const entry = await this.#open().get(this.#full(key), options);
    return entry && { ...entry, key };
  }

  async list(
    prefix: string,
    options?: { readonly keysOnly?: boolean; readonly signal?: AbortSignal },
  ): Promise<Listing> {
    const { entries, revision } = await this.#open().list(this.#prefix + prefix, options);
    return { entries: entries.map((entry) => ({ ...entry, key: this.#short(entry.key) })), revision };
  }

  async put(key: string, value: Uint8Array, options?: { readonly lease?: Lease }): Promise<number> {
    return this.#open().put(this.#full(key), value, options);
  }

  async delete(key: string): Promise<boolean> {
    return this.#open().delete(this.#full(key));
  }

  async transaction(writes: readonly Write[], compares?: readonly Compare[]): Promise<TransactionOutcome> {
    return this.#open().transaction(
      writes.map((write) => ({ ...write, key: this.#full(write.key) })),
      compares?.map((compare) => ({ ...compare, key: this.#full(compare.key) })),
    );
  }

  watch(
    prefix: string,
    options: { readonly from?: number; readonly signal?: AbortSignal } = {},
  ): AsyncIterable<StoreChange, void> {
    const closed = this.#closed.signal;
    const signal = options.signal === undefined ? closed : AbortSignal.any([closed, options.signal]);
    const changes = this.#open().watch(this.#prefix + prefix, { ...options, signal });
    return { [Symbol.asyncIterator]: () => this.#strip(changes[Symbol.asyncIterator]()) };
  }

  async lease(ttl: number): Promise<Lease> {
    return this.#open().lease(ttl);
  }

  async close(): Promise<void> {
    this.#closed.abort();
  }

  #open(): Store {
    if (this.#closed.signal.aborted) throw new StoreError('closed', `Store ${this.name} is closed`);
    return this.#store;
  }

  #full(key: string): string {
    // The store sees a key that is not empty: it cannot tell.
    if (key === '') throw new StoreError('usage', 'A key must be a non-empty string');
    return this.#prefix + key;
  }

  #short(key: string): string {
    return key.slice(this.#prefix.length);
  }

  /** Not a generator: leaving one would wait for the next change. */
  #strip(changes: AsyncIterator<StoreChange, void>): AsyncIterator<StoreChange, void> {
    return {
      next: async () => {
        const result = await changes.next();
        return result.done === true ? result : { done: false, value: this.#shortChange(result.value) };
      },
      return: async () => (await changes.return?.()) ?? { done: true, value: undefined },
    };
  }

  #shortChange(change: StoreChange): StoreChange {
    return { ...change, events: change.events.map((event): StoreEvent => ({ ...event, key: this.#short(event.key) })) };
  }
}
