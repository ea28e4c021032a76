/** What each transaction's keys were asked to be before it, for rolling back. */

import type { Key } from '../model/key.ts';
import type { Desired } from './node.ts';
import type { Change } from './scheduler.ts';

interface Former {
  readonly created: readonly Key[];
  readonly changed: readonly Change[];
}

/** Keys remembered in all; the oldest transactions are forgotten first. */
const maxKeys = 1_000_000;

export class Undo {
  readonly #former = new Map<number, Former>();
  #keys = 0;

  *keep(seqNum: number, previous: ReadonlyMap<Key, Desired>, created: readonly Key[]): Generator<void> {
    if (previous.size === 0 && created.length === 0) return;
    const changed: Change[] = [];
    for (const [key, desired] of previous) {
      changed.push(
        desired.source === undefined
          ? { key, value: desired.value }
          : { key, value: desired.value, source: desired.source },
      );
      if ((changed.length & 63) === 0) yield;
    }
    this.#former.set(seqNum, { created, changed });
    this.#keys += previous.size + created.length;
    for (const [oldest, { created: keys, changed: changes }] of this.#former) {
      if (this.#keys <= maxKeys || oldest === seqNum) break;
      this.#former.delete(oldest);
      this.#keys -= keys.length + changes.length;
    }
  }

  /** The changes that put everything back; undefined when the transaction is unknown or long forgotten. */
  of(seqNum: number): readonly Change[] | undefined {
    const former = this.#former.get(seqNum);
    return former === undefined
      ? undefined
      : [...former.changed, ...former.created.map((key) => ({ key, value: null }))];
  }
}
