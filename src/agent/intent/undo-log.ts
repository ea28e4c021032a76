import type { Key } from '../../model/key.ts';
import type { Value } from '../../scheduler/kind.ts';
import type { Source } from '../../scheduler/scheduler.ts';

import type { Labels } from './sources.ts';

/** What a commit changed in what its source wants. */
export interface Reversal {
  readonly source: Source;
  readonly changes: readonly {
    readonly key: Key;
    readonly before: Value | null;
    /** Of the value before. */
    readonly labels?: Labels;
    readonly after: Value | null;
  }[];
}

/** Changes that are kept at most: values are shared with the sources, so this bounds what is superseded. */
const maxChanges = 100_000;

/** How to take back the latest transactions, by number. */
export class UndoLog {
  readonly #reversals = new Map<number, Reversal>();
  #size = 0;

  keep(seqNum: number, reversal: Reversal): void {
    this.#reversals.set(seqNum, reversal);
    this.#size += reversal.changes.length;
    for (const [oldest, { changes }] of this.#reversals) {
      if (this.#size <= maxChanges || oldest === seqNum) return;
      this.#reversals.delete(oldest);
      this.#size -= changes.length;
    }
  }

  of(seqNum: number): Reversal | undefined {
    return this.#reversals.get(seqNum);
  }
}
