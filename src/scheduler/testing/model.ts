/** What ought to be the end of it: a slow, plain account of the rules, against which the scheduler is checked. */

import { isUnder } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import { asKey } from '../../model/key.ts';
import type { Thing } from './world.ts';
import { dependenciesOf, partsOf, thingKey } from './world.ts';

export interface Wish {
  readonly value: Thing;
  readonly priority: number;
}

export interface Unit {
  readonly key: Key;
  readonly value: Thing;
  readonly base: Key | undefined;
  readonly isProperty: boolean;
}

export interface Outcome {
  readonly applied: ReadonlyMap<Key, Unit>;
  /** Missing labels of everything that waits. Parts of what is not there do not count. */
  readonly pending: ReadonlyMap<Key, readonly string[]>;
  readonly conflicts: ReadonlySet<Key>;
}

export function outcomeOf(wishes: ReadonlyMap<string, Wish>, facts: ReadonlyMap<string, Thing>): Outcome {
  const conflicts = losers(wishes);
  const units = new Map<Key, Unit>();
  for (const [name, { value }] of wishes)
    if (!conflicts.has(thingKey(name)) && value.unsupported === undefined)
      addUnit(units, thingKey(name), value, undefined);
  const present = new Map(units);
  const missingOf = (unit: Unit): readonly string[] =>
    dependencies(unit)
      .filter((dependency) => !isSatisfied(dependency, present, facts))
      .map(({ label }) => label);
  for (let changed = true; changed; ) {
    changed = false;
    for (const unit of present.values()) {
      if (missingOf(unit).length === 0 && (unit.base === undefined || present.has(unit.base))) continue;
      present.delete(unit.key);
      changed = true;
    }
  }
  const pending = new Map<Key, readonly string[]>();
  for (const unit of units.values())
    if (!present.has(unit.key) && (unit.base === undefined || present.has(unit.base)))
      pending.set(unit.key, missingOf(unit));
  return { applied: present, pending, conflicts };
}

export function unitsOf(wishes: Iterable<readonly [string, Wish]>): ReadonlyMap<Key, Unit> {
  const units = new Map<Key, Unit>();
  for (const [name, { value }] of wishes) addUnit(units, thingKey(name), value, undefined);
  return units;
}

/** Keys that each key leads to by what it needs and belongs to. */
export function reachability(units: Iterable<Unit>): ReadonlyMap<Key, ReadonlySet<Key>> {
  const all = [...units];
  const next = new Map<Key, Set<Key>>();
  for (const unit of all) {
    const targets = next.get(unit.key) ?? new Set();
    if (unit.base !== undefined) targets.add(unit.base);
    for (const { key, anyOf } of dependencies(unit)) {
      if (key !== undefined) targets.add(key);
      else
        for (const other of all)
          if (anyOf!.prefixes.some((prefix) => isUnder(prefix, other.key))) targets.add(other.key);
    }
    next.set(unit.key, targets);
  }
  const reached = new Map<Key, ReadonlySet<Key>>();
  for (const key of next.keys()) {
    const seen = new Set<Key>();
    const queue = [...(next.get(key) ?? [])];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      queue.push(...(next.get(at) ?? []));
    }
    reached.set(key, seen);
  }
  return reached;
}

function addUnit(units: Map<Key, Unit>, key: Key, value: Thing, base: Key | undefined): void {
  units.set(key, { key, value, base, isProperty: key.startsWith('property/') });
  if (!key.startsWith('property/'))
    for (const part of partsOf(key, value)) addUnit(units, part.key, part.value as Thing, key);
}

function dependencies(unit: Unit): ReturnType<typeof dependenciesOf> {
  return unit.isProperty ? [] : dependenciesOf(unit.value);
}

function isSatisfied(
  { key, anyOf }: ReturnType<typeof dependenciesOf>[number],
  present: ReadonlyMap<Key, Unit>,
  facts: ReadonlyMap<string, Thing>,
): boolean {
  if (key !== undefined) return present.has(key) || facts.has(key);
  const fits = (candidate: string, value: Thing): boolean =>
    anyOf!.prefixes.some((prefix) => isUnder(prefix, candidate)) && value.fit !== false;
  return (
    [...present.values()].some((unit) => fits(unit.key, unit.value)) ||
    [...facts].some(([fact, value]) => fits(asKey(fact), value))
  );
}

function losers(wishes: ReadonlyMap<string, Wish>): ReadonlySet<Key> {
  const taken = new Set<string>();
  const lost = new Set<Key>();
  const order = [...wishes]
    .filter(([, { value }]) => value.unsupported === undefined)
    .sort(([a, left], [b, right]) => right.priority - left.priority || (a < b ? -1 : 1));
  for (const [name, { value }] of order) {
    const claims = value.claims ?? [];
    if (claims.some((claim) => taken.has(claim))) lost.add(thingKey(name));
    else for (const claim of claims) taken.add(claim);
  }
  return lost;
}
