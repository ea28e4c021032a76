import type { Key } from '../model/key.ts';
import { Node } from './node.ts';

/**
 * What a snapshot needs beyond the live nodes: nodes as they were before their first change after it. An overlay holds on
 * to the younger ones, so a chain lives exactly as long as its oldest reader, and a graph without readers saves nothing.
 */
export class Overlay {
  readonly #live: ReadonlyMap<Key, Node>;
  readonly #saved = new Map<Key, Node | undefined>();
  readonly size: number;
  #younger: Overlay | undefined;

  constructor(live: ReadonlyMap<Key, Node>) {
    this.#live = live;
    this.size = live.size;
  }

  get isEmpty(): boolean {
    return this.#saved.size === 0 && this.#younger === undefined;
  }

  follow(younger: Overlay): void {
    this.#younger = younger;
  }

  save(node: Node): void {
    this.#saved.set(node.key, Object.assign(new Node(node.key, node.kind, node.registration, node.parent), node));
  }

  saveAbsent(key: Key): void {
    if (!this.#saved.has(key)) this.#saved.set(key, undefined);
  }

  /** The node as it was; not to be changed. */
  get(key: Key): Node | undefined {
    for (let overlay: Overlay | undefined = this; overlay !== undefined; overlay = overlay.#younger) {
      if (overlay.#saved.has(key)) return overlay.#saved.get(key);
    }
    return this.#live.get(key);
  }

  keys(): readonly Key[] {
    const keys = new Set(this.#live.keys());
    for (let overlay: Overlay | undefined = this; overlay !== undefined; overlay = overlay.#younger) {
      for (const key of overlay.#saved.keys()) keys.add(key);
    }
    return [...keys];
  }
}
