/**
 * The contract of every key-value store. One ordered history: each write raises the store's revision, a transaction raises
 * it once, and a watch from revision r delivers everything after r, transaction by transaction.
 *
 * Prefixes are plain string prefixes (`a/b` covers `a/bc`), keys are not empty and at most 65,535 bytes of UTF-8, and lists
 * are sorted by key. Values a store hands out are shared: read them, never write into them. Every failure is a StoreError,
 * except that an aborted signal rejects with its reason.
 */

export interface Entry {
  readonly key: string;
  readonly value: Uint8Array;
  /** Revision of the last write to this key. */
  readonly revision: number;
}

export interface Listing {
  readonly entries: readonly Entry[];
  /** Revision of the store at which this listing is true; watch from here to miss nothing. */
  readonly revision: number;
}

export type StoreEvent =
  | {
      readonly type: 'put';
      readonly key: string;
      readonly value: Uint8Array;
      readonly previous: Uint8Array | undefined;
    }
  | { readonly type: 'delete'; readonly key: string; readonly previous: Uint8Array | undefined };

/** All events of one transaction. `resync`: history was lost (compaction, reconnect); `events` are the complete content. */
export interface StoreChange {
  readonly revision: number;
  readonly resync: boolean;
  readonly events: readonly StoreEvent[];
}

/** A condition on one key; `revision: 0` means "does not exist". With both given, both must hold; with none it is an error. */
export interface Compare {
  readonly key: string;
  readonly revision?: number;
  readonly value?: Uint8Array;
}

export type Write =
  | { readonly type: 'put'; readonly key: string; readonly value: Uint8Array; readonly lease?: Lease }
  | { readonly type: 'delete'; readonly key: string };

export interface TransactionOutcome {
  /** False: a compare did not hold and nothing was written. */
  readonly succeeded: boolean;
  readonly revision: number;
}

/** Keys put with a lease vanish, in one transaction, when it expires or is revoked; a later put without it frees the key. */
export interface Lease {
  readonly id: string;
  /** ms */
  readonly ttl: number;
  /** Starts the time to live anew; `conflict` when the lease is gone. */
  keepAlive(): Promise<void>;
  revoke(): Promise<void>;
}

export interface Store {
  readonly name: string;
  get(key: string, options?: { readonly signal?: AbortSignal }): Promise<Entry | undefined>;
  list(prefix: string, options?: { readonly keysOnly?: boolean; readonly signal?: AbortSignal }): Promise<Listing>;
  put(key: string, value: Uint8Array, options?: { readonly lease?: Lease }): Promise<number>;
  /** False when there was nothing. */
  delete(key: string): Promise<boolean>;
  /**
   * All or nothing; durable when it resolves (on stores that are durable). A key may be written once in a transaction.
   * Arrays and values must stay unchanged until it settles. The revision rises only if something changes (deleting what is
   * not there changes nothing; putting the same value again does).
   */
  transaction(writes: readonly Write[], compares?: readonly Compare[]): Promise<TransactionOutcome>;
  /**
   * Changes under `prefix` after revision `from` (default: as of this call), in order, with back-pressure: a watcher that
   * falls behind the bounded history, or asks for a revision the store does not know, gets one `resync` change instead.
   * Ends when the signal aborts or the store closes. Several consumers need several watches.
   */
  watch(
    prefix: string,
    options?: { readonly from?: number; readonly signal?: AbortSignal },
  ): AsyncIterable<StoreChange, void>;
  /** `ttl` in ms. Durable stores keep leases over a restart, where each gets its whole time to live again. */
  lease(ttl: number): Promise<Lease>;
  /** Waits for calls under way; later calls fail with `closed`. */
  close(): Promise<void>;
}
