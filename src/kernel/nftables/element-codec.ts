/** Set elements to bytes and back. Made once for each set; hundreds of thousands of elements pass through it. */

import { prefixEnds } from './ip-text.ts';
import { contentOf, readElement, verdictId, type RawElement } from './element-reader.ts';
import { bytesOf, dataLength, padded, type DataType, type Value } from './datatype.ts';
import type { Element, KeyPart, NftSet, Range, Verdict } from './objects.ts';
import { attribute, elementFlag, userdata, verdictCode } from './uapi.ts';

const nested = 0x8000;
/** A nested list must stay below 64 kB; an element takes at most 600 bytes. */
const chunkSize = 65_000;
const largestElement = 1_000;

/** `single` intervals are a start and an end element in a tree; `ranges` are concatenations with a key end. */
type KeyKind = 'plain' | 'single' | 'ranges';

interface PartEnds {
  readonly from: Value;
  readonly to: Value;
}

export class ElementCodec {
  readonly set: NftSet;
  readonly #kind: KeyKind;
  readonly #keyLength: number;
  readonly #dataLength: number;
  readonly #offsets: readonly number[];
  readonly #scratch: Buffer;
  readonly #last: Buffer;

  constructor(set: NftSet) {
    this.set = set;
    this.#kind = set.interval ? (set.key.length > 1 ? 'ranges' : 'single') : 'plain';
    this.#keyLength = dataLength(set.key);
    this.#dataLength = set.data === undefined || set.data === 'verdict' ? 0 : dataLength(set.data);
    this.#offsets = offsetsOf(set.key);
    this.#scratch = Buffer.alloc(this.#keyLength * 2);
    this.#last = Buffer.alloc(this.#keyLength, 0xff);
  }

  /**
   * Writes elements from `start` on as the content of NFTA_SET_ELEM_LIST_ELEMENTS, as many as fit in one message. Returns the
   * bytes (valid until the next call) and the index of the first element that was left.
   */
  encode(elements: readonly Element[], start: number, withData: boolean): { bytes: Buffer; next: number } {
    let at = 0;
    let next = start;
    while (next < elements.length && at < chunkSize - largestElement) {
      at = this.#writeElement(elements[next]!, at, withData);
      next += 1;
    }
    return { bytes: chunk.subarray(0, at), next };
  }

  /** Identity of an element in its set: the bytes of its key. */
  idOf(element: Element): string {
    this.#writeKey(element, this.#scratch);
    const length = this.#kind === 'plain' ? this.#keyLength : this.#keyLength * 2;
    return this.#scratch.toString('latin1', 0, length);
  }

  /** What is stored under the key, to compare: data and comment. */
  contentOf(element: Element): string {
    return `${this.#dataId(element)}\0${element.comment ?? ''}`;
  }

  /** Passes elements of a received list (start and end offset of NFTA_SET_ELEM_LIST_ELEMENTS) on. */
  decode(buffer: Buffer, start: number, end: number, take: (element: RawElement) => void): void {
    let at = start;
    while (at + 4 <= end) {
      const length = buffer.readUInt16LE(at);
      if (length < 4 || at + length > end) return;
      take(readElement(buffer, at + 4, at + length));
      at += (length + 3) & ~3;
    }
  }

  /** Whether an interval is two elements in the kernel, so that a listing has to be complete before it can be read. */
  get halves(): boolean {
    return this.#kind === 'single';
  }

  /** Identity of a received element, where it is not a half of an interval. */
  idOfRaw({ key, keyEnd }: RawElement): string {
    return this.#kind === 'ranges' ? key + (keyEnd ?? key) : key;
  }

  /** Elements as they were declared: halves of intervals joined. */
  join(raw: RawElement[]): ListedElement[] {
    if (this.halves) return this.#joinIntervals(raw);
    return raw.map((element) => new ListedElement(this, this.idOfRaw(element), element));
  }

  /** Reads the key out of an identity. */
  keyOf(id: string): KeyPart[] {
    const bytes = Buffer.from(id, 'latin1');
    return this.set.key.map((type, part) => {
      const from = type.read(bytes, this.#offsets[part]!);
      if (this.#kind === 'plain') return from;
      const to = type.read(bytes, this.#keyLength + this.#offsets[part]!);
      return from === to ? from : { from, to };
    });
  }

  dataOf(value: string): (string | number | bigint)[] {
    const { data } = this.set;
    if (data === undefined || data === 'verdict') return [];
    const parts = this.set.dataInterval ? [...data, ...data] : data;
    const bytes = Buffer.from(value, 'latin1');
    return parts.map((type, part) => type.read(bytes, offsetsOf(parts)[part]!));
  }

  #writeElement(element: Element, start: number, withData: boolean): number {
    this.#writeKey(element, this.#scratch);
    const key = this.#keyLength;
    if (this.#kind !== 'single') return this.#writeOne(element, start, 0, this.#kind === 'ranges' ? key : -1, withData);
    const at = this.#writeOne(element, start, 0, -1, withData);
    const open = this.#last.compare(this.#scratch, key, key * 2) === 0;
    if (open) return at;
    increment(this.#scratch, key, key * 2);
    return this.#writeIntervalEnd(at);
  }

  #writeIntervalEnd(start: number): number {
    let at = this.#writeValue(start + 4, attribute.element.key, this.#keyLength);
    at = header(at, attribute.element.flags, 4);
    chunk.writeUInt32BE(elementFlag.intervalEnd, at);
    return closeNest(start, attribute.list.element, at + 4);
  }

  #writeOne(element: Element, start: number, key: number, keyEnd: number, withData: boolean): number {
    let at = this.#writeValue(start + 4, attribute.element.key, key);
    if (keyEnd >= 0) at = this.#writeValue(at, attribute.element.keyEnd, keyEnd);
    if (!withData) return closeNest(start, attribute.list.element, at);
    if (this.set.data !== undefined) at = this.#writeData(element, at);
    if (element.timeout !== undefined) {
      at = header(at, attribute.element.timeout, 8);
      chunk.writeBigUInt64BE(BigInt(element.timeout), at);
      at += 8;
    }
    if (element.comment !== undefined) at = writeComment(at, element.comment);
    return closeNest(start, attribute.list.element, at);
  }

  #writeValue(start: number, type: number, from: number): number {
    const at = header(start + 4, attribute.data.value, this.#keyLength);
    this.#scratch.copy(chunk, at, from, from + this.#keyLength);
    return closeNest(start, type, pad(at + this.#keyLength));
  }

  #writeData(element: Element, start: number): number {
    const { data } = element;
    if (data === undefined) throw new RangeError(`an element of map ${this.set.name} has no data`);
    if (this.set.data === 'verdict') {
      if (!isVerdict(data)) throw new RangeError(`${this.set.name} is a verdict map`);
      return closeNest(start, attribute.element.data, writeVerdictAt(start + 4, data));
    }
    const length = this.#dataLength * (this.set.dataInterval ? 2 : 1);
    const at = header(start + 4, attribute.data.value, length);
    this.#writeDataParts(data, chunk, at);
    return closeNest(start, attribute.element.data, pad(at + length));
  }

  #writeDataParts(data: readonly Value[] | Verdict, target: Buffer, start: number): void {
    const parts = this.set.data as readonly DataType[];
    const twice = this.set.dataInterval ? [...parts, ...parts] : parts;
    if (isVerdict(data) || data.length !== twice.length) {
      throw new RangeError(`${this.set.name} maps to ${twice.map((part) => part.name).join(' . ')}`);
    }
    let at = start;
    for (let part = 0; part < twice.length; part += 1) {
      const type = twice[part]!;
      if (twice.length > 1) target.fill(0, at, at + padded(type.bytes));
      type.write(data[part]!, target, at);
      at += padded(type.bytes);
    }
  }

  #dataId(element: Element): string {
    const { data } = element;
    if (this.set.data === undefined || data === undefined) return '';
    if (isVerdict(data)) return verdictId(data);
    const length = this.#dataLength * (this.set.dataInterval ? 2 : 1);
    this.#writeDataParts(data, dataScratch, 0);
    return dataScratch.toString('latin1', 0, length);
  }

  /** Writes first key and, for intervals, last key behind it. */
  #writeKey(element: Element, target: Buffer): void {
    const { key: types } = this.set;
    if (element.key.length !== types.length) {
      throw new RangeError(`a key of ${this.set.name} is ${types.map((type) => type.name).join(' . ')}`);
    }
    for (let part = 0; part < types.length; part += 1) {
      const type = types[part]!;
      const value = element.key[part]!;
      const at = this.#offsets[part]!;
      if (this.#kind === 'plain') {
        if (isRange(value)) throw new RangeError(`${this.set.name} takes no ranges`);
        this.#writePart(type, value, target, at);
      } else {
        const { from, to } = endsOf(type, value);
        this.#writePart(type, from, target, at);
        this.#writePart(type, to, target, this.#keyLength + at);
      }
    }
  }

  #writePart(type: DataType, value: Value, target: Buffer, at: number): void {
    if (this.set.key.length > 1) target.fill(0, at + type.bytes, at + padded(type.bytes));
    type.write(value, target, at);
  }

  #joinIntervals(raw: RawElement[]): ListedElement[] {
    const sorted = raw.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : Number(b.end) - Number(a.end)));
    const joined: ListedElement[] = [];
    sorted.forEach((element, at) => {
      if (element.end) return;
      const next = sorted[at + 1];
      joined.push(
        new ListedElement(this, element.key + (next ? before(next.key) : this.#last.toString('latin1')), element),
      );
    });
    return joined;
  }
}

/** An element of the kernel; key and data are decoded when asked for. */
export class ListedElement {
  /** Equal to `ElementCodec.idOf` of the same key. */
  readonly id: string;
  readonly #codec: ElementCodec;
  readonly #raw: RawElement;

  constructor(codec: ElementCodec, id: string, raw: RawElement) {
    this.id = id;
    this.#codec = codec;
    this.#raw = raw;
  }

  get key(): readonly KeyPart[] {
    return this.#codec.keyOf(this.id);
  }

  get data(): readonly Value[] | Verdict | undefined {
    if (this.#raw.verdict) return this.#raw.verdict;
    return this.#raw.value === undefined ? undefined : this.#codec.dataOf(this.#raw.value);
  }

  /** Equal to `ElementCodec.contentOf` of the same data and comment. */
  get content(): string {
    return contentOf(this.#raw);
  }

  get comment(): string | undefined {
    return this.#raw.comment;
  }

  /** ms until it goes; undefined when it stays. */
  get expires(): number | undefined {
    return this.#raw.expires;
  }

  get counter(): { readonly packets: bigint; readonly bytes: bigint } | undefined {
    return this.#raw.counter;
  }
}

const chunk = Buffer.alloc(chunkSize);
const dataScratch = Buffer.alloc(128);

function offsetsOf(parts: readonly DataType[]): number[] {
  let at = 0;
  return parts.map((part) => {
    const offset = at;
    at += padded(part.bytes);
    return offset;
  });
}

function isRange(part: KeyPart): part is Range {
  return typeof part === 'object' && 'from' in part;
}

export function isVerdict(data: readonly Value[] | Verdict): data is Verdict {
  return 'verdict' in data;
}

function endsOf(type: DataType, part: KeyPart): PartEnds {
  if (isRange(part)) return checked(type, part);
  if (typeof part !== 'string' || !part.includes('/')) return { from: part, to: part };
  const prefix = prefixEnds(part, type.bytes);
  if (!prefix) throw new RangeError(`${part} is no prefix of ${type.name}`);
  return { from: prefix.first, to: prefix.last };
}

function checked(type: DataType, range: Range): PartEnds {
  if (type.order === 'host' && type.bytes > 1) throw new RangeError(`ranges of ${type.name} cannot be in sets`);
  if (Buffer.compare(bytesOf(type, range.from), bytesOf(type, range.to)) > 0) {
    throw new RangeError(`range ${String(range.from)}-${String(range.to)} is upside down`);
  }
  return range;
}

function pad(at: number): number {
  const end = (at + 3) & ~3;
  if (end !== at) chunk.fill(0, at, end);
  return end;
}

function header(at: number, type: number, length: number): number {
  chunk.writeUInt16LE(length + 4, at);
  chunk.writeUInt16LE(type, at + 2);
  return at + 4;
}

function closeNest(start: number, type: number, end: number): number {
  chunk.writeUInt16LE(end - start, start);
  chunk.writeUInt16LE(type | nested, start + 2);
  return end;
}

function writeVerdictAt(start: number, verdict: Verdict): number {
  let at = header(start + 4, attribute.verdict.code, 4);
  chunk.writeInt32BE(verdictCode[verdict.verdict], at);
  at += 4;
  if ('chain' in verdict) {
    const length = Buffer.byteLength(verdict.chain);
    at = header(at, attribute.verdict.chain, length + 1);
    chunk.write(verdict.chain, at);
    chunk[at + length] = 0;
    at = pad(at + length + 1);
  }
  return closeNest(start, attribute.data.verdict, at);
}

function writeComment(start: number, comment: string): number {
  const length = Buffer.byteLength(comment) + 1;
  if (length > 128) throw new RangeError(`comment of ${length - 1} bytes is longer than 127`);
  const at = header(start, attribute.element.userdata, length + 2);
  chunk[at] = userdata.elementComment;
  chunk[at + 1] = length;
  chunk.write(comment, at + 2);
  chunk[at + 1 + length] = 0;
  return pad(at + 2 + length);
}

function increment(bytes: Buffer, start: number, end: number): void {
  for (let at = end - 1; at >= start; at -= 1) {
    bytes[at] = (bytes[at]! + 1) & 0xff;
    if (bytes[at] !== 0) return;
  }
}

function before(key: string): string {
  const bytes = Buffer.from(key, 'latin1');
  for (let at = bytes.length - 1; at >= 0; at -= 1) {
    bytes[at] = (bytes[at]! - 1) & 0xff;
    if (bytes[at] !== 0xff) break;
  }
  return bytes.toString('latin1');
}
