import type { StoreEvent } from '../store.ts';
import type { Commit, Stored } from './journal.ts';

/** The events of a commit that was read back; `before` looks up what it replaces. A commit touches a key once. */
export function eventsOf(commit: Commit, before: (key: string) => Stored | undefined): StoreEvent[] {
  const events: StoreEvent[] = [];
  for (const operation of commit.operations) {
    if (operation.type === 'put') {
      const { key, value } = operation.entry;
      events.push({ type: 'put', key, value, previous: before(key)?.value });
    } else if (operation.type === 'delete') {
      events.push({ type: 'delete', key: operation.key, previous: before(operation.key)?.value });
    }
  }
  return events;
}
