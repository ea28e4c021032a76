/** Puts operations into an order they can be done in: waiting ones after what they wait for, cycles as a whole. */

import { components } from './cycles.ts';
import type { Node } from './node.ts';
import type { Operation } from './operation.ts';

export interface Sequence {
  readonly operations: readonly Operation[];
  /** Not possible now: each waits, directly or not, for a node that cannot be touched. */
  readonly blocked: readonly Operation[];
  /** Cannot be updated in place without a deadlock; to be re-created. */
  readonly entangled: ReadonlySet<Node>;
}

export function* sequence(operations: readonly Operation[]): Generator<void, Sequence> {
  const sorter = new Sorter(operations);
  yield* sorter.gather();
  const blocked = sorter.removeBlocked();
  yield* sorter.begin();
  for (let i = 0; sorter.step(); i++) if ((i & 63) === 63) yield;
  const entangled = yield* sorter.breakCycles();
  return { operations: sorter.placed, blocked, entangled };
}

interface Alternative {
  readonly operation: Operation;
  readonly group: { open: boolean };
}

class Sorter {
  readonly #operations: readonly Operation[];
  readonly #choices = new Map<Operation, Alternative[]>();
  readonly #stuck: Operation[] = [];
  readonly #blocked = new Set<Operation>();
  /** In order; those from `#next` on have not told their successors yet. */
  readonly placed: Operation[] = [];
  #next = 0;

  constructor(operations: readonly Operation[]) {
    this.#operations = operations;
  }

  /** Finds the operations that cannot be done and those that have a choice of what they wait for. */
  *gather(): Generator<void> {
    let steps = 0;
    for (const operation of this.#operations) {
      if (operation.stuckOn !== undefined) this.#stuck.push(operation);
      if (operation.alternatives !== undefined) this.#addChoices(operation);
      if ((++steps & 255) === 0) yield;
    }
  }

  #addChoices(operation: Operation): void {
    for (const providers of operation.alternatives!) {
      const group = { open: true };
      for (const provider of providers) {
        const known = this.#choices.get(provider);
        if (known === undefined) this.#choices.set(provider, [{ operation, group }]);
        else known.push({ operation, group });
      }
    }
  }

  removeBlocked(): readonly Operation[] {
    const queue = this.#stuck;
    for (let operation = queue.pop(); operation !== undefined; operation = queue.pop()) {
      if (this.#blocked.has(operation)) continue;
      this.#blocked.add(operation);
      operation.state = 'blocked';
      const pass = (next: Operation): void => {
        next.stuckOn ??= operation.stuckOn;
        queue.push(next);
      };
      operation.next?.forEach(pass);
      for (const { operation: chooser } of this.#choices.get(operation) ?? []) {
        if (chooser.alternatives!.some((group) => group.every((provider) => this.#blocked.has(provider))))
          pass(chooser);
      }
    }
    return [...this.#blocked];
  }

  *begin(): Generator<void> {
    let steps = 0;
    for (const operation of this.#operations) {
      if ((++steps & 255) === 0) yield;
      if (this.#blocked.size > 0 && this.#blocked.has(operation)) continue;
      operation.left = operation.waits;
      operation.undecided = operation.alternatives?.length ?? 0;
      if (operation.left === 0 && operation.undecided === 0) this.#place(operation);
    }
  }

  step(): boolean {
    const operation = this.placed[this.#next];
    if (operation === undefined) return false;
    this.#next++;
    if (operation.next !== undefined) {
      for (const next of operation.next) {
        next.left--;
        this.#placeIfReady(next);
      }
    }
    const choices = this.#choices.get(operation);
    if (choices !== undefined) for (const choice of choices) this.#decide(operation, choice);
    return true;
  }

  /** What is left waits for itself. Places components in topological order, each in the order its kinds declare. */
  *breakCycles(): Generator<void, ReadonlySet<Node>> {
    const entangled = new Set<Node>();
    if (this.placed.length + this.#blocked.size === this.#operations.length) return entangled;
    const rest = new Set<Operation>();
    let steps = 0;
    for (const operation of this.#operations) {
      if (!operation.placed && !this.#blocked.has(operation)) rest.add(operation);
      if ((++steps & 255) === 0) yield;
    }
    for (const component of yield* components(rest, (operation) => this.#successors(operation))) {
      const removes = component.some(({ verb }) => verb === 'remove');
      for (const { verb, node, was } of component) {
        const changes = verb === 'update' || verb === 'refresh';
        // What lets go of a claim by its update, and waits for whoever gets it, has to let go first.
        if (changes && component.length > 1 && (removes || was!.claims.length > 0)) entangled.add(node);
      }
      this.#placeCycle(component);
      while (this.step()) if ((++steps & 63) === 0) yield;
    }
    return entangled;
  }

  *#successors(operation: Operation): Generator<Operation> {
    yield* operation.next ?? [];
    for (const { operation: chooser, group } of this.#choices.get(operation) ?? []) if (group.open) yield chooser;
  }

  #placeCycle(component: readonly Operation[]): void {
    const members = new Set(component);
    for (const operation of component) {
      operation.next = operation.next?.filter((next) => {
        const keep = !members.has(next) || isFirm(operation, next);
        if (!keep) next.waits--;
        return keep;
      });
    }
    const order = arrange(component);
    const first = new Map<Node, Operation>();
    for (const operation of order) if (!first.has(operation.node)) first.set(operation.node, operation);
    order.forEach((operation, i) => {
      if (component.length > 1) operation.cycle = first;
      if (i > 0) order[i - 1]!.precede(operation);
      if (!operation.placed) this.#place(operation);
    });
  }

  #decide(provider: Operation, { operation, group }: Alternative): void {
    if (!group.open) return;
    group.open = false;
    operation.undecided--;
    if (operation.placed) return;
    if (provider !== operation) {
      provider.precede(operation);
    }
    this.#placeIfReady(operation);
  }

  #placeIfReady(operation: Operation): void {
    if (operation.left <= 0 && operation.undecided === 0 && !operation.placed && !this.#blocked.has(operation))
      this.#place(operation);
  }

  #place(operation: Operation): void {
    operation.placed = true;
    this.placed.push(operation);
  }
}

/** Order that holds inside a cycle, too: the halves of a re-creation, parts made after their base and removed before it. */
function isFirm(first: Operation, second: Operation): boolean {
  if (first.node === second.node) return true;
  return first.verb === 'remove' ? first.node.parent === second.node : second.node.parent === first.node;
}

/** Members of a cycle by the rank of their kinds, removals the other way round and first. */
function arrange(component: readonly Operation[]): readonly Operation[] {
  const rest = [...component].sort(byRank);
  const order: Operation[] = [];
  while (rest.length > 0) {
    const free = rest.findIndex(
      (operation) => !rest.some((other) => other !== operation && other.next?.includes(operation)),
    );
    order.push(...rest.splice(Math.max(free, 0), 1));
  }
  return order;
}

function byRank(left: Operation, right: Operation): number {
  const leftRemoves = left.verb === 'remove';
  if (leftRemoves !== (right.verb === 'remove')) return leftRemoves ? -1 : 1;
  const order = rank(left) - rank(right) || (left.node.key < right.node.key ? -1 : 1);
  return leftRemoves ? -order : order;
}

function rank({ node }: Operation): number {
  return node.registration?.kind.cycleRank ?? 0;
}
