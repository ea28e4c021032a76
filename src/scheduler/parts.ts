/**
 * Which parts a value has. Of a value with many they are taken in in steps; between any two others may look at the value, whose
 * operations wait until it is whole (`admission.ts`), or ask for another one, which ends it.
 */

import type { Key } from '../model/key.ts';
import { structurallyEqual } from './equality.ts';
import type { Part, Value } from './kind.ts';
import { nothing } from './node.ts';
import type { Desired, Node } from './node.ts';

/** Hears of nodes, of some more than once. */
export interface Collector {
  add(node: Node): void;
}

/** The graph, as seen from here. */
interface Household {
  readonly nodes: ReadonlyMap<Key, Node>;
  addPart(parent: Node, part: Part): Node;
  touch(node: Node): void;
  /** A new time, later than all before. */
  tick(): number;
  request(node: Node, value: Value, asked: Pick<Desired, 'source' | 'seqNum' | 'retry'>): Desired;
  setDesired(node: Node, desired: Desired | undefined, changed: Collector): void;
  takeIn(node: Node, desired: Desired | undefined, changed: Collector): Generator<void> | undefined;
  /** A part of this key is another value's, and is left out. */
  collided(key: Key, parent: Key): void;
}

/** From how many on they are taken in in steps. */
const many = 256;
/** How many in one step. */
const stride = 128;

export class Parts {
  readonly #household: Household;
  /** Of values with many parts, when the last of these was taken in; `Infinity` until then. */
  readonly #whole = new Map<Node, number>();
  /** All parts are taken in, and operations that waited for that can go on. */
  onWhole: (node: Node) => void = () => {};

  constructor(household: Household) {
    this.#household = household;
  }

  /** Time at which the parts were taken in, if it took steps; `Infinity` as long as some are not. */
  wholeSince(node: Node): number {
    return this.#whole.size === 0 ? 0 : (this.#whole.get(node) ?? 0);
  }

  areMany({ parts, goal }: Node): boolean {
    return parts.length >= many || (goal?.parts.length ?? 0) >= many;
  }

  forget(node: Node): void {
    this.#conclude(node);
    this.#whole.delete(node);
  }

  /** Makes the parts as the goal has them. */
  sync(node: Node, changed: Collector): void {
    const household = this.#household;
    const parts = node.goal?.parts ?? nothing;
    if (parts.length === 0 && node.parts.length === 0) return this.#conclude(node);
    const listed = new Set<Node>();
    for (const part of parts) {
      const child = this.#childOf(node, part, household.nodes.get(part.key));
      if (child === undefined) household.collided(part.key, node.key);
      else {
        listed.add(child);
        this.#want(child, part, node, changed);
      }
    }
    for (const child of node.parts) {
      if (listed.has(child)) continue;
      if (child.desired !== undefined) household.setDesired(child, undefined, changed);
      listed.add(child);
    }
    node.parts = [...listed];
    this.#conclude(node);
  }

  /** `node.parts` names all that are taken in whenever it yields: whoever asks for another value has to know what to take back. */
  *syncInSteps(node: Node, changed: Collector): Generator<void> {
    const household = this.#household;
    const { goal } = node;
    const parts = goal?.parts ?? nothing;
    this.#whole.set(node, Infinity);
    const listed = new Set<Node>();
    for (let at = 0; at < parts.length; ) {
      const end = Math.min(at + stride, parts.length);
      at = this.#addSome(node, parts, at, end, listed, changed);
      if (at < end) {
        // Another value has taken it since this one was judged: judged again, it is refused.
        const refused = household.request(node, node.desired!.value, node.desired!);
        if (refused.goal !== goal) {
          yield* household.takeIn(node, refused, changed) ?? nothing;
          return;
        }
        household.collided(parts[at]!.key, node.key);
        at++;
      }
      yield;
      if (node.goal !== goal) return;
    }
    const known = node.parts;
    for (let at = 0; at < known.length; at += stride) {
      this.#dropSome(known, at, Math.min(at + stride, known.length), listed, changed);
      yield;
      if (node.goal !== goal) return;
    }
    for (const child of node.parts) if (household.nodes.get(child.key) === child) listed.add(child);
    household.touch(node);
    node.parts = [...listed];
    this.#conclude(node);
  }

  /** Returns the place of the first part that is another value's, or `to`. Not in the generator: V8 is slow to optimize loops there. */
  #addSome(
    node: Node,
    parts: readonly Part[],
    from: number,
    to: number,
    listed: Set<Node>,
    changed: Collector,
  ): number {
    const household = this.#household;
    const added: Node[] = [];
    let at = from;
    for (; at < to; at++) {
      const part = parts[at]!;
      const known = household.nodes.get(part.key);
      const isNew = known?.parent !== node;
      const child = this.#childOf(node, part, known);
      if (child === undefined) break;
      if (isNew) added.push(child);
      listed.add(child);
      this.#want(child, part, node, changed);
    }
    household.touch(node);
    if (added.length > 0) node.parts = node.parts.concat(added);
    return at;
  }

  #dropSome(known: readonly Node[], from: number, to: number, listed: ReadonlySet<Node>, changed: Collector): void {
    for (let at = from; at < to; at++) {
      const child = known[at]!;
      if (!listed.has(child) && child.desired !== undefined) this.#household.setDesired(child, undefined, changed);
    }
  }

  #want(child: Node, { value }: Part, parent: Node, changed: Collector): void {
    if (child.desired !== undefined && structurallyEqual(child.desired.value, value)) return;
    this.#household.setDesired(child, this.#household.request(child, value, parent.desired!), changed);
  }

  /** The part as a node of this value, made when it is new; undefined when it is another one's. */
  #childOf(node: Node, part: Part, known: Node | undefined): Node | undefined {
    if (known === undefined) return this.#household.addPart(node, part);
    if (known.parent === node) return known;
    if (!isOrphan(known, part)) return undefined;
    this.#household.touch(known);
    known.parent = node;
    return known;
  }

  #conclude(node: Node): void {
    if (this.wholeSince(node) !== Infinity) return;
    if (this.#household.nodes.get(node.key) === node) this.#whole.set(node, this.#household.tick());
    else this.#whole.delete(node);
    this.onWhole(node);
  }
}

/** Found in the data plane before the value it is a part of was known. */
export function isOrphan(node: Node, part: Part): boolean {
  return node.parent === undefined && node.desired === undefined && node.kind === part.kind && part.kind !== undefined;
}
