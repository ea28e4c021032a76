/** Exclusive resources: of the values that claim the same thing one wins, and the others say whom they lost to. */

import { nothing } from './node.ts';
import type { Node } from './node.ts';

/**
 * The outcome is a function of who claims what, not of who came first: claimants are served by source priority, then key, and one
 * that loses any of its claims holds none of the others either. A part is served after its base, and claims nothing where that lost:
 * what is not made takes nothing from anybody.
 */
export class Claims {
  readonly #claimants: Index = new Map();
  /** By what is applied: a claim is free for the next one only when its last holder is gone. */
  readonly #holders: Index = new Map();

  /** Replaces the claims of a node, or its priority, and calls back for every node whose winner changes. */
  replace(
    node: Node,
    before: readonly string[],
    after: readonly string[],
    isMoved: boolean,
    conflict: (loser: Node, winner: Node | undefined) => void,
  ): void {
    if (!isMoved && before.length === 0 && after.length === 0) return;
    if (!isMoved && this.#isUndisputed(node, before, after)) return this.#claim(node, before, after);
    const concerned = new Set<Node>([node]);
    for (const claim of before) this.#collect(claim, concerned);
    this.#claim(node, before, after);
    for (const claim of after) this.#collect(claim, concerned);
    this.#collectParts(node, concerned);
    // Who claims nothing loses nothing, and its parts are served without waiting for it.
    if (after.length === 0 && node.conflict !== undefined) conflict(node, undefined);
    this.#decide(concerned, conflict);
  }

  /** Records what a node holds in the data plane. */
  hold(node: Node, before: readonly string[], after: readonly string[]): void {
    if (before === after) return;
    for (const claim of before) withdraw(this.#holders, claim, node);
    for (const claim of after) add(this.#holders, claim, node);
  }

  holders(claim: string): Iterable<Node> {
    return membersOf(this.#holders, claim);
  }

  #claim(node: Node, before: readonly string[], after: readonly string[]): void {
    for (const claim of before) withdraw(this.#claimants, claim, node);
    for (const claim of after) add(this.#claimants, claim, node);
  }

  /** Nobody else claims any of it, and no parts have to be thought of: the common case, of 10,000 ports at a time. */
  #isUndisputed(node: Node, before: readonly string[], after: readonly string[]): boolean {
    if (node.conflict !== undefined || node.parts.length > 0) return false;
    const isFree = (claim: string): boolean => {
      const known = this.#claimants.get(claim);
      return known === undefined || known === node;
    };
    return before.every(isFree) && after.every(isFree);
  }

  /** Who claims it, and whoever their winning or losing makes a difference to. */
  #collect(claim: string, into: Set<Node>): void {
    for (const node of membersOf(this.#claimants, claim)) {
      if (into.has(node)) continue;
      into.add(node);
      for (const other of claimsOf(node)) this.#collect(other, into);
      this.#collectParts(node, into);
    }
  }

  #collectParts(node: Node, into: Set<Node>): void {
    for (const part of node.parts) {
      for (const claim of claimsOf(part)) this.#collect(claim, into);
      this.#collectParts(part, into);
    }
  }

  #decide(concerned: ReadonlySet<Node>, conflict: (loser: Node, winner: Node | undefined) => void): void {
    const holders = new Map<string, Node>();
    for (const node of inOrder(concerned)) {
      const claims = hasLostBase(node)
        ? nothing
        : claimsOf(node).filter((claim) => includes(this.#claimants, claim, node));
      const winner = claims.map((claim) => holders.get(claim)).find((holder) => holder !== undefined);
      if (winner === undefined) for (const claim of claims) holders.set(claim, node);
      if (node.conflict !== winner) conflict(node, winner);
    }
  }
}

/** One node in most cases, which takes no set. */
type Index = Map<string, Node | Set<Node>>;

function add(index: Index, claim: string, node: Node): void {
  const known = index.get(claim);
  if (known instanceof Set) known.add(node);
  else if (known === undefined) index.set(claim, node);
  else if (known !== node) index.set(claim, new Set([known, node]));
}

function withdraw(index: Index, claim: string, node: Node): void {
  const known = index.get(claim);
  if (known === node || (known instanceof Set && known.delete(node) && known.size === 0)) index.delete(claim);
}

function membersOf(index: Index, claim: string): Iterable<Node> {
  const known = index.get(claim);
  return known === undefined ? nothing : known instanceof Set ? known : [known];
}

function includes(index: Index, claim: string, node: Node): boolean {
  const known = index.get(claim);
  return known === node || (known instanceof Set && known.has(node));
}

function claimsOf(node: Node): readonly string[] {
  return node.goal?.claims ?? [];
}

function hasLostBase(node: Node): boolean {
  for (let base = node.parent; base !== undefined; base = base.parent) if (base.conflict !== undefined) return true;
  return false;
}

function inOrder(nodes: ReadonlySet<Node>): Iterable<Node> {
  if (nodes.size === 1) return nodes;
  return [...nodes]
    .map((node) => ({ node, last: lastOfLine(node), depth: depthOf(node) }))
    .sort(
      (left, right) =>
        byPrecedence(left.last, right.last) || left.depth - right.depth || byPrecedence(left.node, right.node),
    )
    .map(({ node }) => node);
}

/** Of the node and the bases that it stands or falls with the one whose turn comes last. */
function lastOfLine(node: Node): Node {
  let last = node;
  for (let base = node.parent; base !== undefined; base = base.parent)
    if (claimsOf(base).length > 0 && byPrecedence(last, base) < 0) last = base;
  return last;
}

function depthOf(node: Node): number {
  let depth = 0;
  for (let base = node.parent; base !== undefined; base = base.parent) depth++;
  return depth;
}

function byPrecedence(left: Node, right: Node): number {
  if (left === right) return 0;
  const priority = priorityOf(right) - priorityOf(left);
  return priority !== 0 ? priority : left.key < right.key ? -1 : 1;
}

/** Parts have the priority of whoever asked for the whole. */
function priorityOf({ base }: Node): number {
  return base.desired?.source?.priority ?? 0;
}
