/** How the values that stay get to their goal: nothing, in place, or taken down and made again. */

import type { Key } from '../model/key.ts';
import type { Draft, Item } from './draft.ts';
import { structurallyEqual } from './equality.ts';
import type { Dependency, Value } from './kind.ts';
import { concerns } from './matching.ts';
import { isUnsettled } from './node.ts';
import type { Node } from './node.ts';
import type { Registration } from './registry.ts';

/**
 * Marks items as changed, to be re-created or to be told of a change. A re-creation takes along its parts and whoever
 * needs the value and has no other provider meanwhile. `forced` nodes are re-created although they could be updated.
 */
export function* findReplacements(draft: Draft, forced: ReadonlySet<Node>): Generator<void> {
  const search = new Search(draft);
  for (let i = 0; i < draft.order.length; i++) {
    search.compare(draft.order[i]!, forced);
    if ((i & 63) === 63) yield;
  }
  for (let i = 0; i < draft.order.length; i++) {
    search.spread(draft.order[i]!);
    search.resolve();
    if ((i & 63) === 63) yield;
  }
}

export function equivalent(registration: Registration | undefined, key: Key, left: Value, right: Value): boolean {
  if (left === right) return true;
  const rule = registration?.kind.equivalent;
  return rule === undefined ? structurallyEqual(left, right) : rule.call(registration!.kind, key, left, right);
}

class Search {
  readonly #draft: Draft;
  /** Re-created or removed: whoever relies on them has to be looked at. */
  readonly #interrupted: Item[] = [];

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  compare(item: Item, forced: ReadonlySet<Node>): void {
    if (!item.present || item.was === undefined || item.stuck || item.foreign || item.held) return;
    const { node, was } = item;
    const goal = item.goal!;
    if (was.value !== goal.value) item.changed = !equivalent(node.registration, node.key, was.value, goal.value);
    if (item.changed && !canUpdate(node, was.value, goal.value, was.metadata)) this.#recreate(item);
    else if (forced.has(node)) this.#recreate(item);
  }

  spread(item: Item): void {
    if (!item.present) {
      if (item.was !== undefined) this.#interrupted.push(item);
    } else if (!this.#draft.graph.isWatched) return;
    else if (item.changed || this.#draft.events.has(item.node) || (item.was === undefined && !item.stuck))
      this.#tellWatchers(item);
  }

  resolve(): void {
    for (let item = this.#interrupted.pop(); item !== undefined; item = this.#interrupted.pop()) {
      const { node } = item;
      if (item.present) {
        for (const part of node.parts)
          if (part.applied !== undefined) this.#recreate(this.#open(part, `part of ${node.key}`));
        this.#tellWatchers(item);
      }
      this.#draft.graph.visitDependants(node.key, (dependant) => this.#reconsider(dependant, node));
    }
  }

  /** One that comes up only now and is not as wanted has to be thought over from the start. */
  #open(node: Node, reason: string): Item {
    const known = this.#draft.get(node);
    if (known !== undefined) return known;
    if (isUnsettled(node) || (node.wanted === undefined && node.applied?.foreign === false))
      this.#draft.late.push(node);
    return this.#draft.open(node, reason);
  }

  #recreate(item: Item): void {
    if (item.recreate || !item.present || item.was === undefined || item.stuck || item.foreign) return;
    item.recreate = true;
    this.#interrupted.push(item);
  }

  /** A dependant stays when each dependency of its applied value is satisfied throughout, or when it moves on in place. */
  #reconsider(dependant: Node, provider: Node): void {
    if (dependant.applied === undefined || dependant.applied.foreign) return;
    if (!dependant.applied.dependencies.some((dependency) => concerns(dependency, provider.key))) return;
    const item = this.#open(dependant, `${provider.key} is re-created`);
    if (!item.stays || item.stuck) return;
    const broken = dependant.applied.dependencies.some(
      (dependency) => !this.#draft.satisfiedThroughout(dependency) && this.#needed(item, dependency),
    );
    if (!broken) return;
    if (!item.changed) item.reason = `${provider.key} is re-created`;
    this.#recreate(item);
  }

  /** Whether the value in the end still has this dependency; if not it is updated before the provider goes. */
  #needed(item: Item, dependency: Dependency): boolean {
    if (!item.changed) return true;
    return dependency.key === undefined || item.goal!.dependencies.some((next) => next.key === dependency.key);
  }

  #tellWatchers(item: Item): void {
    const { key } = item.node;
    this.#draft.graph.visitDependants(key, (dependant) => {
      if (dependant.applied === undefined || dependant.applied.foreign) return;
      if (
        !dependant.applied.dependencies.some(
          (dependency) => dependency.watches === 'change' && concerns(dependency, key),
        )
      )
        return;
      const watcher = this.#open(dependant, `${key} changes`);
      if (!watcher.stays || watcher.stuck || watcher.held || watcher.changed) return;
      if (dependant.registration?.handler?.refresh === undefined) this.#recreate(watcher);
      else if (!watcher.watched?.includes(key)) (watcher.watched ??= []).push(key);
    });
  }
}

/** Purely by declaration: an aggregate is always written as a whole, so its members change in place. */
function canUpdate(node: Node, from: Value, to: Value, metadata: unknown): boolean {
  const handler = node.registration?.handler;
  if (handler === undefined) return true;
  if (handler.recreate?.(node.key, from, to, metadata) === true) return false;
  const aggregate = handler.aggregate?.(node.key, to);
  if (aggregate !== node.applied?.aggregate) return false;
  return aggregate !== undefined || handler.update !== undefined;
}
