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
    for (const [node, reason] of seeds) draft.open(node, reason).isSeed = true;
    yield* findTarget(draft);
    yield* findReplacements(draft, forced);
    const fresh = draft.late.filter((node) => !seeds.has(node));
    if (fresh.length > 0) {
      seeds = new Map([...seeds, ...fresh.map((node) => [node, draft.get(node)!.reason] as const)]);
      continue;
    }
    const { operations, blocked, entangled } = yield* sequence(yield* orderOperations(draft));
    for (const item of draft.order) if (item.node.parent !== undefined) item.carried = draft.present(item.node.parent);
    if (entangled.size === 0 || [...entangled].every((node) => forced.has(node))) return { operations, blocked, items: draft.order, draft };
    for (const node of entangled) forced.add(node);
  }
}

/** The same in one go. */
export function planAtOnce(graph: Graph, request: PlanRequest): PlannedChange {
  const steps = planInSteps(graph, request);
  for (;;) {
    const { value, done } = steps.next();
    if (done) return value;
  }
}
