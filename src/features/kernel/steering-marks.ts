/**
 * Numbers in the packet mark that lead packets to a table of paths (path-table.ts). ABF policies and cross-connects of
 * interfaces in VRFs share them. The rules in the kernel are their memory across restarts.
 */

import type { Key } from '../../model/key.ts';
import type { Rule } from '../../kernel/netlink/rule.ts';
import { Users } from '../../kernel/ownership/users.ts';
import { crossConnectMark, marks } from '../../kernel/pipeline/marks.ts';
import { routeProtocols } from '../../kernel/pipeline/numbers.ts';
import type { KernelEngine } from './engine.ts';

export class SteeringMarks {
  /** The largest value belongs to cross-connects of interfaces in VRF 0, 0 means none. */
  static readonly limit = crossConnectMark - 1;
  static readonly #known = new WeakMap<KernelEngine, SteeringMarks>();
  readonly #byTable = new Map<number, number>();
  readonly #users = new Users<number, Key>();

  static of(engine: KernelEngine): SteeringMarks {
    let numbers = SteeringMarks.#known.get(engine);
    if (!numbers) SteeringMarks.#known.set(engine, (numbers = new SteeringMarks()));
    return numbers;
  }

  /** The number of the packets for this table, a free one if it has none; undefined: none is free. `rules`: all that are there. */
  take(table: number, user: Key, rules: readonly Rule[]): number | undefined {
    const there = rules.filter(steers);
    const known = this.#byTable.get(table) ?? steeringNumber(there.find((rule) => rule.table === table));
    if (known > 0 && known <= SteeringMarks.limit) return this.reserve(table, user, known);
    const taken = new Set([...this.#byTable.values(), ...there.map(steeringNumber)]);
    for (let number = 1; number <= SteeringMarks.limit; number++) {
      if (!taken.has(number)) return this.reserve(table, user, number);
    }
    return undefined;
  }

  reserve(table: number, user: Key, number: number): number {
    this.#users.join(table, user);
    this.#byTable.set(table, number);
    return number;
  }

  release(table: number, user: Key): void {
    if (this.#users.leave(table, user)) this.#byTable.delete(table);
  }
}

/** What the rule asks of the field of the mark; 0: nothing. */
export function steeringNumber(rule: Pick<Rule, 'mark'> | undefined): number {
  return ((rule?.mark ?? 0) & marks.abf.mask) >>> marks.abf.shift;
}

function steers({ protocol }: Rule): boolean {
  return protocol === routeProtocols.abf || protocol === routeProtocols.l3CrossConnect;
}
