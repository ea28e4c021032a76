/** Streams of status changes. Each reader has a queue of keys, not of statuses: it can lag without anything growing. */

import { isUnder } from '../model/key.ts';
import type { Graph } from './graph.ts';
import type { Node } from './node.ts';
import type { ValueStatus } from './scheduler.ts';
import { statusOf } from './status.ts';

interface Filter {
  readonly prefix?: string;
  readonly kind?: string;
}

export class Watches {
  readonly #graph: Graph;
  readonly #open = new Set<Watch>();

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** Starts at once: what changes before the first `next` is not lost. */
  open(filter: Filter, signal: AbortSignal | undefined): AsyncIterableIterator<ValueStatus> {
    const watch = new Watch(this.#graph, filter, () => this.#open.delete(watch));
    this.#open.add(watch);
    if (signal?.aborted === true) watch.stop();
    signal?.addEventListener('abort', () => watch.stop(), { once: true });
    return watch;
  }

  changed(node: Node): void {
    if (this.#open.size === 0) return;
    for (const watch of this.#open) watch.changed(node);
  }

  close(): void {
    for (const watch of this.#open) watch.stop();
  }
}

class Watch implements AsyncIterableIterator<ValueStatus> {
  readonly #graph: Graph;
  readonly #filter: Filter;
  readonly #left: () => void;
  readonly #changed = new Set<Node>();
  readonly #told = new WeakMap<Node, string>();
  #waiting: ((result: IteratorResult<ValueStatus>) => void)[] = [];
  #stopped = false;

  constructor(graph: Graph, filter: Filter, left: () => void) {
    this.#graph = graph;
    this.#filter = filter;
    this.#left = left;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  changed(node: Node): void {
    const { base } = node;
    const { prefix, kind } = this.#filter;
    if ((kind !== undefined && base.kind !== kind) || (prefix !== undefined && !isUnder(prefix, base.key))) return;
    this.#changed.add(base);
    if (this.#waiting.length > 0) queueMicrotask(() => this.#serve());
  }

  next(): Promise<IteratorResult<ValueStatus>> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#serve();
    });
  }

  return(): Promise<IteratorResult<ValueStatus>> {
    this.stop();
    return Promise.resolve({ done: true, value: undefined });
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#left();
    this.#serve();
  }

  #serve(): void {
    while (this.#waiting.length > 0) {
      const status = this.#take();
      if (status !== undefined) this.#waiting.shift()!({ done: false, value: status });
      else if (this.#stopped) this.#waiting.shift()!({ done: true, value: undefined });
      else return;
    }
  }

  /** The next status that says something new. */
  #take(): ValueStatus | undefined {
    for (const node of this.#changed) {
      this.#changed.delete(node);
      const status = statusOf(node, (part) => this.#graph.get(part.key));
      const digest = digestOf(status);
      if (this.#told.get(node) === digest) continue;
      this.#told.set(node, digest);
      return status;
    }
    return undefined;
  }
}

function digestOf(status: ValueStatus): string {
  const { state, since, lastOperation, error, details, seqNum } = status;
  return [
    state,
    since,
    lastOperation,
    error,
    seqNum,
    ...details,
    ...status.parts.map((part) => `${part.key} ${digestOf(part)}`),
  ].join('\n');
}
