/** The planner's picture of the end: for each node it had to think about, what it will be. Nothing outside is changed. */

import type { Key } from '../model/key.ts';
import type { Graph } from './graph.ts';
import { KeyTree } from './key-tree.ts';
import type { Dependency, Value } from './kind.ts';
import { accepts } from './matching.ts';
import type { Applied, Goal, Node } from './node.ts';
import type { Operation } from './operation.ts';

export class Item {
  readonly node: Node;
  readonly was: Applied | undefined;
  readonly goal: Goal | undefined;
  /** Will be applied in the end. */
  present: boolean;
  /** Cannot be touched now: its last operation failed in this transaction, or its outcome is unknown. */
  readonly stuck: boolean;
  /** Belongs to the data plane, not to us. */
  readonly foreign: boolean;
  /** A part whose base did not reach the revision it belongs to stays as it is. */
  held = false;
  /** Something happened to it: whoever waits for it is looked at, even if it is as wanted. */
  isSeed = false;
  /** Of a part: its base will be there. */
  carried = true;
  /** Value differs from what is applied. */
  changed = false;
  recreate = false;
  /** Watched dependencies that change. */
  watched: Key[] | undefined = undefined;
  missing: string[] | undefined = undefined;
  reason: string;
  removal: Operation | undefined = undefined;
  making: Operation | undefined = undefined;

  constructor(node: Node, stuck: boolean, reason: string) {
    this.node = node;
    this.was = node.applied;
    this.foreign = node.applied?.foreign === true && node.desired === undefined;
    this.stuck = stuck && !this.foreign;
    this.goal = node.wanted;
    this.reason = reason;
    this.present = this.foreign || (this.goal !== undefined && (!this.stuck || this.was !== undefined));
  }

  /** Applied before, during and after. */
  get stays(): boolean {
    return this.present && this.was !== undefined && !this.recreate;
  }

  /** The value in the end. */
  get value(): Value | undefined {
    return this.goal !== undefined && !this.stuck && !this.held ? this.goal.value : this.was?.value;
  }
}

interface Circumstances {
  readonly stuck: (node: Node) => boolean;
  /** Nodes whose value or metadata changed by themselves, so that watchers have to hear of it. */
  readonly events: ReadonlySet<Node>;
  readonly behind: (node: Node) => Iterable<Node>;
}

export class Draft {
  readonly graph: Graph;
  /** In the order in which they came up; grows while it is walked. */
  readonly order: Item[] = [];
  /** Came up only after others had been given up, perhaps for lack of these. */
  readonly late: Node[] = [];
  readonly events: ReadonlySet<Node>;
  readonly behind: (node: Node) => Iterable<Node>;
  readonly #items = new Map<Node, Item>();
  readonly #stuck: (node: Node) => boolean;
  #gained: KeyTree<Item> | undefined;

  constructor(graph: Graph, { stuck, events, behind }: Circumstances) {
    this.graph = graph;
    this.#stuck = stuck;
    this.events = events;
    this.behind = behind;
  }

  get(node: Node): Item | undefined {
    return this.#items.get(node);
  }

  open(node: Node, reason: string): Item {
    let item = this.#items.get(node);
    if (item === undefined) {
      item = new Item(node, node.uncertain || this.#stuck(node), reason);
      this.#items.set(node, item);
      this.order.push(item);
      this.#gained?.set(node.key, item);
    }
    return item;
  }

  /** Whether the node will be applied. */
  present(node: Node): boolean {
    const item = this.#items.get(node);
    return item === undefined ? isKept(node) : item.present;
  }

  /** Whether the dependency will be satisfied. */
  satisfied(dependency: Dependency): boolean {
    if (dependency.key !== undefined) {
      const node = this.graph.get(dependency.key);
      return node !== undefined && this.present(node);
    }
    for (const provider of this.providers(dependency)) if (this.present(provider)) return true;
    return false;
  }

  /** Whether something satisfies the dependency before, during and after. */
  satisfiedThroughout(dependency: Dependency): boolean {
    if (dependency.key !== undefined) {
      const node = this.graph.get(dependency.key);
      return node !== undefined && this.#stays(node);
    }
    for (const provider of this.providers(dependency)) {
      if (this.#stays(provider) && accepts(dependency, provider.key, provider.applied!.value)) return true;
    }
    return false;
  }

  /** Nodes whose value in the end is accepted by an any-of dependency: applied ones and those opened, present or not. */
  *providers(dependency: Dependency): Generator<Node> {
    for (const prefix of dependency.anyOf?.prefixes ?? []) {
      for (const node of this.graph.appliedUnder(prefix)) {
        const value = this.#items.get(node)?.value ?? node.applied!.value;
        if (accepts(dependency, node.key, value)) yield node;
      }
      for (const [key, item] of this.#opened().under(prefix)) {
        if (item.was === undefined && item.value !== undefined && accepts(dependency, key, item.value)) yield item.node;
      }
    }
  }

  #stays(node: Node): boolean {
    const item = this.#items.get(node);
    return item === undefined ? isKept(node) : item.stays;
  }

  #opened(): KeyTree<Item> {
    if (this.#gained === undefined) {
      this.#gained = new KeyTree();
      for (const item of this.order) this.#gained.set(item.node.key, item);
    }
    return this.#gained;
  }
}

/** Applied, and not about to go: what is on its way out carries nobody. */
function isKept(node: Node): boolean {
  return node.applied !== undefined && (node.applied.foreign || node.wanted !== undefined);
}
