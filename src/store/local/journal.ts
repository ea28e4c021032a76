import type { Entry, Write } from '../store.ts';

/** An entry with the lease that holds it (0: none). */
export interface Stored extends Entry {
  readonly lease: number;
}

/** What a commit does, in the order done. */
export type Operation =
  | { readonly type: 'put'; readonly entry: Stored }
  | { readonly type: 'delete'; readonly key: string }
  | { readonly type: 'grant'; readonly lease: number; readonly ttl: number }
  | { readonly type: 'revoke'; readonly lease: number };

/** One transaction. `revision` is the store's after it (a commit of leases only leaves it as it was). */
export interface Commit {
  readonly revision: number;
  readonly operations: readonly Operation[];
}

/** Everything a store holds at one revision. */
export interface Image {
  readonly revision: number;
  readonly entries: readonly Stored[];
  readonly leases: readonly { readonly id: number; readonly ttl: number }[];
}

/** Where a local store keeps what it commits: nowhere (memory), in a log (embedded), in one readable file (file). */
export interface Journal {
  /** Makes the commits durable, all of them or (rejecting with a StoreError) none. Never called while a call is under way. */
  append(commits: readonly Commit[], image: () => Image): Promise<void>;
  /**
   * Called right after the commits of `append` became visible; `image` is exactly what the journal now holds, `bytes` what
   * its keys and values take.
   */
  settled?(bytes: number, image: () => Image): void;
  /**
   * Called before requests are decided: what somebody else did to the journal's file since, as writes onto `current`. They
   * become a change of the store and are not appended.
   */
  incoming?(current: () => readonly Stored[]): Promise<readonly Write[]>;
  close(): Promise<void>;
}

/** Restored content, as a journal reads it back: an image, then the commits after it. */
export interface Restored {
  readonly image: Image;
  readonly commits: readonly Commit[];
}
