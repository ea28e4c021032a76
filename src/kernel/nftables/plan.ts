/** The fewest operations that turn what a table has into what it should have. Pure. */

import type { ElementChanges } from './element-comparison.ts';
import { fingerprint } from './normal-form.ts';
import * as operation from './operation.ts';
import { planRules, type RulePlan } from './plan-rules.ts';
import type { BaseChain, Operation } from './objects.ts';
import type { DesiredSet, Difference, ListedChain, ListedContent, TableContent } from './port.ts';
import { definitionOf } from './set-definition.ts';

export interface Plan {
  readonly differences: readonly Difference[];
  readonly operations: readonly Operation[];
}

/** By set name, for the sets that are there and whose elements are declared. */
export type ChangesBySet = ReadonlyMap<string, ElementChanges>;

export function plan(desired: TableContent, listed: ListedContent | undefined, elements: ChangesBySet): Plan {
  checkKeys(desired);
  if (!listed) return { differences: [difference('table', desired.table.name, 'missing')], operations: build(desired) };
  const rebuild = needsRebuild(desired, listed);
  if (rebuild.length > 0) {
    return { differences: rebuild, operations: [operation.deleteTable(desired.table), ...build(desired)] };
  }
  const steps = new Steps();
  planSets(desired, listed, elements, steps);
  planChains(desired, listed, steps);
  return steps.finish();
}

function checkKeys({ chains }: TableContent): void {
  for (const { name, rules } of chains) {
    if (new Set(rules.map(({ key }) => key)).size < rules.length) {
      throw new RangeError(`two rules of chain ${name} have the same key`);
    }
  }
}

/** Everything, for a table that is not there. */
export function build({ table, chains, sets }: TableContent): Operation[] {
  return [
    operation.addTable(table),
    ...sets.map((set) => operation.addSet(table, set)),
    ...chains.map((chain) => operation.addChain(table, chain)),
    ...sets.flatMap((set) => addAll(table, set)),
    ...chains.flatMap((chain) => chain.rules.map((rule) => operation.addRule(table, chain.name, rule))),
  ];
}

function addAll(table: TableContent['table'], set: DesiredSet): Operation[] {
  return set.elements === undefined || set.elements.length === 0
    ? []
    : [operation.addElements(table, set, set.elements)];
}

function difference(object: Difference['object'], name: string, what: Difference['what']): Difference {
  return { object, name, what };
}

/** A set cannot change its definition while rules use it, nor a chain between base and regular: the table is made anew. */
function needsRebuild(desired: TableContent, listed: ListedContent): Difference[] {
  const sets = new Map(listed.sets.map((set) => [set.name, set]));
  const chains = new Map(listed.chains.map((chain) => [chain.name, chain]));
  return [
    ...desired.sets
      .filter((set) => sets.has(set.name) && sets.get(set.name)!.definition !== definitionOf(set))
      .map((set) => difference('set', set.name, 'changed')),
    ...desired.chains
      .filter(
        (chain) =>
          chains.has(chain.name) && (chains.get(chain.name)!.base === undefined) !== (chain.base === undefined),
      )
      .map((chain) => difference('chain', chain.name, 'changed')),
  ];
}

/** Operations in an order in which each finds what it refers to, and nothing refers to what it removes. */
class Steps {
  readonly differences: Difference[] = [];
  readonly prepare: Operation[] = [];
  readonly removeElements: Operation[] = [];
  readonly addElements: Operation[] = [];
  readonly addRules: Operation[] = [];
  readonly replaceRules: Operation[] = [];
  readonly removeRules: Operation[] = [];
  readonly flush: Operation[] = [];
  readonly remove: Operation[] = [];

  finish(): Plan {
    const { prepare, removeElements, addElements, addRules, replaceRules, removeRules, flush, remove } = this;
    const rules = [...addRules, ...replaceRules, ...removeRules];
    const operations = [...prepare, ...removeElements, ...addElements, ...rules, ...flush, ...remove];
    return { differences: this.differences, operations };
  }
}

function planSets(desired: TableContent, listed: ListedContent, elements: ChangesBySet, steps: Steps): void {
  const { table } = desired;
  const there = new Set(listed.sets.map((set) => set.name));
  const wanted = new Set(desired.sets.map((set) => set.name));
  for (const set of desired.sets) {
    if (there.has(set.name)) planElements(desired, set, elements.get(set.name), steps);
    else {
      steps.differences.push(difference('set', set.name, 'missing'));
      steps.prepare.push(operation.addSet(table, set));
      steps.addElements.push(...addAll(table, set));
    }
  }
  for (const name of there) {
    // A rule's anonymous set goes with its rule.
    if (wanted.has(name) || name.startsWith('__')) continue;
    steps.differences.push(difference('set', name, 'unexpected'));
    steps.remove.push(operation.deleteSet(table, name));
  }
}

function planElements(
  { table }: TableContent,
  set: DesiredSet,
  changes: ElementChanges | undefined,
  steps: Steps,
): void {
  if (!changes) return;
  const { add, remove, differences } = changes;
  append(steps.differences, differences);
  if (remove.length > 0) steps.removeElements.push(operation.deleteElements(table, set, remove));
  if (add.length > 0) steps.addElements.push(operation.addElements(table, set, add));
}

function planChains(desired: TableContent, listed: ListedContent, steps: Steps): void {
  const { table } = desired;
  const there = new Map(listed.chains.map((chain) => [chain.name, chain]));
  const rules = Map.groupBy(listed.rules, (rule) => rule.chain);
  for (const chain of desired.chains) {
    const current = there.get(chain.name);
    there.delete(chain.name);
    const kept = current !== undefined && keep(desired, chain, current, steps);
    if (kept)
      collect(steps, planRules(table, chain.name, withFingerprints(desired, chain.rules), rules.get(chain.name) ?? []));
    else {
      if (!current) steps.differences.push(difference('chain', chain.name, 'missing'));
      steps.prepare.push(operation.addChain(table, chain));
      append(
        steps.addRules,
        chain.rules.map((rule) => operation.addRule(table, chain.name, rule)),
      );
    }
  }
  for (const name of there.keys()) {
    steps.differences.push(difference('chain', name, 'unexpected'));
    steps.flush.push(operation.flushChain(table, name));
    steps.remove.push(operation.deleteChain(table, name));
  }
}

/** Brings the chain itself in order; false when it has to be made anew, which its removal in `prepare` allows for. */
function keep(
  { table }: TableContent,
  chain: TableContent['chains'][number],
  current: ListedChain,
  steps: Steps,
): boolean {
  if (chain.base === undefined || current.base === undefined) return true;
  const wanted = baseText(chain.base);
  if (wanted !== baseText(current.base)) {
    steps.differences.push(difference('chain', chain.name, 'changed'));
    steps.prepare.push(operation.flushChain(table, chain.name), operation.deleteChain(table, chain.name));
    return false;
  }
  if ((chain.base.policy ?? 'accept') === current.base.policy) return true;
  steps.differences.push(difference('chain', chain.name, 'changed'));
  steps.prepare.push(operation.addChain(table, chain));
  return true;
}

function baseText({ type, hook, priority, devices = [] }: BaseChain): string {
  return `${type} ${hook} ${priority} ${devices.toSorted().join(' ')}`;
}

function withFingerprints({ table }: TableContent, rules: TableContent['chains'][number]['rules']) {
  return rules.map((rule) => ({ rule, fingerprint: fingerprint(table.family, rule) }));
}

function collect(steps: Steps, rules: RulePlan): void {
  append(steps.differences, rules.differences);
  append(steps.addRules, rules.add);
  append(steps.replaceRules, rules.replace);
  append(steps.removeRules, rules.remove);
}

/** Not by spread: a hundred thousand arguments exceed the stack. */
function append<T>(to: T[], items: readonly T[]): void {
  for (const item of items) to.push(item);
}
