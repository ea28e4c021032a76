/** Which rules and interfaces databases have: each rule is there for each interface. */

import type { SecurityPolicy } from '../../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import type { Key } from '../../../model/key.ts';
import type { Template } from '../../../kernel/netlink/xfrm-policy.ts';
import { MOST_DATABASES } from './packet-table.ts';
import type { Place } from './rules.ts';

/** What a rule is now: what it says, and what protects its packets. */
export interface Rule {
  readonly value: SecurityPolicy;
  readonly template: Template | undefined;
}

export class Databases {
  /** Databases with interfaces: the devices of those, and the number that the packet mark has room for. */
  readonly #bound = new Map<number, { readonly number: number; readonly links: Map<Key, number> }>();
  readonly #rules = new Map<number, Map<Key, Rule>>();

  place(index: number): Place {
    const bound = this.#bound.get(index);
    return { links: [...(bound?.links.values() ?? [])], number: bound?.number ?? 0 };
  }

  /** An interface more; returns the number of the database, undefined when there is none left. */
  join(index: number, key: Key, link: number): number | undefined {
    const number = this.#bound.get(index)?.number ?? this.#freeNumber();
    return number !== undefined && this.found(index, key, link, number) ? number : undefined;
  }

  /** A retrieval found it; false when the number is another one's, or the database has another one. */
  found(index: number, key: Key, link: number, number: number): boolean {
    const bound = this.#bound.get(index);
    if (bound) {
      if (bound.number !== number) return false;
      bound.links.set(key, link);
      return true;
    }
    if (this.#takenNumbers().has(number)) return false;
    this.#bound.set(index, { number, links: new Map([[key, link]]) });
    return true;
  }

  leave(index: number, key: Key): void {
    const bound = this.#bound.get(index);
    bound?.links.delete(key);
    if (bound?.links.size === 0) this.#bound.delete(index);
  }

  rules(index: number): Iterable<readonly [Key, Rule]> {
    return this.#rules.get(index) ?? [];
  }

  setRule(index: number, key: Key, rule: Rule | undefined): void {
    const rules = this.#rules.get(index) ?? new Map<Key, Rule>();
    this.#rules.set(index, rules);
    if (rule) rules.set(key, rule);
    else rules.delete(key);
  }

  #takenNumbers(): ReadonlySet<number> {
    return new Set(Array.from(this.#bound.values(), ({ number }) => number));
  }

  #freeNumber(): number | undefined {
    const taken = this.#takenNumbers();
    for (let number = 1; number <= MOST_DATABASES; number++) if (!taken.has(number)) return number;
    return undefined;
  }
}
