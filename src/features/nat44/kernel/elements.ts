/** Elements of the NAT table as values that can be compared, and the operations between two states of them. */

import { addElements, deleteElements } from '../../../kernel/nftables/index.ts';
import type { Element, NftSet, Operation } from '../../../kernel/nftables/index.ts';
import { natTable } from './table.ts';

/** An element and the set it belongs to. */
export interface Placed {
  readonly set: NftSet;
  readonly element: Element;
}

/** Elements by identity. */
export type Elements = ReadonlyMap<string, Placed>;

/** The identity of an element in the table: addresses as text, the rest as numbers, as the kernel's are read. */
export function placeOf(set: string, key: Element['key']): string {
  return `${set} ${key.join(' ')}`;
}

export function collect(placed: Iterable<Placed>): Map<string, Placed> {
  const elements = new Map<string, Placed>();
  for (const one of placed) elements.set(placeOf(one.set.name, one.element.key), one);
  return elements;
}

export interface Change {
  readonly gone: readonly Placed[];
  readonly added: readonly Placed[];
}

/** What turns `from` into `to`: nothing for what both have. */
export function difference(from: Elements, to: Elements): Change {
  const gone: Placed[] = [];
  const added: Placed[] = [];
  for (const [place, before] of from) {
    const after = to.get(place);
    if (!after || content(after) !== content(before)) gone.push(before);
  }
  for (const [place, after] of to) {
    const before = from.get(place);
    if (!before || content(before) !== content(after)) added.push(after);
  }
  return { gone, added };
}

/** The same as operations. What goes, goes first: a map holds one value for a key. */
export function changes(from: Elements, to: Elements): Operation[] {
  const { gone, added } = difference(from, to);
  return [...removals(gone), ...additions(added)];
}

export function additions(placed: readonly Placed[]): Operation[] {
  return bySet(placed).map(([set, elements]) => addElements(natTable, set, elements));
}

export function removals(placed: readonly Placed[]): Operation[] {
  return bySet(placed).map(([set, elements]) => deleteElements(natTable, set, elements));
}

function content({ element: { data } }: Placed): string {
  if (data === undefined) return '';
  if (!('verdict' in data)) return data.join(' ');
  return 'chain' in data ? `${data.verdict} ${data.chain}` : data.verdict;
}

function bySet(placed: readonly Placed[]): readonly (readonly [NftSet, readonly Element[]])[] {
  const sets = new Map<NftSet, Element[]>();
  for (const { set, element } of placed) {
    const elements = sets.get(set);
    if (elements) elements.push(element);
    else sets.set(set, [element]);
  }
  return [...sets];
}
