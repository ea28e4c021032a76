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
export function openMemoryStore(options: MemoryStoreOptions = {}): Store {
  return new LocalStore(options.name ?? 'memory', NOWHERE, options.history);
}

const NOWHERE: Journal = {
  append: async () => {},
  close: async () => {},
};
