import type { Store } from '../store.ts';

export interface OpenedStore {
  readonly store: Store;
  /** Closes the store and opens it again on the same data; durable stores only. */
  readonly reopen?: () => Promise<Store>;
  /** Closes what is open and removes the data. */
  readonly dispose: () => Promise<void>;
}
