/** The directory of the stats segment: what there is, by name. */

import { malformed } from './segment.ts';
import type { SegmentHeader, SegmentReader } from './segment.ts';

export type EntryKind =
  | 'illegal'
  | 'scalar'
  | 'simple'
  | 'combined'
  | 'error'
  | 'names'
  | 'empty'
  | 'symlink'
  | 'histogram'
  | 'ring'
  | 'gauge'
  | 'unknown';

/** From 22.06 on; 26.02 added the last three. */
const KINDS: readonly EntryKind[] = [
  'illegal',
  'scalar',
  'simple',
  'combined',
  'names',
  'empty',
  'symlink',
  'histogram',
  'ring',
  'gauge',
];
/** Up to 22.02: error counters were entries of a kind of their own. */
const EARLY_KINDS: readonly EntryKind[] = [
  'illegal',
  'scalar',
  'simple',
  'combined',
  'error',
  'names',
  'empty',
  'symlink',
];

const ENTRY = 144;
const VALUE = 8;
const NAME = 16;

export interface Entry {
  readonly name: string;
  readonly kind: EntryKind;
  /** A pointer, the column of an error; of a scalar the value when the directory was read: `scalar` has that of now. */
  readonly value: bigint;
  /** VPP's address of `value`. */
  readonly address: bigint;
  /** Of a symlink: entry and column. */
  readonly target: number;
  readonly column: number;
}

export class Directory {
  /** Of the header it was read with. */
  readonly epoch: bigint;
  readonly length: number;
  readonly #bytes: Buffer;
  readonly #kinds: readonly EntryKind[];
  readonly #start: bigint;
  readonly #lists = new Map<string, readonly Entry[]>();
  /** Symlinks are most of what there is, and are seldom asked for by name: they come in when they are. */
  readonly #places = new Map<string, number>();
  #hasSymlinks = false;

  constructor(reader: SegmentReader) {
    const { header } = reader;
    if (header.directory === 0n) throw malformed('there is no directory');
    this.#bytes = Buffer.from(reader.vector(header.directory, ENTRY, 'the directory').buffer);
    this.epoch = header.epoch;
    this.length = this.#bytes.length / ENTRY;
    this.#kinds = kindsOf(header);
    this.#start = header.directory;
    this.#index((kind) => kind !== 'symlink');
  }

  /** By its name, undefined when there is none. */
  find(name: string): Entry | undefined {
    let place = this.#places.get(name);
    if (place === undefined && !this.#hasSymlinks) {
      this.#hasSymlinks = true;
      this.#index((kind) => kind === 'symlink');
      place = this.#places.get(name);
    }
    return place === undefined ? undefined : this.at(place);
  }

  /** By its place. @throws VppError `malformed` when there is none. */
  at(place: number): Entry {
    if (place >= this.length) throw malformed(`a symlink leads to entry ${place} of ${this.length}`);
    const at = place * ENTRY;
    return {
      name: this.#name(place),
      kind: this.#kind(place),
      value: this.#bytes.readBigUInt64LE(at + VALUE),
      address: this.#start + BigInt(at + VALUE),
      target: this.#bytes.readUInt32LE(at + VALUE),
      column: this.#bytes.readUInt32LE(at + VALUE + 4),
    };
  }

  /** All whose names begin so, in VPP's order. */
  under(prefix: string): readonly Entry[] {
    let list = this.#lists.get(prefix);
    if (!list) this.#lists.set(prefix, (list = [...this.#under(prefix)]));
    return list;
  }

  *#under(prefix: string): Generator<Entry> {
    const start = Buffer.from(prefix);
    for (let place = 0; place < this.length; place++) {
      const at = place * ENTRY + NAME;
      if (start.length > ENTRY - NAME || this.#bytes.compare(start, 0, start.length, at, at + start.length) !== 0)
        continue;
      const kind = this.#kind(place);
      if (kind !== 'empty' && kind !== 'illegal') yield this.at(place);
    }
  }

  #index(isWanted: (kind: EntryKind) => boolean): void {
    for (let place = 0; place < this.length; place++) {
      const kind = this.#kind(place);
      if (kind !== 'empty' && kind !== 'illegal' && isWanted(kind)) this.#places.set(this.#name(place), place);
    }
  }

  #kind(place: number): EntryKind {
    return this.#kinds[this.#bytes.readUInt32LE(place * ENTRY)] ?? 'unknown';
  }

  #name(place: number): string {
    const start = place * ENTRY + NAME;
    const end = this.#bytes.indexOf(0, start);
    return this.#bytes.toString('utf8', start, end < 0 ? (place + 1) * ENTRY : Math.min(end, (place + 1) * ENTRY));
  }
}

/** Both say version 2. Early ones have a vector of error counters in the header, later ones nothing behind the directory's pointer. */
function kindsOf({ errors }: SegmentHeader): readonly EntryKind[] {
  return errors === 0n ? KINDS : EARLY_KINDS;
}
