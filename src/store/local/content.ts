import type { Entry, Listing } from '../store.ts';
import type { Stored } from './journal.ts';

const NOTHING = new Uint8Array(0);

/** The entries of a local store and its revision, with an index of sorted keys that is brought up to date when listed. */
export class Content {
  revision = 0;
  #bytes = 0;
  readonly #entries = new Map<string, Stored>();
  #sorted: string[] = [];
  #added: string[] = [];
  #removed = false;

  /** Bytes of all keys and values. */
  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): Stored | undefined {
    return this.#entries.get(key);
  }

  set(entry: Stored): void {
    const previous = this.#entries.get(entry.key);
    this.#entries.set(entry.key, entry);
    this.#bytes += entry.value.length - (previous?.value.length ?? -Buffer.byteLength(entry.key));
    if (previous === undefined) this.#added.push(entry.key);
  }

  delete(key: string): void {
    const previous = this.#entries.get(key);
    if (previous === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= Buffer.byteLength(key) + previous.value.length;
    this.#removed = true;
  }

  values(): Stored[] {
    return [...this.#entries.values()];
  }

  list(prefix: string, keysOnly: boolean): Listing {
    this.#refreshIndex();
    const entries: Entry[] = [];
    for (let i = lowerBound(this.#sorted, prefix); i < this.#sorted.length; i++) {
      const key = this.#sorted[i] as string;
      if (!key.startsWith(prefix)) break;
      const { value, revision } = this.#entries.get(key) as Stored;
      entries.push({ key, value: keysOnly ? NOTHING : value, revision });
    }
    return { entries, revision: this.revision };
  }

  #refreshIndex(): void {
    if (this.#removed) {
      this.#sorted = this.#sorted.filter((key) => this.#entries.has(key));
      // A key may have been removed and added again, or added and removed, since the index was last true.
      this.#added = [...new Set(this.#added)].filter((key) => this.#entries.has(key));
      const kept = new Set(this.#sorted);
      this.#added = this.#added.filter((key) => !kept.has(key));
      this.#removed = false;
    }
    if (this.#added.length === 0) return;
    this.#sorted = merge(this.#sorted, this.#added.sort());
    this.#added = [];
  }
}

function merge(left: readonly string[], right: readonly string[]): string[] {
  const merged: string[] = [];
  let l = 0;
  for (const key of right) {
    while (l < left.length && (left[l] as string) < key) merged.push(left[l++] as string);
    merged.push(key);
  }
  while (l < left.length) merged.push(left[l++] as string);
  return merged;
}

/** Index of the first key not less than `bound`. */
function lowerBound(sorted: readonly string[], bound: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as string) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
