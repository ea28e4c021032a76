/**
 * Bytes of VPP's stats segment (vlib/stats/shared.h), checked: nothing that is in it can make a reader leave it, run on or take
 * memory without bounds.
 */

import { VppError } from '../errors.ts';

/** Where the bytes are. */
export interface SegmentSource {
  /** Bytes. */
  readonly size: number;
  /** Fills `target` from `at` on; returns how many bytes there were. */
  read(target: Uint8Array, at: number): number;
}

export interface SegmentHeader {
  /** VPP's address of the first byte: pointers in the segment are VPP's. */
  readonly base: bigint;
  /** Moves with every change of the layout: entries, lengths, names. Counting does not move it. */
  readonly epoch: bigint;
  /** VPP changes the layout right now. */
  readonly isChanging: boolean;
  readonly directory: bigint;
  /** Vector of the error counters of VPP up to 22.02; later ones have them in `/node/errors`. 0: none. */
  readonly errors: bigint;
}

const HEADER = 48;
const VERSION = 2n;
const BLOCK = 4_096;
const LONGEST_TEXT = 1_024;
/** How much one reading may take, in sizes of the segment: vectors may be shared, a ring of them would have no end. */
const BUDGET = 4;
const LARGEST_BUDGET = 1 << 30;

export function malformed(message: string): VppError {
  return new VppError('malformed', `stats segment: ${message}`);
}

/** @throws VppError `malformed`; `unavailable` when it is of a version that is not known. */
export function readHeader(source: SegmentSource): SegmentHeader {
  const bytes = new Uint8Array(HEADER);
  if (source.read(bytes, 0) < HEADER) throw malformed(`${source.size} bytes are less than a header`);
  const [version, base, epoch, changing, directory, errors] = new BigUint64Array(bytes.buffer) as unknown as [
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  if (version !== VERSION) {
    throw new VppError('unavailable', `stats segment: version ${version} is not known, only 2 (VPP 20.09 and later)`);
  }
  return { base, epoch, isChanging: changing !== 0n, directory, errors };
}

/** One reading of the segment. */
export class SegmentReader {
  readonly header: SegmentHeader;
  readonly #source: SegmentSource;
  readonly #blocks = new Map<number, Uint8Array>();
  #budget: number;

  constructor(source: SegmentSource, header: SegmentHeader) {
    this.#source = source;
    this.header = header;
    this.#budget = Math.min(Math.max(source.size * BUDGET, BLOCK), LARGEST_BUDGET);
  }

  /** The items of a vector, none for a null pointer. `what` names it in errors. */
  vector(pointer: bigint, itemSize: number, what: string): Uint8Array<ArrayBuffer> {
    if (pointer === 0n) return new Uint8Array(0);
    const at = this.#offset(pointer, what);
    if (at < 8) throw malformed(`${what} begins at ${at}, before its own length`);
    const length = this.#unsigned32(at - 8, what);
    const size = length * itemSize;
    if (at + size > this.#source.size) {
      throw malformed(
        `${what} has ${length} items of ${itemSize} bytes at ${at}, beyond the end at ${this.#source.size}`,
      );
    }
    return this.#bytes(at, size, what);
  }

  /** Pointers or counters. */
  words(pointer: bigint, what: string, itemWords = 1): BigUint64Array {
    return new BigUint64Array(this.vector(pointer, 8 * itemWords, what).buffer);
  }

  word(pointer: bigint, what: string): bigint {
    return new DataView(this.#bytes(this.#offset(pointer, what), 8, what).buffer).getBigUint64(0, true);
  }

  /** NUL-terminated. */
  text(pointer: bigint, what: string): string {
    const start = this.#offset(pointer, what);
    const parts: Uint8Array[] = [];
    for (let at = start; at < this.#source.size && at - start < LONGEST_TEXT; ) {
      const block = this.#block(at - (at % BLOCK), what);
      const rest = block.subarray(at % BLOCK);
      const end = rest.indexOf(0);
      parts.push(end < 0 ? rest : rest.subarray(0, end));
      if (end >= 0) return Buffer.concat(parts).toString('utf8');
      at += rest.length;
    }
    throw malformed(`${what} has no end within ${LONGEST_TEXT} bytes`);
  }

  #offset(pointer: bigint, what: string): number {
    const offset = pointer - this.header.base;
    if (offset < 0n || offset >= BigInt(this.#source.size)) {
      throw malformed(`${what} points to 0x${pointer.toString(16)}, outside of the segment`);
    }
    return Number(offset);
  }

  #unsigned32(at: number, what: string): number {
    const block = this.#block(at - (at % BLOCK), what);
    if ((at % BLOCK) + 4 <= block.length) return new DataView(block.buffer).getUint32(at % BLOCK, true);
    return new DataView(this.#bytes(at, 4, what).buffer).getUint32(0, true);
  }

  #block(at: number, what: string): Uint8Array {
    let block = this.#blocks.get(at);
    if (block === undefined) {
      block = this.#bytes(at, Math.min(BLOCK, this.#source.size - at), what);
      this.#blocks.set(at, block);
    }
    return block;
  }

  #bytes(at: number, size: number, what: string): Uint8Array<ArrayBuffer> {
    this.#budget -= size;
    if (this.#budget < 0) throw malformed(`${what}: there is more to read than the segment can have`);
    const bytes = new Uint8Array(size);
    if (size > 0 && this.#source.read(bytes, at) < size) throw malformed(`${what} goes beyond the end`);
    return bytes;
  }
}
