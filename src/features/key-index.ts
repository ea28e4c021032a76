import type { Key } from '../model/key.ts';

/** Keys of objects by something they have in common; mostly there is one, and a Set for each would cost more than all else. */
export class KeyIndex<T> {
  readonly #keys = new Map<T, Key | Set<Key>>();

  add(at: T, key: Key): void {
    const known = this.#keys.get(at);
    if (known === undefined) this.#keys.set(at, key);
    else if (known instanceof Set) known.add(key);
    else if (known !== key) this.#keys.set(at, new Set([known, key]));
  }

  /** True when nothing is left there. */
  remove(at: T, key: Key): boolean {
    const known = this.#keys.get(at);
    if (known instanceof Set) {
      known.delete(key);
      if (known.size > 0) return false;
    } else if (known !== key) {
      return known === undefined;
    }
    this.#keys.delete(at);
    return true;
  }

  get(at: T): readonly Key[] {
    const known = this.#keys.get(at);
    if (known === undefined) return NONE;
    return known instanceof Set ? [...known] : [known];
  }
}

const NONE: readonly Key[] = [];
