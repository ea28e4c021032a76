import type { HistoryLimits } from '../local/history.ts';
import type { Journal } from '../local/journal.ts';
import { LocalStore } from '../local/local-store.ts';
import type { Store } from '../store.ts';

export interface MemoryStoreOptions {
  /** Shown in errors and logs. */
  readonly name?: string;
  /** What slow watchers can catch up on. */
  readonly history?: HistoryLimits;
}

/** A store that forgets everything at close: tests, and agents whose configuration comes from elsewhere. */
export class MemoryStore extends LocalStore {
  constructor(options: MemoryStoreOptions = {}) {
    super(options.name ?? 'memory', NOWHERE, options.history);
  }
}

/** The same as `new MemoryStore`, named as the other stores' ways in. */
export function openMemoryStore(options: MemoryStoreOptions = {}): Store {
  return new MemoryStore(options);
}

const NOWHERE: Journal = {
  append: async () => {},
  close: async () => {},
};
