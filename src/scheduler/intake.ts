/** Takes the changes of a transaction into the graph as what is wanted now. */

import type { Key } from '../model/key.ts';
import { describeConflict } from './conflict.ts';
import { structurallyEqual } from './equality.ts';
import type { Graph } from './graph.ts';
import type { Desired, Node } from './node.ts';
import { isAtRest } from './notes.ts';
import type { Collector } from './parts.ts';
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
      const rest = this.#takeOne(transaction, request, changed);
      if (rest !== undefined) yield* rest;
      if ((++steps & 63) === 0) yield;
    }
    const { resync } = transaction.options;
    if (resync === 'FullResync' || resync === 'UpstreamResync') {
      for (const node of this.#graph.nodes.values()) {
        if (node.parent === undefined && node.desired !== undefined && !transaction.requests.has(node.key)) {
          const rest = this.#takeOne(transaction, { key: node.key, value: null }, changed);
          if (rest !== undefined) yield* rest;
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
      if (!this.#isYounger(node, key, transaction.seqNum)) yield* this.#graph.takeIn(node, desired, changed) ?? [];
      yield;
    }
    for (const key of transaction.created) {
      const node = this.#graph.get(key);
      if (node !== undefined && !this.#isYounger(node, key, transaction.seqNum))
        yield* this.#graph.takeIn(node, undefined, changed) ?? [];
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

  /** Returns what is left to do, of a value with many parts. */
  #takeOne(transaction: Transaction, { key, value, source }: Change, changed: Collector): Generator<void> | undefined {
    const { seqNum } = transaction;
    const known = this.#graph.get(key);
    if (this.#isYounger(known, key, seqNum)) return undefined;
    if (value === null) {
      this.#removals.set(key, seqNum);
      if (known?.desired === undefined) return undefined;
      transaction.previous.set(key, known.desired);
      return this.#graph.takeIn(known, undefined, changed);
    }
    const node = known ?? this.#graph.base(key);
    if (node.desired === undefined) transaction.created.push(key);
    else transaction.previous.set(key, node.desired);
    const asked = { source, seqNum, retry: transaction.retryPolicy };
    const same = node.desired !== undefined && isSame(node.desired, value, source);
    if (!same) return this.#graph.takeIn(node, this.#graph.request(node, value, asked), changed);
    if (!isAtRest(node)) return this.#graph.takeIn(node, { ...node.desired!, ...asked }, changed);
    this.#graph.renew(node, { ...node.desired!, ...asked });
    return undefined;
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
