/** What differs between a set's declared elements and those of the kernel, found while the kernel's come in. */

import type { ElementCodec } from './element-codec.ts';
import { contentOf, type RawElement } from './element-reader.ts';
import type { ElementTaker } from './listing.ts';
import type { Element, KeyPart } from './objects.ts';
import { Patience } from './patience.ts';
import type { Difference } from './port.ts';

export interface ElementChanges {
  readonly add: readonly Element[];
  /** Keys only. */
  readonly remove: readonly Element[];
  readonly differences: readonly Difference[];
}

const state = { missing: 0, equal: 1, changed: 2 } as const;

export class ElementComparison implements ElementTaker {
  readonly #codec: ElementCodec;
  readonly #wanted: readonly Element[];
  readonly #places = new Map<string, number>();
  readonly #states: Uint8Array;
  #unexpected: (readonly KeyPart[])[] = [];
  #halves: RawElement[] = [];

  private constructor(codec: ElementCodec, wanted: readonly Element[]) {
    this.#codec = codec;
    this.#wanted = wanted;
    this.#states = new Uint8Array(wanted.length);
  }

  /** Ready to take what the kernel has. RangeError for an element that does not fit its set, or is declared twice. */
  static async of(codec: ElementCodec, wanted: readonly Element[]): Promise<ElementComparison> {
    const comparison = new ElementComparison(codec, wanted);
    const patience = new Patience();
    for (const [place, element] of wanted.entries()) {
      comparison.#places.set(codec.idOf(element), place);
      if (patience.spent()) await patience.rest();
    }
    if (comparison.#places.size !== wanted.length) throw new RangeError(`${codec.set.name} has an element twice`);
    return comparison;
  }

  take(element: RawElement): void {
    if (this.#codec.halves) this.#halves.push(element);
    else this.#judge(this.#codec.idOfRaw(element), contentOf(element));
  }

  restart(): void {
    this.#states.fill(state.missing);
    this.#unexpected = [];
    this.#halves = [];
  }

  finish(): ElementChanges {
    for (const element of this.#codec.join(this.#halves)) this.#judge(element.id, element.content);
    const { name } = this.#codec.set;
    const add: Element[] = [];
    const remove: Element[] = [];
    const differences: Difference[] = [];
    this.#wanted.forEach((element, place) => {
      if (this.#states[place] === state.equal) return;
      const changed = this.#states[place] === state.changed;
      differences.push({ object: 'element', name, what: changed ? 'changed' : 'missing', element: element.key });
      if (changed) remove.push({ key: element.key });
      add.push(element);
    });
    for (const key of this.#unexpected) {
      differences.push({ object: 'element', name, what: 'unexpected', element: key });
      remove.push({ key });
    }
    return { add, remove, differences };
  }

  #judge(id: string, content: string): void {
    const place = this.#places.get(id);
    if (place === undefined) this.#unexpected.push(this.#codec.keyOf(id));
    else this.#states[place] = content === this.#codec.contentOf(this.#wanted[place]!) ? state.equal : state.changed;
  }
}
