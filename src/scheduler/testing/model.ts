/** What ought to be the end of it: a slow, plain account of the rules, against which the scheduler is checked. */

import { isUnder } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import { asKey } from '../../model/key.ts';
import type { Thing } from './world.ts';
import { baseOf, dependenciesOf, partsOf, thingKey } from './world.ts';

export interface Wish {
  readonly value: Thing;
  readonly priority: number;
}

export interface Unit {
  readonly key: Key;
  readonly value: Thing;
  readonly priority: number;
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
  const units = new Map<Key, Unit>();
  for (const [name, wish] of wishes)
    if (wish.value.unsupported === undefined) addUnit(units, thingKey(name), wish.value, wish.priority, undefined);
  const lost = losers(units);
  for (const key of lost) forget(units, key);
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
  const hasBase = (base: Key | undefined): boolean => base === undefined || present.has(base);
  const pending = new Map<Key, readonly string[]>();
  for (const unit of units.values())
    if (!present.has(unit.key) && hasBase(unit.base)) pending.set(unit.key, missingOf(unit));
  const conflicts = new Set([...lost].filter((key) => hasBase(baseOf(key)[0] as Key | undefined)));
  return { applied: present, pending, conflicts };
}

function forget(units: Map<Key, Unit>, key: Key): void {
  units.delete(key);
  for (const unit of units.values()) if (unit.base === key) forget(units, unit.key);
}

export function unitsOf(wishes: Iterable<readonly [string, Wish]>): ReadonlyMap<Key, Unit> {
  const units = new Map<Key, Unit>();
  for (const [name, { value, priority }] of wishes) addUnit(units, thingKey(name), value, priority, undefined);
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

function addUnit(units: Map<Key, Unit>, key: Key, value: Thing, priority: number, base: Key | undefined): void {
  const isProperty = key.startsWith('property/');
  units.set(key, { key, value, priority, base, isProperty });
  if (!isProperty) for (const part of partsOf(key, value)) addUnit(units, part.key, part.value as Thing, priority, key);
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

/**
 * Who loses a claim. Each has its turn by priority, then key, but not before the bases that it belongs to. What loses takes nothing,
 * nor do its parts.
 */
function losers(units: ReadonlyMap<Key, Unit>): ReadonlySet<Key> {
  const claimants = [...units.values()]
    .filter(({ value }) => value.claims !== undefined)
    .sort((left, right) => right.priority - left.priority || (left.key < right.key ? -1 : 1));
  const basesOf = ({ base }: Unit): readonly Unit[] =>
    base === undefined ? [] : [units.get(base)!, ...basesOf(units.get(base)!)];
  const waiting = new Set<Unit>();
  const reached = new Set<Unit>();
  const taken = new Set<string>();
  const lost = new Set<Key>();
  const serve = (unit: Unit): void => {
    waiting.delete(unit);
    if (basesOf(unit).some(({ key }) => lost.has(key))) return;
    const claims = unit.value.claims!;
    if (claims.some((claim) => taken.has(claim))) lost.add(unit.key);
    else for (const claim of claims) taken.add(claim);
  };
  for (const claimant of claimants) {
    reached.add(claimant);
    waiting.add(claimant);
    const ready = [...waiting].filter((unit) =>
      basesOf(unit).every((base) => base.value.claims === undefined || reached.has(base)),
    );
    for (const unit of ready.sort((left, right) => basesOf(left).length - basesOf(right).length)) serve(unit);
  }
  return lost;
}
