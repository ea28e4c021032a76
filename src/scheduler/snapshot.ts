import { isUnder } from '../model/key.ts';
import type { Key } from '../model/key.ts';
import { concerns } from './matching.ts';
import type { Node } from './node.ts';
import type { Overlay } from './overlay.ts';
import type { GraphNode, Outline, Snapshot, ValueStatus } from './scheduler.ts';
import { graphNodeOf, outlineOf, statusOf } from './status.ts';
import type { Lookup } from './status.ts';

interface Filter {
  readonly prefix?: string;
  readonly kind?: string;
}

/** A moment of the graph. Costs nothing until the graph moves on, and then only what moves. */
export class OverlaySnapshot implements Snapshot {
  readonly #overlay: Overlay;
  readonly #lookup: Lookup;

  constructor(overlay: Overlay) {
    this.#overlay = overlay;
    this.#lookup = (node) => overlay.get(node.key);
  }

  get size(): number {
    return this.#overlay.size;
  }

  status(key: Key): ValueStatus | undefined {
    const node = this.#overlay.get(key);
    return node === undefined || node.state === 'NONEXISTENT' ? undefined : statusOf(node, this.#lookup);
  }

  *statuses(filter: Filter = {}): Generator<ValueStatus> {
    for (const node of this.#select(filter))
      if (node.parent === undefined && node.state !== 'NONEXISTENT') yield statusOf(node, this.#lookup);
  }

  *nodes(filter: Filter = {}): Generator<GraphNode> {
    for (const node of this.#select(filter)) yield this.#present(node);
  }

  node(key: Key): GraphNode | undefined {
    const node = this.#overlay.get(key);
    return node === undefined ? undefined : this.#present(node);
  }

  *outlines(filter: Filter = {}): Generator<Outline> {
    for (const node of this.#select(filter)) if (node.state !== 'NONEXISTENT') yield outlineOf(node);
  }

  #present(node: Node): GraphNode {
    const shown = graphNodeOf(node, this.#lookup);
    if (!node.indexed.some(({ anyOf }) => anyOf !== undefined)) return shown;
    const overlay = this.#overlay;
    // Looked for only when somebody asks: each such dependency takes a look at all keys.
    return {
      ...shown,
      get dependencies() {
        return withKeys(node, shown.dependencies, overlay);
      },
    };
  }

  *#select({ prefix, kind }: Filter): Generator<Node> {
    for (const key of this.#overlay.keys()) {
      if (prefix !== undefined && !isUnder(prefix, key)) continue;
      const node = this.#overlay.get(key);
      if (node !== undefined && (kind === undefined || node.kind === kind)) yield node;
    }
  }
}

function withKeys(node: Node, dependencies: GraphNode['dependencies'], overlay: Overlay): GraphNode['dependencies'] {
  const byLabel = new Map(node.indexed.map((dependency) => [dependency.label, dependency]));
  return dependencies.map((shown) => {
    const dependency = byLabel.get(shown.label);
    if (dependency?.anyOf === undefined) return shown;
    const keys = overlay.keys().filter((key) => concerns(dependency, key) && overlay.get(key)?.applied !== undefined);
    return { ...shown, keys };
  });
}
