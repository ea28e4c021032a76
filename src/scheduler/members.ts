/** Which applied values share a data-plane object. */

import type { Node } from './node.ts';

export class Members {
  /** By kind and aggregate. Most aggregates have one member: a Set for each would cost more than all else here. */
  readonly #byKind = new Map<string, Map<string, Node | Set<Node>>>();

  visit(kind: string, aggregate: string, found: (node: Node) => void): void {
    const members = this.#byKind.get(kind)?.get(aggregate);
    if (members instanceof Set) for (const node of members) found(node);
    else if (members !== undefined) found(members);
  }

  move(node: Node, before: string | undefined, after: string | undefined): void {
    const kind = node.kind!;
    const groups = this.#byKind.get(kind) ?? new Map<string, Node | Set<Node>>();
    if (groups.size === 0) this.#byKind.set(kind, groups);
    if (before !== undefined) {
      const members = groups.get(before);
      if (members === node || (members instanceof Set && members.delete(node) && members.size === 0))
        groups.delete(before);
    }
    if (after === undefined) return;
    const members = groups.get(after);
    if (members === undefined) groups.set(after, node);
    else if (members instanceof Set) members.add(node);
    else if (members !== node) groups.set(after, new Set([members, node]));
  }
}
