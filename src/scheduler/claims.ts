/** Exclusive resources: of the values that claim the same thing one wins, and the others say whom they lost to. */

import type { Node } from './node.ts';

/**
 * The outcome is a function of who claims what, not of who came first: claimants are served by source priority, then
 * key, and one that loses any of its claims holds none of the others either.
 */
export class Claims {
  readonly #claimants = new Map<string, Set<Node>>();
  /** By what is applied: a claim is free for the next one only when its last holder is gone. */
  readonly #holders = new Map<string, Set<Node>>();

  /** Replaces the claims of a node and calls back for every node whose winner changes. */
  replace(
    node: Node,
    before: readonly string[],
    after: readonly string[],
    conflict: (loser: Node, winner: Node | undefined) => void,
  ): void {
    if (before.length === 0 && after.length === 0) return;
    const concerned = new Set<Node>([node]);
    for (const claim of before) this.#collect(claim, concerned);
    for (const claim of before) withdraw(this.#claimants, claim, node);
    for (const claim of after) add(this.#claimants, claim, node);
    for (const claim of after) this.#collect(claim, concerned);
    this.#decide(concerned, conflict);
  }

  /** Records what a node holds in the data plane. */
  hold(node: Node, before: readonly string[], after: readonly string[]): void {
    if (before === after) return;
    for (const claim of before) withdraw(this.#holders, claim, node);
    for (const claim of after) add(this.#holders, claim, node);
  }

  holders(claim: string): Iterable<Node> {
    return this.#holders.get(claim) ?? [];
  }

  #collect(claim: string, into: Set<Node>): void {
    const found = [claim];
    for (let text = found.pop(); text !== undefined; text = found.pop()) {
      for (const node of this.#claimants.get(text) ?? []) {
        if (into.has(node)) continue;
        into.add(node);
        found.push(...claimsOf(node));
      }
    }
  }

  #decide(concerned: ReadonlySet<Node>, conflict: (loser: Node, winner: Node | undefined) => void): void {
    const holders = new Map<string, Node>();
    for (const node of [...concerned].sort(byPrecedence)) {
      const claims = claimsOf(node).filter((claim) => this.#claimants.get(claim)?.has(node));
      const winner = claims.map((claim) => holders.get(claim)).find((holder) => holder !== undefined);
      if (winner === undefined) for (const claim of claims) holders.set(claim, node);
      if (node.conflict !== winner) conflict(node, winner);
    }
  }
}

function add(index: Map<string, Set<Node>>, claim: string, node: Node): void {
  const nodes = index.get(claim);
  if (nodes === undefined) index.set(claim, new Set([node]));
  else nodes.add(node);
}

function withdraw(index: Map<string, Set<Node>>, claim: string, node: Node): void {
  const nodes = index.get(claim);
  if (nodes?.delete(node) && nodes.size === 0) index.delete(claim);
}

function claimsOf(node: Node): readonly string[] {
  return node.goal?.claims ?? [];
}

function byPrecedence(left: Node, right: Node): number {
  const priority = (right.desired?.source?.priority ?? 0) - (left.desired?.source?.priority ?? 0);
  return priority !== 0 ? priority : left.key < right.key ? -1 : 1;
}
