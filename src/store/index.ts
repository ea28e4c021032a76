export type {
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
export { StoreError } from './errors.ts';
export type { StoreErrorCode, StoreErrorDetails } from './errors.ts';
export { MemoryStore, openMemoryStore } from './memory/memory-store.ts';
export type { MemoryStoreOptions } from './memory/memory-store.ts';
export { openEmbeddedStore } from './embedded/embedded-store.ts';
export type { EmbeddedStoreOptions } from './embedded/embedded-store.ts';
export { openFileStore } from './file/file-store.ts';
export type { FileStoreOptions } from './file/file-store.ts';
export { prefixed } from './prefixed.ts';
