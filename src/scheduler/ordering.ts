/** Turns a draft into operations and says which has to be done before which. */

import type { Key } from '../model/key.ts';
import type { Draft, Item } from './draft.ts';
import type { Dependency } from './kind.ts';
import { accepts, concerns, satisfies } from './matching.ts';
import { nothing } from './node.ts';
import type { Node } from './node.ts';
import { Operation } from './operation.ts';

/** Operations of the draft, removals first, then what makes again, makes new, and changes. */
export function* orderOperations(draft: Draft): Generator<void, readonly Operation[]> {
  const groups: Operation[][] = [[], [], [], []];
  for (let i = 0; i < draft.order.length; i++) {
    const item = draft.order[i]!;
    if (item.node.parent !== undefined) item.carried = draft.present(item.node.parent);
    addOperations(item, groups);
    if ((i & 63) === 63) yield;
  }
  for (let i = 0; i < draft.order.length; i++) {
    const item = draft.order[i]!;
    if (item.removal !== undefined) beforeRemoval(draft, item, item.removal);
    if (item.making !== undefined) beforeMaking(draft, item, item.making);
    if ((i & 63) === 63) yield;
  }
  return groups[0]!.concat(groups[1]!, groups[2]!, groups[3]!);
}

function addOperations(item: Item, groups: readonly Operation[][]): void {
  if (item.stuck || item.foreign) return;
  const { node, was, goal } = item;
  if (was !== undefined && (!item.present || item.recreate)) {
    item.removal = new Operation('remove', node, was, undefined, item.reason, item.recreate, nothing);
    groups[0]!.push(item.removal);
  }
  if (!item.present) return;
  if (item.held) {
    if (!item.recreate) return;
    // Its base did not get on, so it comes back as it was.
    item.making = new Operation('create', node, undefined, { ...was!, parts: nothing }, item.reason, true, nothing);
    return void groups[1]!.push(item.making);
  }
  if (was === undefined || item.recreate) {
    item.making = new Operation(
      'create',
      node,
      item.recreate ? undefined : was,
      goal,
      item.reason,
      item.recreate,
      nothing,
    );
    groups[item.recreate ? 1 : 2]!.push(item.making);
  } else if (item.changed) {
    item.making = new Operation('update', node, was, goal, item.reason, false, nothing);
    groups[3]!.push(item.making);
  } else if (item.watched !== undefined) {
    item.making = new Operation('refresh', node, was, goal, `${item.watched.join(', ')} changed`, false, item.watched);
    groups[3]!.push(item.making);
  }
}

/** Parts and dependants go first. One that can do neither holds the removal up. */
function beforeRemoval(draft: Draft, item: Item, removal: Operation): void {
  const { node } = item;
  for (const part of node.parts) {
    const partItem = draft.get(part);
    if (partItem?.removal !== undefined) partItem.removal.precede(removal);
    else if (part.uncertain || (part.applied !== undefined && !part.applied.foreign)) removal.stuckOn ??= part;
  }
  draft.graph.visitDependants(node.key, (dependant) => releaseDependant(draft, dependant, node, removal));
  if (item.recreate) removal.precede(item.making!);
}

function releaseDependant(draft: Draft, dependant: Node, provider: Node, removal: Operation): void {
  if (dependant.uncertain && dependant.attempt?.dependencies.some((dependency) => concerns(dependency, provider.key)))
    removal.stuckOn ??= dependant;
  if (dependant.applied === undefined || dependant.applied.foreign) return;
  const relied = dependant.applied.dependencies.filter((dependency) =>
    satisfies(dependency, provider.key, provider.applied!.value),
  );
  if (relied.length === 0) return;
  const item = draft.get(dependant);
  if (item?.removal !== undefined) item.removal.precede(removal);
  else if (relied.every((dependency) => dependency.key === undefined && draft.satisfiedThroughout(dependency))) return;
  else if (item?.making?.verb === 'update') item.making.precede(removal);
  else removal.stuckOn ??= dependant;
}

function beforeMaking(draft: Draft, item: Item, making: Operation): void {
  const { node } = item;
  if (node.parent !== undefined) awaitProvider(draft, node.parent, making);
  for (const dependency of making.goal!.dependencies) awaitDependency(draft, dependency, making);
  for (const claim of making.goal!.claims) awaitClaim(draft, claim, making);
  for (const key of making.verb === 'refresh' ? item.watched! : nothing) awaitChange(draft, key, making);
  if (making.verb !== 'update') return;
  for (const part of node.parts) draft.get(part)?.removal?.precede(making);
  draft.graph.visitDependants(node.key, (dependant) => {
    const removal = draft.get(dependant)?.removal;
    if (
      removal?.was!.dependencies.some(
        (dependency) => dependency.anyOf?.where !== undefined && concerns(dependency, node.key),
      )
    )
      removal.precede(making);
  });
}

function awaitDependency(draft: Draft, dependency: Dependency, making: Operation): void {
  if (dependency.key !== undefined) {
    const provider = draft.graph.get(dependency.key);
    if (provider !== undefined) awaitProvider(draft, provider, making);
    return;
  }
  const alternatives: Operation[] = [];
  let unknown: Node | undefined;
  for (const node of draft.providers(dependency)) {
    if (!draft.present(node)) continue;
    const provider = draft.get(node);
    if (node.uncertain) unknown = node;
    else if (provider?.making === undefined) return;
    if (provider?.making === undefined) continue;
    if (provider.stays && accepts(dependency, node.key, provider.was!.value)) return;
    if (!alternatives.includes(provider.making)) alternatives.push(provider.making);
  }
  if (alternatives.length > 0) (making.alternatives ??= []).push(alternatives);
  else if (unknown !== making.node) making.stuckOn ??= unknown;
}

/** Who is told of a change looks when it has been made, also where another provider would do. */
function awaitChange(draft: Draft, key: Key, making: Operation): void {
  const provider = draft.graph.get(key);
  const change = provider && draft.get(provider);
  (change?.making ?? change?.removal)?.precede(making);
}

/** Nothing is built on what may have gone: an unknown outcome is found out first. */
function awaitProvider(draft: Draft, provider: Node, making: Operation): void {
  if (provider.uncertain && provider !== making.node) making.stuckOn ??= provider;
  else draft.get(provider)?.making?.precede(making);
}

/** The thing is free when whoever holds it has let go of it. */
function awaitClaim(draft: Draft, claim: string, making: Operation): void {
  for (const holder of draft.graph.holders(claim)) {
    if (holder === making.node) continue;
    const item = draft.get(holder);
    if (item?.removal !== undefined) item.removal.precede(making);
    else if (item?.making?.verb === 'update') item.making.precede(making);
    else making.stuckOn ??= holder;
  }
}
