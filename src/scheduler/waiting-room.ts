import type { Node } from './node.ts';

/** Nodes that want an operation which another node stands in the way of: a removal that failed, an unknown outcome. */
export class WaitingRoom {
  readonly #waiting = new Map<Node, Set<Node>>();

  add(blocker: Node, node: Node): void {
    const nodes = this.#waiting.get(blocker);
    if (nodes === undefined) this.#waiting.set(blocker, new Set([node]));
    else nodes.add(node);
  }

  /** Those who wait for `blocker`, and go on waiting. */
  behind(blocker: Node): Iterable<Node> {
    return this.#waiting.get(blocker) ?? [];
  }

  /** Those who wait for `blocker`, which is settled now. */
  take(blocker: Node): Iterable<Node> {
    const nodes = this.#waiting.get(blocker);
    if (nodes === undefined) return [];
    this.#waiting.delete(blocker);
    return nodes;
  }
}
