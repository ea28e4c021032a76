/**
 * The planner: from what changed to the operations that lead to the goal, with their order and reasons. It reads the
 * graph and changes nothing; it assumes that every operation will succeed. Its cost follows the change, not the graph.
 */

import { Draft } from './draft.ts';
import type { Item } from './draft.ts';
import type { Graph } from './graph.ts';
import type { Node } from './node.ts';
import type { Operation } from './operation.ts';
import { orderOperations } from './ordering.ts';
import { findReplacements } from './replacement.ts';
import { sequence } from './sequence.ts';
import { findTarget } from './target.ts';

export interface PlanRequest {
  /** What changed, with the reason people read. */
  readonly seeds: ReadonlyMap<Node, string>;
  /** Not to be touched: it failed already in this transaction. */
  readonly stuck: (node: Node) => boolean;
  /** Nodes whose value or metadata changed without an operation. */
  readonly events: ReadonlySet<Node>;
  /** Nodes that are not as they ought to be because of this one. */
  readonly behind: (node: Node) => Iterable<Node>;
}

export interface PlannedChange {
  /** In an order they can be done in. */
  readonly operations: readonly Operation[];
  readonly blocked: readonly Operation[];
  /** Everything the planner thought about, also where there is nothing to do. */
  readonly items: readonly Item[];
  readonly draft: Draft;
}

/** Plans in steps: each `yield` is a place where the work may be interrupted. */
export function* planInSteps(graph: Graph, request: PlanRequest): Generator<void, PlannedChange> {
  let seeds: ReadonlyMap<Node, string> = request.seeds;
  const forced = new Set<Node>();
  for (;;) {
    const draft = new Draft(graph, request);
    let steps = 0;
    for (const [node, reason] of seeds) {
      draft.open(node, reason).isSeed = true;
      if ((++steps & 63) === 0) yield;
    }
    yield* findTarget(draft);
    yield* findReplacements(draft, forced);
    const more = yield* withLate(seeds, draft);
    if (more !== undefined) {
      seeds = more;
      continue;
    }
    const { operations, blocked, entangled } = yield* sequence(yield* orderOperations(draft));
    if (isSubset(entangled, forced)) return { operations, blocked, items: draft.order, draft };
    for (const node of entangled) forced.add(node);
  }
}

/** The seeds and what came up late, with its reason; undefined when nothing did. */
function* withLate(
  seeds: ReadonlyMap<Node, string>,
  draft: Draft,
): Generator<void, ReadonlyMap<Node, string> | undefined> {
  if (draft.late.length === 0) return undefined;
  const more = new Map<Node, string>();
  for (const [node, reason] of seeds) {
    more.set(node, reason);
    if ((more.size & 63) === 0) yield;
  }
  for (const node of draft.late) if (!more.has(node)) more.set(node, draft.get(node)!.reason);
  return more.size > seeds.size ? more : undefined;
}

function isSubset(nodes: ReadonlySet<Node>, of: ReadonlySet<Node>): boolean {
  for (const node of nodes) if (!of.has(node)) return false;
  return true;
}

/** The same in one go. */
export function planAtOnce(graph: Graph, request: PlanRequest): PlannedChange {
  const steps = planInSteps(graph, request);
  for (;;) {
    const { value, done } = steps.next();
    if (done) return value;
  }
}
