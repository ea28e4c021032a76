/**
 * What was there before we changed it, for things that carry no mark of ours (sysctls, adopted devices). Written before
 * the change is made, so that a crash between the two leaks nothing.
 */
export interface Ledger {
  get(key: string): string | undefined;
  /** Resolves when it is durable. */
  set(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
  /** Entries whose key starts with `prefix`, sorted by key. */
  entries(prefix: string): [string, string][];
}

/** A ledger that ends with the process: for tests, and for namespaces that end with it, too. */
export function memoryLedger(): Ledger {
  const content = new Map<string, string>();
  return {
    get: (key) => content.get(key),
    set: async (key, value) => void content.set(key, value),
    delete: async (key) => void content.delete(key),
    entries: (prefix) => [...content].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1)),
  };
}
