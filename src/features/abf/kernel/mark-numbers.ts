import { crossConnectMark } from '../../../kernel/pipeline/marks.ts';

/** Which policy has which number in the packet mark. The rules in the kernel are its memory across restarts. */
export class MarkNumbers {
  /** The largest value belongs to cross-connects of IP packets, 0 means none. */
  static readonly limit = crossConnectMark - 1;
  readonly #byTable = new Map<number, number>();

  /** The number of the policy with this table, a free one if it has none; undefined: none is free. `there`: what rules say. */
  of(table: number, there: readonly { readonly table: number; readonly mark: number }[]): number | undefined {
    const known = this.#byTable.get(table) ?? there.find((rule) => rule.table === table)?.mark;
    if (known !== undefined && known > 0 && known <= MarkNumbers.limit) return this.reserve(table, known);
    const taken = new Set([...this.#byTable.values(), ...there.map(({ mark }) => mark)]);
    for (let number = 1; number <= MarkNumbers.limit; number++)
      if (!taken.has(number)) return this.reserve(table, number);
    return undefined;
  }

  reserve(table: number, mark: number): number {
    this.#byTable.set(table, mark);
    return mark;
  }

  release(table: number): void {
    this.#byTable.delete(table);
  }
}
