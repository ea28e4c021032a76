import type { Ledger } from '../kernel/ledger.ts';
import type { Store } from '../store/store.ts';

const prefix = 'ledger/';

/** A ledger in the agent's store: read at once, durable when a write resolves. */
export async function storeLedger(store: Store): Promise<Ledger> {
  const content = new Map<string, string>();
  for (const entry of (await store.list(prefix)).entries) {
    content.set(entry.key.slice(prefix.length), Buffer.from(entry.value).toString());
  }
  return {
    get: (key) => content.get(key),
    async set(key, value) {
      content.set(key, value);
      await store.put(prefix + key, Buffer.from(value));
    },
    async delete(key) {
      content.delete(key);
      await store.delete(prefix + key);
    },
    entries: (under) => [...content].filter(([key]) => key.startsWith(under)).sort(([a], [b]) => (a < b ? -1 : 1)),
  };
}
