/**
 * Which values can be applied in the end. Assumes the best of everything concerned, then takes away what lacks something,
 * until nothing does: the largest set that carries itself. A cycle whose outside needs are met carries itself as a whole.
 */

import type { Draft, Item } from './draft.ts';
import { isUnfinished, isUnsettled } from './node.ts';
import type { Node } from './node.ts';
import { concerns } from './matching.ts';

/** Adds what may become possible, then removes what is not. Yields now and then so that long work can be interrupted. */
export function* findTarget(draft: Draft): Generator<void> {
  const growth = new Growth(draft);
  for (let i = 0; growth.step(); i++) if ((i & 63) === 63) yield;
  const doubts = new Doubts(draft, growth);
  for (let i = 0; i < draft.order.length; i++) {
    doubts.begin(draft.order[i]!);
    doubts.resolve();
    if ((i & 63) === 63) yield;
  }
  for (let i = 0; i < draft.order.length; i++) {
    nameMissing(draft, draft.order[i]!);
    if ((i & 63) === 63) yield;
  }
}

/** Says what each absent value lacks in the end, and looks at those who waited already and lack one thing more now. */
function nameMissing(draft: Draft, item: Item): void {
  if (item.present) return;
  item.missing = undefined;
  if (item.goal !== undefined && !item.stuck) {
    for (const dependency of item.goal.dependencies)
      if (!draft.satisfied(dependency)) (item.missing ??= []).push(dependency.label);
  }
  draft.graph.visitDependants(item.node.key, (node) => {
    if (node.state === 'PENDING' && node.wanted !== undefined && draft.get(node) === undefined)
      draft.open(node, `${item.node.key} is gone`).present = false;
  });
}

/** The item is applied as wanted, to the revision. */
function reachesGoal(item: Item): boolean {
  return item.was !== undefined && item.goal !== undefined && item.was.value === item.goal.value && !item.was.foreign;
}

/** Refused, and its base was not there to be refused a part of. */
function isUntold({ desired, state }: Node): boolean {
  return desired !== undefined && state === 'NONEXISTENT';
}

class Growth {
  readonly #draft: Draft;
  #grown = 0;

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  /** False when everything is grown. */
  step(): boolean {
    const item = this.#draft.order[this.#grown];
    if (item === undefined) return false;
    this.#grown++;
    for (const node of this.#draft.behind(item.node)) this.#release(node, `${item.node.key} stood in the way`);
    if (item.present) this.#grow(item);
    return true;
  }

  /** It was to go and could not: others may have given it up, and have to hear if it stays. */
  #release(node: Node, reason: string): void {
    const item = this.#draft.open(node, reason);
    if (item.isSeed) return;
    item.isSeed = true;
    if (item.present) this.#openWaiting(node);
  }

  #grow(item: Item): void {
    const { node } = item;
    const atGoal = reachesGoal(item);
    if (!atGoal || item.isSeed || node.failure !== undefined) this.#openWaiting(node);
    for (const part of node.parts) {
      if (!atGoal || part.applied?.value !== part.wanted?.value || isUntold(part))
        this.#draft.open(part, `part of ${node.key}`);
    }
  }

  #openWaiting(provider: Node): void {
    this.#draft.graph.visitDependants(provider.key, (node) => {
      if (isUnfinished(node)) this.#draft.open(node, `${provider.key} is there`);
    });
  }
}

class Doubts {
  readonly #draft: Draft;
  readonly #growth: Growth;
  readonly #queue: Item[] = [];

  constructor(draft: Draft, growth: Growth) {
    this.#draft = draft;
    this.#growth = growth;
  }

  begin(item: Item): void {
    if (!item.present) this.#spread(item);
    else if (item.foreign) this.#spreadChange(item);
    else {
      this.#queue.push(item);
      if (item.was !== undefined && !reachesGoal(item)) this.#spreadChange(item);
    }
  }

  resolve(): void {
    for (let item = this.#queue.pop(); item !== undefined; item = this.#queue.pop()) this.#check(item);
  }

  #check(item: Item): void {
    if (!item.present || item.foreign || item.stuck) return;
    const { node } = item;
    if (node.parent !== undefined && !this.#carriedByBase(item, node.parent)) return this.#drop(item);
    const needs = item.held ? item.was!.dependencies : item.goal!.dependencies;
    for (const dependency of needs) if (!this.#draft.satisfied(dependency)) return this.#drop(item);
  }

  #carriedByBase(item: Item, base: Node): boolean {
    if (!this.#draft.present(base)) return false;
    const baseItem = this.#draft.get(base);
    const stale =
      baseItem === undefined
        ? base.uncertain || base.applied!.value !== base.goal?.value
        : baseItem.stuck || baseItem.held;
    if (!stale) return true;
    item.held = item.was !== undefined;
    return item.held;
  }

  #drop(item: Item): void {
    item.present = false;
    this.#spread(item);
  }

  /** The item will not be there: doubts everything that may have relied on it. */
  #spread(item: Item): void {
    const { node } = item;
    const reason = `${node.key} is gone`;
    for (const part of node.parts) {
      if (part.applied !== undefined || part.state !== 'NONEXISTENT' || this.#draft.get(part) !== undefined)
        this.#doubt(part, reason);
    }
    this.#draft.graph.visitDependants(node.key, (dependant) => {
      if (dependant.applied !== undefined || this.#draft.get(dependant) !== undefined) this.#doubt(dependant, reason);
    });
  }

  /** The item's value changes: any-of dependants may like the new one more or less. */
  #spreadChange(item: Item): void {
    const { node } = item;
    this.#draft.graph.visitDependants(node.key, (dependant) => {
      if (
        dependant.indexed.some((dependency) => dependency.anyOf?.where !== undefined && concerns(dependency, node.key))
      ) {
        if (dependant.applied !== undefined) this.#doubt(dependant, `${node.key} changes`);
      }
    });
  }

  #doubt(node: Node, reason: string): void {
    let item = this.#draft.get(node);
    if (item === undefined) {
      const before = this.#draft.order.length;
      item = this.#draft.open(node, reason);
      while (this.#growth.step());
      for (const late of this.#draft.order.slice(before)) if (isUnsettled(late.node)) this.#draft.late.push(late.node);
    }
    if (item.present) this.#queue.push(item);
  }
}
