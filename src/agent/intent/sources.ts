/**
 * Who wants what. Each source owns its values; of several sources that hold a key the one with the highest priority is
 * effective, and when it lets go the next one is uncovered. Pure bookkeeping: no I/O, no scheduler.
 */

import type { Key } from '../../model/key.ts';
import type { Source } from '../../scheduler/scheduler.ts';
import type { Value } from '../../scheduler/kind.ts';

/** Texts by which clients find their objects again. */
export type Labels = Readonly<Record<string, string>>;

/** A value as one source wants it. */
export interface Holding {
  readonly source: Source;
  readonly value: Value;
  readonly labels?: Labels;
}

/** What a change of one source means for everybody: the new effective holding (or none) and the one it replaces. */
export interface Effect {
  readonly key: Key;
  readonly before: Holding | undefined;
  readonly after: Holding | undefined;
}

/** Highest priority first; of equal priorities the name that sorts last wins, as in Ligato. */
function outranks(left: Source, right: Source): boolean {
  return left.priority !== right.priority ? left.priority > right.priority : left.name > right.name;
}

export class Sources {
  readonly #holdings = new Map<Key, readonly Holding[]>();
  readonly #keys = new Map<string, Set<Key>>();

  /** Number of keys that somebody wants. */
  get size(): number {
    return this.#holdings.size;
  }

  effective(key: Key): Holding | undefined {
    return this.#holdings.get(key)?.[0];
  }

  /** All holdings of a key, effective one first. */
  holdings(key: Key): readonly Holding[] {
    return this.#holdings.get(key) ?? [];
  }

  /** The value of `source` itself with its labels, effective or not. */
  holding(source: string, key: Key): Holding | undefined {
    const holdings = this.#holdings.get(key);
    return holdings === undefined ? undefined : holdings.find((holding) => holding.source.name === source);
  }

  /** What `source` itself wants for the key, effective or not. */
  held(source: string, key: Key): Value | undefined {
    return this.holding(source, key)?.value;
  }

  /** Labels that `source` gave the key. */
  labels(source: string, key: Key): Labels | undefined {
    return this.holding(source, key)?.labels;
  }

  keysOf(source: string): ReadonlySet<Key> {
    return this.#keys.get(source) ?? new Set();
  }

  names(): readonly string[] {
    return [...this.#keys.keys()].sort();
  }

  /** Every effective holding, in no particular order. */
  *all(): Iterable<readonly [Key, Holding]> {
    for (const [key, holdings] of this.#holdings) {
      const first = holdings[0];
      if (first) yield [key, first];
    }
  }

  /** Every holding of one source, effective or not, in no particular order. */
  *of(source: string): Iterable<readonly [Key, Holding]> {
    for (const key of this.keysOf(source)) {
      const own = this.#holdings.get(key)?.find((holding) => holding.source.name === source);
      if (own) yield [key, own];
    }
  }

  /** Records what `source` wants for `key` now (null: nothing) and says what that changes. */
  set(source: Source, key: Key, value: Value | null, labels?: Labels): Effect {
    const before = this.#holdings.get(key);
    const others = before === undefined ? NOBODY : without(before, source.name);
    const after =
      value === null ? others : insert(others, labels === undefined ? { source, value } : { source, value, labels });
    if (after.length > 0) this.#holdings.set(key, after);
    else this.#holdings.delete(key);
    this.#track(source.name, key, value !== null);
    return { key, before: before?.[0], after: after[0] };
  }

  #track(source: string, key: Key, held: boolean): void {
    const keys = this.#keys.get(source);
    if (held) {
      if (keys) keys.add(key);
      else this.#keys.set(source, new Set([key]));
    } else if (keys?.delete(key) && keys.size === 0) {
      this.#keys.delete(source);
    }
  }
}

const NOBODY: readonly Holding[] = [];

function without(holdings: readonly Holding[], source: string): readonly Holding[] {
  if (holdings.length === 1) return holdings[0]!.source.name === source ? NOBODY : holdings;
  return holdings.filter((holding) => holding.source.name !== source);
}

function insert(holdings: readonly Holding[], added: Holding): readonly Holding[] {
  if (holdings.length === 0) return [added];
  const at = holdings.findIndex((holding) => outranks(added.source, holding.source));
  return at < 0 ? [...holdings, added] : [...holdings.slice(0, at), added, ...holdings.slice(at)];
}
