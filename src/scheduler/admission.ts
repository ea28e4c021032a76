/**
 * The last look before an operation starts, for plans made while other transactions run: is what the planner assumed still
 * so? Transactions hold no locks; each operation checks its own neighbourhood.
 */

import type { Graph } from './graph.ts';
import type { Dependency } from './kind.ts';
import { accepts, concerns, satisfies } from './matching.ts';
import type { Node } from './node.ts';
import type { Operation } from './operation.ts';

/** Go ahead, plan anew, or wait until the node's running operation is over. */
export type Admission = 'go' | 'stale' | Node;

/** `planned`: time of the graph when planning began. */
export function admit(graph: Graph, operation: Operation, planned: number): Admission {
  const { node, verb } = operation;
  if (node.attempt !== undefined || node.uncertain) return node;
  // Nothing is done to a value, or to parts of it, while some of these are not known yet, or by a plan that did not know them.
  const whole = graph.wholeSince(node.base);
  if (whole > planned) return whole === Infinity ? node.base : 'stale';
  if (node.applied !== operation.was || node.wanted !== operation.aim) return 'stale';
  if (verb === 'remove') return admitRemoval(graph, operation);
  const verdict = admitMaking(graph, operation);
  return verdict === 'go' && verb === 'update' ? admitChange(graph, operation, planned) : verdict;
}

function admitMaking(graph: Graph, { node, goal, cycle }: Operation): Admission {
  let verdict: Admission = 'go';
  if (node.parent !== undefined) verdict = availability(node.parent);
  for (const dependency of goal!.dependencies) {
    if (verdict !== 'go') return verdict;
    verdict = satisfies(dependency, node.key, goal!.value) ? 'go' : provision(graph, dependency, cycle);
  }
  for (const claim of goal!.claims) {
    for (const holder of graph.holders(claim))
      if (holder !== node && verdict === 'go') verdict = isBusy(holder) ? holder : 'stale';
  }
  return verdict;
}

function provision(graph: Graph, dependency: Dependency, cycle: Operation['cycle']): Admission {
  if (dependency.key !== undefined) {
    const node = graph.get(dependency.key);
    if (node === undefined) return 'stale';
    return isStillToCome(cycle?.get(node)) ? 'go' : availability(node);
  }
  let verdict: Admission = 'stale';
  for (const prefix of dependency.anyOf?.prefixes ?? []) {
    for (const node of graph.appliedUnder(prefix)) {
      if (!accepts(dependency, node.key, node.applied!.value)) continue;
      if (!isBusy(node)) return 'go';
      verdict = node;
    }
  }
  if (verdict === 'stale' && cycle !== undefined) {
    for (const [node, member] of cycle) {
      const fits = member.goal === undefined || accepts(dependency, node.key, member.goal.value);
      if (fits && concerns(dependency, node.key) && isStillToCome(member)) return 'go';
    }
  }
  return verdict;
}

function availability(node: Node): Admission {
  if (isBusy(node)) return node;
  return node.applied === undefined ? 'stale' : 'go';
}

function admitRemoval(graph: Graph, { node, cycle }: Operation): Admission {
  let verdict: Admission = 'go';
  for (const part of node.parts) {
    if (isBusy(part)) return part;
    if (part.applied !== undefined && !part.applied.foreign) verdict = 'stale';
  }
  graph.visitDependants(node.key, (dependant) => {
    if (dependant === node || isStillToCome(cycle?.get(dependant))) return;
    const concerned = (dependencies: readonly Dependency[] | undefined): boolean =>
      dependencies?.some((dependency) => concerns(dependency, node.key)) ?? false;
    if (isBusy(dependant) && (concerned(dependant.attempt?.dependencies) || concerned(dependant.applied?.dependencies)))
      verdict = dependant;
    else if (verdict === 'go' && reliesOn(graph, dependant, node)) verdict = 'stale';
  });
  return verdict;
}

/** Who came to rely on the value as it is since the plan was made may not like the new one: the plan has not asked. */
function admitChange(graph: Graph, { node, was, goal, cycle }: Operation, planned: number): Admission {
  const mayMind = (dependency: Dependency): boolean =>
    dependency.anyOf?.where !== undefined && concerns(dependency, node.key);
  const isLost = (dependency: Dependency): boolean =>
    mayMind(dependency) &&
    accepts(dependency, node.key, was!.value) &&
    !accepts(dependency, node.key, goal!.value) &&
    !hasOther(graph, dependency, node);
  let verdict: Admission = 'go';
  graph.visitDependants(node.key, (dependant) => {
    if (dependant === node || isStillToCome(cycle?.get(dependant)) || !dependant.indexed.some(mayMind)) return;
    if (isBusy(dependant)) verdict = dependant;
    else if (verdict === 'go' && dependant.touched > planned && dependant.applied?.dependencies.some(isLost))
      verdict = 'stale';
  });
  return verdict;
}

/**
 * A member of the cycle whose turn has not come, and that nobody else has changed meanwhile: when a cycle is made it may be
 * missing, when it is taken down it may rely on what goes before it.
 */
function isStillToCome(member: Operation | undefined): boolean {
  return member?.state === 'waiting' && !isBusy(member.node) && member.node.applied === member.was;
}

function reliesOn(graph: Graph, dependant: Node, provider: Node): boolean {
  const { applied } = dependant;
  if (applied === undefined || applied.foreign) return false;
  return applied.dependencies.some(
    (dependency) => concerns(dependency, provider.key) && !hasOther(graph, dependency, provider),
  );
}

function hasOther(graph: Graph, dependency: Dependency, provider: Node): boolean {
  if (dependency.key !== undefined) return false;
  if (!accepts(dependency, provider.key, provider.applied!.value)) return true;
  for (const prefix of dependency.anyOf?.prefixes ?? []) {
    for (const node of graph.appliedUnder(prefix)) {
      if (node !== provider && !isBusy(node) && accepts(dependency, node.key, node.applied!.value)) return true;
    }
  }
  return false;
}

function isBusy(node: Node): boolean {
  return node.attempt !== undefined || node.uncertain;
}
