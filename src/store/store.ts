/**
 * The contract of every key-value store. One ordered history: each write raises the store's revision, a transaction raises
 * it once, and a watch from revision r delivers everything after r, transaction by transaction.
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
  | { readonly type: 'put'; readonly key: string; readonly value: Uint8Array; readonly previous: Uint8Array | undefined }
  | { readonly type: 'delete'; readonly key: string; readonly previous: Uint8Array | undefined };

/** All events of one transaction. `resync`: history was lost (compaction, reconnect); `events` are the complete content. */
export interface StoreChange {
  readonly revision: number;
  readonly resync: boolean;
  readonly events: readonly StoreEvent[];
}

/** A condition on one key; `revision: 0` means "does not exist". */
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

/** Keys put with a lease vanish when it expires or is revoked. */
export interface Lease {
  readonly id: string;
  /** ms */
  readonly ttl: number;
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
  /** All or nothing; durable when it resolves (on stores that are durable). */
  transaction(writes: readonly Write[], compares?: readonly Compare[]): Promise<TransactionOutcome>;
  /** Changes under `prefix` after revision `from` (default: now), in order, with back-pressure. Ends when the signal aborts. */
  watch(prefix: string, options?: { readonly from?: number; readonly signal?: AbortSignal }): AsyncIterable<StoreChange>;
  lease(ttl: number): Promise<Lease>;
  close(): Promise<void>;
}
