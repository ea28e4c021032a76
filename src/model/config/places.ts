/**
 * Where the objects of a text stand, noted while the fast reader reads it: enough to look for a field in the text of one object,
 * where a map of the whole text takes ten times as long as reading it.
 */

/** Items of an outermost list: from where to where in the text. */
export interface ItemPlaces {
  /** Column of the dashes; undefined in a flow list, where an item stands for itself. */
  readonly column: number | undefined;
  readonly starts: number[];
  readonly ends: number[];
}

export class Places {
  /** Of names in the outer two levels. */
  readonly #names = new Map<object, Map<string, number>>();
  readonly #items = new Map<object, ItemPlaces>();
  /** How far the reader came when it gave up. */
  stopped = 0;
  /** There is nothing in the text but comments. */
  isEmpty = false;

  name(mapping: object, name: string, offset: number): void {
    const names = this.#names.get(mapping);
    if (names === undefined) this.#names.set(mapping, new Map([[name, offset]]));
    else names.set(name, offset);
  }

  /** Opens a list, to be filled in by the reader. */
  list(list: object, column: number | undefined): ItemPlaces {
    const places = { column, starts: [], ends: [] };
    this.#items.set(list, places);
    return places;
  }

  itemsOf(list: object): ItemPlaces | undefined {
    return this.#items.get(list);
  }

  nameIn(mapping: object, name: string): number | undefined {
    return this.#names.get(mapping)?.get(name);
  }
}
