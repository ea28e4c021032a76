/** Takes the changes of a transaction into the graph as what is wanted now. */

import type { Key } from '../model/key.ts';
import { describeConflict } from './conflict.ts';
import { structurallyEqual } from './equality.ts';
import type { Collector, Graph } from './graph.ts';
import type { Desired, Node } from './node.ts';
import { isAtRest } from './notes.ts';
import type { Change } from './scheduler.ts';
import type { Transaction } from './transaction.ts';

/**
 * Transactions may be taken in later than they were handed in; a key keeps what the youngest of them asked. Keys that are
 * not wanted any more leave no node to remember that by, so their removals are kept here while older transactions wait.
 */
export class Intake {
  readonly #graph: Graph;
  readonly #removals = new Map<Key, number>();

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** Call when no transaction is waiting or running. */
  forget(): void {
    this.#removals.clear();
  }

  *take(transaction: Transaction): Generator<void> {
    const changed = this.#seeding(transaction);
    let steps = 0;
    for (const request of transaction.requests.values()) {
      this.#takeOne(transaction, request, changed);
      if ((++steps & 63) === 0) yield;
    }
    const { resync } = transaction.options;
    if (resync === 'FullResync' || resync === 'UpstreamResync') {
      for (const node of this.#graph.nodes.values()) {
        if (node.parent === undefined && node.desired !== undefined && !transaction.requests.has(node.key)) {
          this.#takeOne(transaction, { key: node.key, value: null }, changed);
        }
        if ((++steps & 63) === 0) yield;
      }
    }
  }

  /** Puts the requests back as they were before the transaction, except where a younger one has asked since. */
  *giveBack(transaction: Transaction): Generator<void> {
    const seeding = this.#seeding(transaction);
    const changed: Collector = {
      add(node) {
        transaction.touched.add(node);
        seeding.add(node);
      },
    };
    for (const [key, desired] of transaction.previous) {
      const node = this.#graph.base(key);
      if (!this.#isYounger(node, key, transaction.seqNum)) this.#graph.setDesired(node, desired, changed);
      yield;
    }
    for (const key of transaction.created) {
      const node = this.#graph.get(key);
      if (node !== undefined && !this.#isYounger(node, key, transaction.seqNum))
        this.#graph.setDesired(node, undefined, changed);
      yield;
    }
  }

  /** The last reason counts: the first may not have known of a conflict yet. Of what was seeded before, the former one. */
  #seeding({ seeds }: Transaction): Collector {
    const former = seeds.size === 0 ? undefined : new Set(seeds.keys());
    return {
      add(node) {
        if (former?.has(node) !== true) seeds.set(node, reasonOf(node));
      },
    };
  }

  #takeOne(transaction: Transaction, { key, value, source }: Change, changed: Collector): void {
    const { seqNum } = transaction;
    const known = this.#graph.get(key);
    if (this.#isYounger(known, key, seqNum)) return;
    if (value === null) {
      this.#removals.set(key, seqNum);
      if (known?.desired === undefined) return;
      transaction.previous.set(key, known.desired);
      this.#graph.setDesired(known, undefined, changed);
      return;
    }
    const node = known ?? this.#graph.base(key);
    if (node.desired === undefined) transaction.created.push(key);
    else transaction.previous.set(key, node.desired);
    const asked = { source, seqNum, retry: transaction.retryPolicy };
    const same = node.desired !== undefined && isSame(node.desired, value, source);
    if (!same) this.#graph.setDesired(node, this.#graph.request(node, value, asked), changed);
    else if (isAtRest(node)) this.#graph.renew(node, { ...node.desired!, ...asked });
    else this.#graph.setDesired(node, { ...node.desired!, ...asked }, changed);
  }

  #isYounger(node: Node | undefined, key: Key, seqNum: number): boolean {
    return (node?.desired?.seqNum ?? -1) > seqNum || (this.#removals.get(key) ?? -1) > seqNum;
  }
}

function isSame(desired: Desired, value: object, source: Desired['source']): boolean {
  if (desired.refusal !== undefined) return false;
  if (desired.source?.priority !== source?.priority) return false;
  return structurallyEqual(desired.value, value);
}

function reasonOf(node: Node): string {
  if (node.parent !== undefined) return `part of ${node.parent.key}`;
  const conflict = describeConflict(node);
  if (conflict !== undefined) return conflict;
  if (node.desired === undefined) return 'not wanted any more';
  return node.desired.source === undefined ? 'requested' : `requested by ${node.desired.source.name}`;
}
