/** One transaction: what it was asked, what it has done so far, and what is left. */

import type { Key } from '../model/key.ts';
import type { Draft } from './draft.ts';
import { isAway } from './errors.ts';
import type { Job } from './executor.ts';
import type { Graph } from './graph.ts';
import { failureState, isFailed, isLack, isUnfinished } from './node.ts';
import type { Desired, Node, Retry } from './node.ts';
import type { Operation } from './operation.ts';
import { operationName, recordOperation, stateAfter } from './recording.ts';
import type { Circumstances } from './recording.ts';
import type {
  Change,
  CommitOptions,
  OperationFailure,
  RecordedOperation,
  RetryPolicy,
  TransactionType,
} from './scheduler.ts';
import type { Turn } from './turn.ts';
import type { WaitingRoom } from './waiting-room.ts';

export const defaultRetry: RetryPolicy = { period: 1000, maxCount: 3, backoff: true };

export interface TransactionInit {
  readonly seqNum: number;
  readonly type: TransactionType;
  readonly requests: ReadonlyMap<Key, Change>;
  readonly options: CommitOptions;
  readonly isBulk: boolean;
  readonly turn: Turn;
  readonly graph: Graph;
  readonly waiting: WaitingRoom;
  /** Of a retry: the attempt it is. */
  readonly retry?: Retry;
}

export class Transaction implements Job {
  readonly seqNum: number;
  readonly type: TransactionType;
  readonly requests: ReadonlyMap<Key, Change>;
  readonly options: CommitOptions;
  readonly isBulk: boolean;
  readonly turn: Turn;
  readonly retry: Retry | undefined;
  readonly #graph: Graph;
  readonly #waiting: WaitingRoom;

  contended = false;
  halted = false;
  isRevert = false;

  /** What its keys were asked to be before, and the keys that nobody had asked for. */
  readonly previous = new Map<Key, Desired>();
  readonly created: Key[] = [];
  /** To be planned next, with the reason. */
  seeds = new Map<Node, string>();
  /** Changed by themselves: watchers have to hear. */
  events = new Set<Node>();
  /** Not to be touched again by this transaction, as long as the failure stands. */
  readonly refused = new Set<Node>();
  /** Failed, and not yet looked up in the data plane. */
  readonly unverified = new Set<Node>();
  readonly retries = new Map<Node, Retry>();
  /** Those that may be void in the end; all, if the transaction `keepsTrack`. */
  readonly touched = new Set<Node>();
  readonly executed: RecordedOperation[] = [];
  readonly failures: OperationFailure[] = [];
  /** What the operations under way were planned with. */
  draft: Draft | undefined;
  /** Time of the graph when they began to be planned. */
  planned = 0;
  /** Something did not go as planned, so plan and execution are recorded apart. */
  deviated = false;
  readonly timing: Record<string, number> = {};

  constructor(init: TransactionInit) {
    this.seqNum = init.seqNum;
    this.type = init.type;
    this.requests = init.requests;
    this.options = init.options;
    this.isBulk = init.isBulk;
    this.turn = init.turn;
    this.retry = init.retry;
    this.#graph = init.graph;
    this.#waiting = init.waiting;
  }

  get circumstances(): Circumstances {
    return this;
  }

  get isRetry(): boolean {
    return this.retry !== undefined;
  }

  /** Reverting and verifying need to know all that was touched. */
  get keepsTrack(): boolean {
    return this.options.revert === true || this.options.verify === true;
  }

  get retryPolicy(): RetryPolicy | false {
    return this.options.retry ?? defaultRetry;
  }

  seed(node: Node, reason: string): void {
    if (!this.seeds.has(node)) this.seeds.set(node, reason);
  }

  takeSeeds(): ReadonlyMap<Node, string> {
    const { seeds } = this;
    this.seeds = new Map();
    return seeds;
  }

  takeUnverified(): ReadonlySet<Node> {
    const taken = new Set(this.unverified);
    this.unverified.clear();
    return taken;
  }

  /**
   * Somebody waited until another node was settled, and wants this one to be dealt with: what failed here before they asked is
   * tried once more.
   */
  heed(node: Node, reason: string): void {
    if (!this.halted && this.refused.delete(node)) {
      const told = this.failures.findIndex(({ key }) => key === node.key);
      if (told >= 0) this.failures.splice(told, 1);
    }
    this.seed(node, reason);
  }

  /** Failed here; nobody has asked for something else since, or found out that it is as it ought to be. */
  refuses(node: Node): boolean {
    return isFailed(node) && this.refused.has(node);
  }

  takeEvents(): ReadonlySet<Node> {
    const { events } = this;
    if (events.size > 0) this.events = new Set();
    return events;
  }

  /** Adds the time since `start` to a phase; returns now. */
  spent(phase: string, start: number): number {
    const now = performance.now();
    this.timing[phase] = (this.timing[phase] ?? 0) + now - start;
    return now;
  }

  starting(operation: Operation): void {
    const { node } = operation;
    operation.priorState = node.state;
    operation.priorError = node.failure?.error.message;
  }

  succeeded(operation: Operation): void {
    const { node } = operation;
    this.#graph.setFailure(node, undefined, undefined);
    if (operation.verb !== 'remove') this.#graph.setMissing(node, []);
    this.#conclude(operation, stateAfter(operation), undefined);
    this.#wake(node);
    if (this.contended) this.#mindLatecomers(operation);
  }

  /**
   * Others may have asked for things since this transaction was planned. Whoever ends an operation answers for those who
   * wait for its node: a later plan looks at them.
   */
  #mindLatecomers({ node, verb, aim, recreate }: Operation): void {
    if (node.wanted !== aim || (verb === 'remove' && aim !== undefined && !recreate))
      this.seed(node, 'asked for anew meanwhile');
    const look = (other: Node): void => {
      if (this.#isLate(other, verb)) this.seed(node, `${node.key} changed meanwhile`);
    };
    if (verb !== 'remove') node.parts.forEach(look);
    this.#graph.visitDependants(node.key, look);
  }

  /** Nothing in the plan under way will see to it. */
  #isLate(node: Node, verb: Operation['verb']): boolean {
    const item = this.draft?.get(node);
    const waits = isUnfinished(node);
    if (verb === 'remove') return waits && item === undefined;
    if (!waits) return item === undefined && node.indexed.some(({ anyOf }) => anyOf?.where !== undefined);
    // Made by this plan and gone again by another, or left to whoever settles what it is blocked by.
    const state = item?.making?.state;
    return state === undefined || state === 'blocked' || state === 'done';
  }

  failed(operation: Operation, error: Error, uncertain: boolean): void {
    const { node } = operation;
    const name = operationName(operation);
    const retry = this.#nextAttempt(node, error);
    this.deviated = true;
    this.refused.add(node);
    if (!uncertain) this.unverified.add(node);
    if (retry !== undefined) this.retries.set(node, retry);
    this.#graph.setFailure(node, { error, operation: name, retriable: retry !== undefined, aim: operation.aim }, retry);
    this.failures.push({ key: node.key, operation: name, error });
    this.#conclude(operation, failureState(node), error.message);
    if (this.options.revert === true && !this.isRevert) this.halted = true;
    this.seed(node, `${name} of ${node.key} failed`);
  }

  skipped({ node, reason }: Operation): void {
    this.deviated = true;
    this.seed(node, reason);
  }

  blocked({ node }: Operation, blocker: Node): void {
    this.deviated = true;
    this.#waiting.add(blocker, node);
  }

  #conclude(operation: Operation, state: RecordedOperation['newState'], error: string | undefined): void {
    const { node } = operation;
    this.#graph.note(node, operationName(operation));
    this.#graph.settle(node);
    if (operation.verb === 'remove' || operation.recreate)
      for (const part of node.parts) if (part.applied === undefined) this.#graph.settle(part);
    this.executed.push(
      recordOperation(operation, operation.priorState, operation.priorError, state, error, this.circumstances),
    );
  }

  /** Whoever could not be dealt with because of this node is looked at again. */
  #wake(node: Node): void {
    for (const waiting of this.#waiting.take(node)) this.heed(waiting, `${node.key} is settled`);
  }

  #nextAttempt(node: Node, error: Error): Retry | undefined {
    const policy = this.retry?.policy ?? (node.desired === undefined ? this.retryPolicy : node.desired.retry);
    if (policy === false || (this.options.revert === true && !this.isRevert) || !isRetriable(node, error))
      return undefined;
    const seqNum = this.retry?.seqNum ?? this.seqNum;
    // It is no attempt when there is nobody to refuse.
    if (isAway(error)) return { attempt: this.retry?.attempt ?? 1, seqNum, policy, waits: true };
    const attempt = this.retry === undefined ? 1 : this.retry.attempt + 1;
    return policy.maxCount !== 0 && attempt > policy.maxCount ? undefined : { attempt, seqNum, policy };
  }
}

function isRetriable(node: Node, error: Error): boolean {
  if (isLack(error)) return false;
  const own = (error as { readonly retriable?: unknown }).retriable;
  return node.registration?.handler?.retriable?.(error) ?? (typeof own === 'boolean' ? own : true);
}
