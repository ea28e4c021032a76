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
    this.#whole.set(node, Infinity);
    const listed = new Set<Node>();
    let added: Node[] = [];
    const publish = (): void => {
      household.touch(node);
      if (added.length > 0) node.parts = node.parts.concat(added);
      added = [];
    };
    let steps = 0;
    for (const part of goal?.parts ?? nothing) {
      const known = household.nodes.get(part.key);
      const isNew = known?.parent !== node;
      const child = this.#childOf(node, part, known);
      if (child === undefined) {
        // Another value has taken it since this one was judged: judged again, it is refused.
        publish();
        const refused = household.request(node, node.desired!.value, node.desired!);
        if (refused.goal !== goal) {
          yield* household.takeIn(node, refused, changed) ?? nothing;
          return;
        }
        household.collided(part.key, node.key);
        continue;
      }
      if (isNew) added.push(child);
      listed.add(child);
      this.#want(child, part, node, changed);
      if ((++steps & 127) !== 0) continue;
      publish();
      yield;
      if (node.goal !== goal) return;
    }
    publish();
    for (const child of node.parts) {
      if (listed.has(child)) continue;
      if (child.desired !== undefined) household.setDesired(child, undefined, changed);
      if ((++steps & 127) !== 0) continue;
      yield;
      if (node.goal !== goal) return;
    }
    for (const child of node.parts) if (household.nodes.get(child.key) === child) listed.add(child);
    household.touch(node);
    node.parts = [...listed];
    this.#conclude(node);
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
