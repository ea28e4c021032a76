/** All nodes and everything that is derived from them. Only this file and `parts.ts` change a node. */

import type { Key } from '../model/key.ts';
import { assess, goalOf, invalid } from './assessment.ts';
import type { Assessment } from './assessment.ts';
import { Claims } from './claims.ts';
import { DependencyIndex } from './dependency-index.ts';
import { KeyTree } from './key-tree.ts';
import type { Dependency, Part, Value } from './kind.ts';
import { Members } from './members.ts';
import { Node, deriveState, nothing } from './node.ts';
import type { Applied, Desired, Failure, Missing, Retry } from './node.ts';
import { Parts, isOrphan } from './parts.ts';
import type { Collector } from './parts.ts';
import type { Registration, Registry } from './registry.ts';
import type { OperationName } from './scheduler.ts';
import { Overlay } from './overlay.ts';

/** Called after a status changed. */
export type StatusListener = (node: Node) => void;

export class Graph {
  readonly nodes = new Map<Key, Node>();
  readonly #registry: Registry;
  readonly #now: () => number;
  readonly #index = new DependencyIndex();
  readonly #applied = new KeyTree<Node>();
  readonly #claims = new Claims();
  readonly #members = new Members();
  /** Values that were refused because a part of them is another one's, by the key of the part. */
  readonly #waiting = new Map<Key, Set<Node>>();
  readonly #parts: Parts;
  #overlay: WeakRef<Overlay> | undefined;
  #generation = 0;
  #time = 0;
  onStatus: StatusListener = () => {};
  /** Nobody has the part any more that these were refused for. */
  onFreed: (key: Key, refused: Iterable<Node>) => void = () => {};

  constructor(registry: Registry, now: () => number, collided: (key: Key, parent: Key) => void) {
    this.#registry = registry;
    this.#now = now;
    this.#parts = new Parts({
      nodes: this.nodes,
      addPart: (parent, part) => this.#addPart(parent, part),
      touch: (node) => this.#touch(node),
      tick: () => ++this.#time,
      request: (node, value, asked) => this.request(node, value, asked),
      setDesired: (node, desired, changed) => this.setDesired(node, desired, changed),
      takeIn: (node, desired, changed) => this.takeIn(node, desired, changed),
      collided,
    });
  }

  /** Hears of values of which all parts are taken in now. */
  set onWhole(listener: (node: Node) => void) {
    this.#parts.onWhole = listener;
  }

  /** Grows with every change of belief. */
  get time(): number {
    return this.#time;
  }

  get(key: Key): Node | undefined {
    return this.nodes.get(key);
  }

  /** The base node of a key, made when it is new. */
  base(key: Key, registration = this.#registry.ofKey(key)): Node {
    return this.nodes.get(key) ?? this.#add(new Node(key, registration?.kind.name, registration, undefined));
  }

  /** These keys and those of their parts. */
  withParts(keys: Iterable<Key>): ReadonlySet<Key> {
    const all = new Set<Key>();
    for (const key of keys) {
      all.add(key);
      for (const part of this.nodes.get(key)?.parts ?? nothing) all.add(part.key);
    }
    return all;
  }

  /** Applied nodes whose key is under a prefix. */
  *appliedUnder(prefix: string): Generator<Node> {
    for (const [, node] of this.#applied.under(prefix)) yield node;
  }

  /** Whether any value watches another one for changes. */
  get isWatched(): boolean {
    return this.#index.watching > 0;
  }

  /** Nodes with a dependency that `key` could satisfy, wanted or applied; a node may come twice. */
  visitDependants(key: Key, found: (node: Node) => void): void {
    this.#index.visit(key, found);
  }

  /** Applied nodes that hold a claim, wanted or not. */
  holders(claim: string): Iterable<Node> {
    return this.#claims.holders(claim);
  }

  /**
   * Sets what is wanted and, with it, the parts and the claims. Every node whose goal or conflict changed goes to
   * `changed`. Setting the former value again undoes it.
   */
  setDesired(node: Node, desired: Desired | undefined, changed: Collector): void {
    if (this.#aim(node, desired, changed)) this.#parts.sync(node, changed);
  }

  /**
   * As `setDesired`, of a value with many parts only when the returned steps have been taken; they end by themselves when another
   * value is asked for meanwhile.
   */
  takeIn(node: Node, desired: Desired | undefined, changed: Collector): Generator<void> | undefined {
    const isOther = this.#aim(node, desired, changed);
    if (this.#parts.areMany(node) && (isOther || this.wholeSince(node) === Infinity))
      return this.#parts.syncInSteps(node, changed);
    if (isOther) this.#parts.sync(node, changed);
    return undefined;
  }

  wholeSince(node: Node): number {
    return this.#parts.wholeSince(node);
  }

  /** The same value is asked for again: only who asks, and when, is new. */
  renew(node: Node, desired: Desired): void {
    this.#touch(node);
    node.desired = desired;
  }

  /** Judges a request. A refused revision leaves what is applied as the goal. */
  request(node: Node, value: Value, asked: Pick<Desired, 'source' | 'seqNum' | 'retry'>): Desired {
    const { goal, refusal } = this.#assess(node, value);
    return {
      value,
      source: asked.source,
      seqNum: asked.seqNum,
      retry: asked.retry,
      refusal,
      goal: refusal?.state === 'INVALID' ? this.#kept(node) : goal,
    };
  }

  setApplied(node: Node, applied: Applied | undefined, observed?: Node['observed']): void {
    this.#touch(node);
    const before = node.applied;
    node.applied = applied;
    node.observed = observed;
    node.touched = ++this.#time;
    this.#claims.hold(node, before?.claims ?? nothing, applied?.claims ?? nothing);
    if (before?.aggregate !== applied?.aggregate) this.#members.move(node, before?.aggregate, applied?.aggregate);
    if (applied !== undefined && before === undefined) this.#applied.set(node.key, node);
    if (applied === undefined && before !== undefined) this.#applied.delete(node.key);
    this.#reindex(node);
  }

  /** Ends the running operation with what is applied now. */
  conclude(node: Node, applied: Applied | undefined): void {
    node.attempt = undefined;
    this.setApplied(node, applied);
  }

  /** Applied values that share a data-plane object. */
  visitMembers(kind: string, aggregate: string, found: (node: Node) => void): void {
    this.#members.visit(kind, aggregate, found);
  }

  setAttempt(node: Node, attempt: Node['attempt']): void {
    this.#touch(node);
    node.attempt = attempt;
    this.#reindex(node);
  }

  setUncertain(node: Node, uncertain: boolean): void {
    this.#touch(node);
    node.uncertain = uncertain;
    node.touched = ++this.#time;
  }

  setFailure(node: Node, failure: Failure | undefined, retry: Retry | undefined): void {
    if (node.failure === failure && node.retry === retry) return;
    this.#touch(node);
    node.failure = failure;
    node.retry = retry;
  }

  setMissing(node: Node, labels: readonly string[]): void {
    if (labels.length === 0 && node.missing.length === 0) return;
    this.#touch(node);
    const since = new Map(node.missing.map((missing) => [missing.label, missing.since]));
    const now = this.#now();
    node.missing = labels.map((label): Missing => ({ label, since: since.get(label) ?? now }));
  }

  /** Records that the present request was dealt with, by an operation or by a change of state alone. */
  note(node: Node, operation: OperationName): void {
    this.#touch(node);
    node.lastOperation = operation;
    node.noted = node.desired;
  }

  setRegistration(node: Node, registration: Registration): void {
    this.#touch(node);
    node.registration = registration;
    node.kind = registration.kind.name;
  }

  /** Brings the state up to date after any of the above; tells the listener when it or what it says changed. */
  settle(node: Node): void {
    const state = deriveState(node);
    if (state !== node.state) {
      this.#touch(node);
      node.state = state;
      node.since = this.#now();
    }
    this.onStatus(node);
  }

  /** Drops nodes that stand for nothing any more. */
  sweep(candidates: Iterable<Node>): void {
    const parents = new Set<Node>();
    for (const node of candidates) {
      if (!isVoid(node) || this.nodes.get(node.key) !== node) continue;
      this.#forget(node);
      if (node.parent !== undefined) parents.add(node.parent);
    }
    for (const parent of parents) {
      this.#touch(parent);
      parent.parts = parent.parts.filter((part) => this.nodes.get(part.key) === part);
    }
    if (parents.size > 0) this.sweep(parents);
  }

  /** A forgotten base takes its parts along: left behind, they would stand in the way of a later base's. */
  #forget(node: Node): void {
    for (const part of node.parts) if (this.nodes.get(part.key) === part) this.#forget(part);
    this.#touch(node);
    this.nodes.delete(node.key);
    this.#parts.forget(node);
    const waiting = this.#waiting.get(node.key);
    if (waiting !== undefined && this.#waiting.delete(node.key)) this.onFreed(node.key, waiting);
    if (node.state === 'NONEXISTENT') return;
    node.state = 'NONEXISTENT';
    this.onStatus(node);
  }

  /** A part of a value that was found in the data plane, made when it is new. */
  observedPart(parent: Node, part: Part): Node | undefined {
    const known = this.nodes.get(part.key);
    if (known?.parent === parent) return known;
    if (known !== undefined && !isOrphan(known, part)) return undefined;
    const node = known ?? this.#addPart(parent, part);
    this.#touch(node);
    node.parent = parent;
    this.#touch(parent);
    parent.parts = [...parent.parts, node];
    return node;
  }

  overlay(): Overlay {
    const current = this.#overlay?.deref();
    if (current !== undefined && current.isEmpty) return current;
    const next = new Overlay(this.nodes);
    current?.follow(next);
    this.#overlay = new WeakRef(next);
    this.#generation++;
    return next;
  }

  /** A part belongs to one value: who asks for it while another one has it is refused, and heard of in `onFreed`. */
  #assess(node: Node, value: Value): Assessment {
    const assessment = assess(node.kind, node.registration, node.parent !== undefined, node.key, value);
    for (const part of assessment.goal?.parts ?? nothing) {
      const owner = this.nodes.get(part.key);
      if (owner === undefined || owner.parent === node || isOrphan(owner, part)) continue;
      const waiting = this.#waiting.get(part.key);
      if (waiting === undefined) this.#waiting.set(part.key, new Set([node]));
      else waiting.add(node);
      return invalid(`conflicts with ${owner.parent?.key ?? owner.key}: both have ${part.key}`);
    }
    return assessment;
  }

  #kept(node: Node): Desired['goal'] {
    const { applied, goal } = node;
    if (node.desired?.refusal?.state === 'INVALID') return goal;
    if (applied === undefined || applied.foreign) return undefined;
    return goal?.value === applied.value ? goal : goalOf(node.registration, node.key, applied.value);
  }

  /** Sets the goal, and the claims with it. False when it is the same. */
  #aim(node: Node, desired: Desired | undefined, changed: Collector): boolean {
    this.#touch(node);
    const before = node.goal;
    const goal = desired?.goal;
    const isMoved = isOfOtherPriority(node, desired);
    node.desired = desired;
    changed.add(node);
    if (goal === before && !isMoved) return false;
    node.goal = goal;
    this.#reindex(node);
    this.#claims.replace(node, before?.claims ?? nothing, goal?.claims ?? nothing, isMoved, (loser, winner) => {
      this.#touch(loser);
      loser.conflict = winner;
      changed.add(loser);
    });
    return true;
  }

  #addPart(parent: Node, part: Part): Node {
    return this.#add(
      new Node(part.key, part.kind, part.kind === undefined ? undefined : this.#registry.named(part.kind), parent),
    );
  }

  #add(node: Node): Node {
    this.nodes.set(node.key, node);
    node.saved = this.#generation;
    this.#overlay?.deref()?.saveAbsent(node.key);
    return node;
  }

  #reindex(node: Node): void {
    const next = union(
      node.goal?.dependencies,
      union(node.applied?.dependencies, node.attempt?.dependencies ?? nothing),
    );
    if (next === node.indexed) return;
    for (const dependency of node.indexed) this.#index.remove(node, dependency);
    for (const dependency of next) this.#index.add(node, dependency);
    node.indexed = next;
  }

  /** Saves the node for open snapshots before its first change after them. */
  #touch(node: Node): void {
    if (node.saved === this.#generation) return;
    node.saved = this.#generation;
    const overlay = this.#overlay?.deref();
    if (overlay === undefined) this.#overlay = undefined;
    else overlay.save(node);
  }
}

/** Asked for by a source of another priority than before; parts follow their base. */
function isOfOtherPriority({ parent, desired }: Node, next: Desired | undefined): boolean {
  if (parent !== undefined || desired === undefined || next === undefined) return false;
  return desired.source?.priority !== next.source?.priority;
}

function isVoid(node: Node): boolean {
  return (
    node.desired === undefined &&
    node.applied === undefined &&
    node.attempt === undefined &&
    !node.uncertain &&
    node.failure === undefined &&
    node.parts.every(isVoid)
  );
}

function union(left: readonly Dependency[] | undefined, right: readonly Dependency[]): readonly Dependency[] {
  if (left === undefined || left.length === 0) return right;
  return right.length === 0 || left === right ? left : [...left, ...right];
}
