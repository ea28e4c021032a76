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

/** A reversal that is worked out only if somebody asks for it: most transactions are never taken back. */
export interface Reversible {
  /** Changes it takes back, at most. */
  readonly size: number;
  reversal(): Reversal;
}

/** How to take back the latest transactions, by number. */
export class UndoLog {
  readonly #transactions = new Map<number, Reversible>();
  #size = 0;

  keep(seqNum: number, reversible: Reversible): void {
    this.#transactions.set(seqNum, reversible);
    this.#size += reversible.size;
    for (const [oldest, { size }] of this.#transactions) {
      if (this.#size <= maxChanges || oldest === seqNum) return;
      this.#transactions.delete(oldest);
      this.#size -= size;
    }
  }

  has(seqNum: number): boolean {
    return this.#transactions.has(seqNum);
  }

  of(seqNum: number): Reversal | undefined {
    return this.#transactions.get(seqNum)?.reversal();
  }
}
