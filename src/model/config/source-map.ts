import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';

/** Steps from the root of a document: names in mappings, numbers in lists. */
export type DocumentPath = readonly (string | number)[];

/** Offsets of what a path leads to. */
export interface Found {
  /** Where its name starts, when it is in a mapping. */
  readonly name: number | undefined;
  /** Where its value starts; where its name starts when the value is empty. */
  readonly value: number;
  /** False: the path leads further than the document; this is the last step that is there. */
  readonly complete: boolean;
}

/**
 * Where things stand in a YAML (or JSON) text. Built from the parser's events only when somebody asks, since it costs as
 * much as parsing; each question costs the number of siblings on the way.
 */
export class SourceMap {
  readonly #text: string;
  readonly #events: readonly Event[];
  /** For each event that opens something, the index of the event that closes it; for others their own. */
  readonly #ends: Uint32Array;
  /** Indexes of what aliases stand for. */
  readonly #targets = new Map<number, number>();

  constructor(text: string, events: readonly Event[]) {
    this.#text = text;
    this.#events = events;
    this.#ends = this.#connect();
  }

  /** The place a path leads to, as far as it goes. Names match whatever their spelling (`vrf_id`, `vrfId`). */
  find(path: DocumentPath): Found {
    let found: Found = { name: undefined, value: 0, complete: path.length === 0 };
    let index = 1;
    for (const [step, part] of path.entries()) {
      const child = this.#child(index, part);
      if (child === undefined) return found;
      const name = child.name === undefined ? undefined : this.#start(child.name);
      found = { name, value: this.#start(child.value) ?? name ?? found.value, complete: step === path.length - 1 };
      index = child.value;
    }
    return found;
  }

  /** Names that stand more than once in one mapping: the offsets of the first and of each further one. */
  *duplicates(): Iterable<{ readonly path: DocumentPath; readonly first: number; readonly again: number }> {
    yield* this.#duplicatesIn(1, []);
  }

  *#duplicatesIn(index: number, path: DocumentPath): Iterable<{ path: DocumentPath; first: number; again: number }> {
    const seen = new Map<string | number, number>();
    for (const { name, value, step } of this.#children(index)) {
      const offset = name === undefined ? undefined : this.#start(name);
      if (offset !== undefined) {
        const first = seen.get(step);
        if (first === undefined) seen.set(step, offset);
        else yield { path: [...path, step], first, again: offset };
      }
      if (this.#ends[value] !== value) yield* this.#duplicatesIn(value, [...path, step]);
    }
  }

  /** Members of the collection opened by an event, in order. */
  *#children(index: number): Iterable<{ name: number | undefined; value: number; step: string | number }> {
    const event = this.#events[index];
    if (event?.type === EVENT_ID.SEQUENCE) {
      let item = 0;
      for (let value = index + 1; value < this.#ends[index]!; value = this.#ends[value]! + 1) {
        yield { name: undefined, value, step: item++ };
      }
    } else if (event?.type === EVENT_ID.MAPPING) {
      for (let name = index + 1; name < this.#ends[index]!; ) {
        const value = this.#ends[name]! + 1;
        yield { name, value, step: this.#nameAt(name) };
        name = this.#ends[value]! + 1;
      }
    }
  }

  #child(index: number, part: string | number): { name: number | undefined; value: number } | undefined {
    const collection = this.#targets.get(index) ?? index;
    const merged: number[] = [];
    let otherSpelling: { name: number | undefined; value: number } | undefined;
    for (const child of this.#children(collection)) {
      if (child.step === part) return child;
      if (child.step === '<<') merged.push(child.value);
      if (typeof part === 'string' && sameName(String(child.step), part)) otherSpelling ??= child;
    }
    if (otherSpelling !== undefined) return otherSpelling;
    for (const value of merged) {
      const found = this.#child(value, part);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #nameAt(index: number): string {
    const event = this.#events[index];
    return event?.type === EVENT_ID.SCALAR ? getScalarValue(this.#text, event) : '';
  }

  #start(index: number): number | undefined {
    const event = this.#events[index];
    switch (event?.type) {
      case EVENT_ID.SCALAR:
        return scalarStart(event);
      case EVENT_ID.ALIAS:
        return event.anchorStart - 1;
      case EVENT_ID.MAPPING:
      case EVENT_ID.SEQUENCE:
        return event.start;
      default:
        return undefined;
    }
  }

  #connect(): Uint32Array {
    const ends = new Uint32Array(this.#events.length);
    const open: number[] = [];
    const anchors = new Map<string, number>();
    for (const [index, event] of this.#events.entries()) {
      ends[index] = index;
      if (event.type === EVENT_ID.POP) {
        ends[open.pop()!] = index;
        continue;
      }
      if (event.type === EVENT_ID.DOCUMENT) {
        open.push(index);
        continue;
      }
      const anchor = event.anchorStart < 0 ? undefined : this.#text.slice(event.anchorStart, event.anchorEnd);
      if (event.type === EVENT_ID.ALIAS) this.#targets.set(index, anchors.get(anchor!) ?? index);
      else if (anchor !== undefined) anchors.set(anchor, index);
      if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) open.push(index);
    }
    return ends;
  }
}

function scalarStart({ valueStart, style, tagStart }: ScalarEvent): number | undefined {
  if (valueStart < 0) return tagStart < 0 ? undefined : tagStart;
  const isQuoted = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED;
  return isQuoted ? valueStart - 1 : valueStart;
}

/** `vrf_id` and `vrfId` are two spellings of one name. */
function sameName(left: string, right: string): boolean {
  return left === right || left.replaceAll('_', '').toLowerCase() === right.replaceAll('_', '').toLowerCase();
}

/** Lines of a text, found when somebody asks. */
export class Lines {
  readonly #text: string;
  #starts: readonly number[] | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** Line and column, both from 1, of an offset. */
  position(offset: number): { readonly line: number; readonly column: number } {
    this.#starts ??= lineStarts(this.#text);
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - this.#starts[low]! + 1 };
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let index = text.indexOf('\n'); index >= 0; index = text.indexOf('\n', index + 1)) starts.push(index + 1);
  return starts;
}
