/** What handlers see of the graph. */

import type { Key } from '../model/key.ts';
import type { Graph } from './graph.ts';
import type { GraphView, OperationContext } from './handler.ts';
import type { Value } from './kind.ts';
import type { Node } from './node.ts';

/** The graph of the moment, read only. */
export class LiveView implements GraphView {
  readonly #graph: Graph;

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  metadata<M>(key: Key): M | undefined {
    return this.#graph.get(key)?.applied?.metadata as M | undefined;
  }

  applied(key: Key): Value | undefined {
    return this.#graph.get(key)?.applied?.value;
  }

  appliedUnder(prefix: string): Iterable<readonly [Key, Value]> {
    return pairs([...this.#graph.appliedUnder(prefix)], (node) => node.applied?.value);
  }

  desired(key: Key): Value | undefined {
    return this.#graph.get(key)?.desired?.value;
  }

  dependants(key: Key): Iterable<readonly [Key, Value]> {
    const found = new Set<Node>();
    this.#graph.visitDependants(key, (node) => found.add(node));
    return pairs([...found], (node) => node.desired?.value);
  }
}

/** The view of one operation, with its abort signal, made only for those who look at it. */
export class LiveOperationContext extends LiveView implements OperationContext {
  #controller: AbortController | undefined;
  #reason: Error | undefined;

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  abort(reason: Error): void {
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
}

function pairs(nodes: Node[], value: (node: Node) => Value | undefined): readonly (readonly [Key, Value])[] {
  nodes.sort((left, right) => (left.key < right.key ? -1 : 1));
  return nodes.flatMap((node) => {
    const found = value(node);
    return found === undefined ? [] : [[node.key, found] as const];
  });
}
