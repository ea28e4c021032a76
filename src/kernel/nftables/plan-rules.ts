/** The fewest changes that bring the rules of one chain into the wanted order. Pure. */

import * as operation from './operation.ts';
import type { Operation, Rule, TableReference } from './objects.ts';
import type { Difference, ListedRule } from './port.ts';

export interface WantedRule {
  readonly rule: Rule;
  readonly fingerprint: string;
}

/** Additions name their place by handles of rules that stay or are replaced, so they come before replacements and removals. */
export interface RulePlan {
  readonly differences: readonly Difference[];
  readonly add: readonly Operation[];
  readonly replace: readonly Operation[];
  readonly remove: readonly Operation[];
}

/** Rules are matched by key; those in the longest run of the wanted order stay where they are. Wanted keys are unique. */
export function planRules(
  table: TableReference,
  chain: string,
  wanted: readonly WantedRule[],
  listed: readonly ListedRule[],
): RulePlan {
  if (isRight(wanted, listed)) return { differences: [], add: [], replace: [], remove: [] };
  const places = new Map(wanted.map(({ rule }, place) => [rule.key, place]));
  const candidates = listed.filter((rule) => rule.key !== undefined && places.has(rule.key));
  const staying = longestIncreasing(candidates, (rule) => places.get(rule.key!)!);
  const stays = new Map(staying.map((rule) => [places.get(rule.key!)!, rule]));
  const kept = new Set(staying);
  const removed = listed.filter((rule) => !kept.has(rule));
  const movedKeys = new Set(removed.map((rule) => rule.key));
  const differences: Difference[] = [];
  const add: Operation[] = [];
  const replace: Operation[] = [];
  let following: ListedRule | undefined;
  // From the end, so that the rule that follows is known; additions before the same rule keep their order by being reversed.
  for (let place = wanted.length - 1; place >= 0; place -= 1) {
    const { rule, fingerprint } = wanted[place]!;
    const current = stays.get(place);
    if (current) {
      following = current;
      if (current.fingerprint === fingerprint) continue;
      differences.push({ object: 'rule', name: rule.key, what: 'changed' });
      replace.push(operation.replaceRule(table, chain, current.handle, rule));
    } else {
      differences.push({ object: 'rule', name: rule.key, what: movedKeys.has(rule.key) ? 'moved' : 'missing' });
      add.push(operation.addRule(table, chain, rule, following ? { before: following.handle } : 'last'));
    }
  }
  for (const rule of removed) {
    if (rule.key !== undefined && places.has(rule.key) && !stays.has(places.get(rule.key)!)) continue;
    differences.push({ object: 'rule', name: rule.key ?? `handle ${rule.handle}`, what: 'unexpected' });
  }
  const remove = removed.map((rule) => operation.deleteRule(table, chain, rule.handle));
  return { differences, add: add.reverse(), replace, remove };
}

/** The usual case, quickly. */
function isRight(wanted: readonly WantedRule[], listed: readonly ListedRule[]): boolean {
  if (wanted.length !== listed.length) return false;
  for (let at = 0; at < wanted.length; at += 1) {
    if (wanted[at]!.rule.key !== listed[at]!.key || wanted[at]!.fingerprint !== listed[at]!.fingerprint) return false;
  }
  return true;
}

/** A longest subsequence whose ranks increase strictly. */
function longestIncreasing<T>(items: readonly T[], rank: (item: T) => number): T[] {
  const ends: number[] = [];
  const previous: number[] = [];
  items.forEach((item, index) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rank(items[ends[middle]!]!) < rank(item)) low = middle + 1;
      else high = middle;
    }
    previous[index] = low > 0 ? ends[low - 1]! : -1;
    ends[low] = index;
  });
  const chosen: T[] = [];
  for (let index = ends.at(-1) ?? -1; index >= 0; index = previous[index]!) chosen.push(items[index]!);
  return chosen.reverse();
}
