/** One step of a plan: what to do to one key, what has to be done before, and why. */

import type { Applied, Goal, Node } from './node.ts';
import type { Key } from '../model/key.ts';
import type { ValueState } from './scheduler.ts';

/** `refresh` tells a value that something it watches has changed. */
export type Verb = 'remove' | 'create' | 'update' | 'refresh';

export class Operation {
  readonly verb: Verb;
  readonly node: Node;
  /** What the planner saw applied; an operation that finds something else is planned anew. */
  readonly was: Applied | undefined;
  readonly goal: Goal | undefined;
  /** What was wanted when it was planned. */
  readonly aim: Goal | undefined;
  readonly reason: string;
  /** One half of a re-creation. */
  readonly recreate: boolean;
  /** Keys that changed, of a refresh. */
  readonly changed: readonly Key[];
  /** The data-plane object that it shares with others, or undefined when its object stands alone. */
  readonly aggregate: string | undefined;
  /** How many operations have to be done before. */
  waits = 0;
  /** The same while the sequence is worked out. */
  left = 0;
  /** Any-of dependencies without a provider so far, while the sequence is worked out. */
  undecided = 0;
  placed = false;
  /** What the node was like when it started. */
  priorState: ValueState = 'NONEXISTENT';
  priorError: string | undefined = undefined;
  /** `blocked`: not part of what is carried out, though others that are may name it as what comes next. */
  state: 'waiting' | 'running' | 'done' | 'failed' | 'skipped' | 'blocked' = 'waiting';
  next: Operation[] | undefined = undefined;
  /** Members of the dependency cycle it is made, or taken down, with, and what is done to each first: they may be missing when it starts. */
  cycle: ReadonlyMap<Node, Operation> | undefined = undefined;
  /** Not possible now, because of this node. */
  stuckOn: Node | undefined = undefined;
  /** Alternatives of an any-of dependency: one of them has to be done before. */
  alternatives: Operation[][] | undefined = undefined;

  constructor(
    verb: Verb,
    node: Node,
    was: Applied | undefined,
    goal: Goal | undefined,
    reason: string,
    recreate: boolean,
    changed: readonly Key[],
  ) {
    this.verb = verb;
    this.node = node;
    this.was = was;
    this.goal = goal;
    this.aim = node.wanted;
    this.reason = reason;
    this.recreate = recreate;
    this.changed = changed;
    this.aggregate =
      verb === 'remove' ? was!.aggregate : node.registration?.handler?.aggregate?.(node.key, goal!.value);
  }

  precede(other: Operation): void {
    if (other === this) return;
    (this.next ??= []).push(other);
    other.waits++;
  }
}
