/** Who depends on what, from the dependency's side. */

import type { Key } from '../model/key.ts';
import type { Dependency } from './kind.ts';
import type { Node } from './node.ts';

export class DependencyIndex {
  /** Most keys have one dependant: a Set for each would cost more than all else here. */
  readonly #exact = new Map<Key, Node | Set<Node>>();
  readonly #prefixes = new Map<string, Set<Node>>();
  /** How many prefixes there are of each length: most keys end none of their segments where a prefix does. */
  readonly #lengths = new Map<number, number>();
  /** Dependencies that watch for changes. */
  watching = 0;

  add(node: Node, dependency: Dependency): void {
    if (dependency.watches === 'change') this.watching++;
    if (dependency.key !== undefined) {
      const known = this.#exact.get(dependency.key);
      if (known === undefined) this.#exact.set(dependency.key, node);
      else if (known instanceof Set) known.add(node);
      else if (known !== node) this.#exact.set(dependency.key, new Set([known, node]));
      return;
    }
    for (const prefix of dependency.anyOf?.prefixes ?? []) {
      const path = withoutSlash(prefix);
      const known = this.#prefixes.get(path);
      if (known !== undefined) {
        known.add(node);
        continue;
      }
      this.#prefixes.set(path, new Set([node]));
      this.#lengths.set(path.length, (this.#lengths.get(path.length) ?? 0) + 1);
    }
  }

  remove(node: Node, dependency: Dependency): void {
    if (dependency.watches === 'change') this.watching--;
    if (dependency.key !== undefined) {
      const known = this.#exact.get(dependency.key);
      if (known === node) this.#exact.delete(dependency.key);
      else if (known instanceof Set && known.delete(node) && known.size === 0) this.#exact.delete(dependency.key);
      return;
    }
    for (const prefix of dependency.anyOf?.prefixes ?? []) {
      const path = withoutSlash(prefix);
      const known = this.#prefixes.get(path);
      if (!known?.delete(node) || known.size > 0) continue;
      this.#prefixes.delete(path);
      const others = (this.#lengths.get(path.length) ?? 1) - 1;
      if (others > 0) this.#lengths.set(path.length, others);
      else this.#lengths.delete(path.length);
    }
  }

  /** Calls back for every node with a dependency that `key` could satisfy; a node may come twice. */
  visit(key: Key, found: (node: Node) => void): void {
    const exact = this.#exact.get(key);
    if (exact instanceof Set) for (const node of exact) found(node);
    else if (exact !== undefined) found(exact);
    if (this.#prefixes.size === 0) return;
    for (let end = key.length; end > 0; end = key.lastIndexOf('/', end - 1)) {
      if (!this.#lengths.has(end)) continue;
      const nodes = this.#prefixes.get(key.slice(0, end));
      if (nodes !== undefined) for (const node of nodes) found(node);
    }
  }
}

function withoutSlash(prefix: string): string {
  return prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
}
