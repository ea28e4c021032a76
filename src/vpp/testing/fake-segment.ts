/** A stats segment in a buffer, laid out as VPP does it, for tests. */

/** Address at which VPP would have it: pointers are relative to it. */
export const FAKE_BASE = 0x1300_0000_0000n;

export type FakeEntry =
  | { readonly scalar: bigint }
  /** A vector for each thread. */
  | { readonly simple: readonly (readonly bigint[])[] }
  /** Packets and bytes. */
  | { readonly combined: readonly (readonly (readonly [bigint, bigint])[])[] }
  | { readonly names: readonly (string | undefined)[] }
  /** Name of the entry and column. */
  | { readonly symlink: readonly [string, number] }
  /** Column in the error counters of an early VPP. */
  | { readonly error: number }
  | { readonly empty: true };

export interface FakeSegmentOptions {
  /** Bytes. Default 1 MiB. */
  readonly size?: number;
  /** Of threads: makes it the layout of VPP up to 22.02. */
  readonly errors?: readonly (readonly bigint[])[];
  readonly epoch?: bigint;
}

const ENTRY = 144;

/** What a test may write over. */
export interface FakeSegment {
  readonly bytes: Buffer;
  readonly size: number;
  read(target: Uint8Array, at: number): number;
  setEpoch(epoch: bigint): void;
  setChanging(isChanging: boolean): void;
  /** Offset of an entry of the directory: kind +0, value +8, name +16. */
  entry(name: string): number;
}

export function fakeSegment(
  entries: Readonly<Record<string, FakeEntry>>,
  { size = 1 << 20, errors, epoch = 7n }: FakeSegmentOptions = {},
): FakeSegment {
  const bytes = Buffer.alloc(size);
  const heap = new Heap(bytes);
  const list = Object.keys(entries);
  const isEarly = errors !== undefined;
  const directory = heap.vector(list.length, ENTRY);
  for (const [place, name] of list.entries()) {
    const at = directory + place * ENTRY;
    const { kind, value } = encode(heap, entries[name]!, list, isEarly);
    bytes.writeUInt32LE(kind, at);
    bytes.writeBigUInt64LE(value, at + 8);
    bytes.write(name, at + 16, 127);
  }
  bytes.writeBigUInt64LE(2n, 0);
  bytes.writeBigUInt64LE(FAKE_BASE, 8);
  bytes.writeBigUInt64LE(epoch, 16);
  bytes.writeBigUInt64LE(FAKE_BASE + BigInt(directory), 32);
  if (errors) bytes.writeBigUInt64LE(heap.threads(errors), 40);
  return {
    bytes,
    size,
    read: (target, at) => bytes.copy(target, 0, at, at + target.length),
    setEpoch: (value) => void bytes.writeBigUInt64LE(value, 16),
    setChanging: (isChanging) => void bytes.writeBigUInt64LE(isChanging ? 1n : 0n, 24),
    entry: (name) => directory + list.indexOf(name) * ENTRY,
  };
}

function encode(
  heap: Heap,
  entry: FakeEntry,
  list: readonly string[],
  isEarly: boolean,
): { readonly kind: number; readonly value: bigint } {
  if ('scalar' in entry) return { kind: 1, value: entry.scalar };
  if ('simple' in entry) return { kind: 2, value: heap.threads(entry.simple) };
  if ('combined' in entry)
    return {
      kind: 3,
      value: heap.threads(
        entry.combined.map((thread) => thread.flat()),
        2,
      ),
    };
  if ('names' in entry) return { kind: isEarly ? 5 : 4, value: heap.texts(entry.names) };
  if ('error' in entry) return { kind: 4, value: BigInt(entry.error) };
  if ('empty' in entry) return { kind: isEarly ? 6 : 5, value: 0n };
  const [target, column] = entry.symlink;
  return { kind: isEarly ? 7 : 6, value: BigInt(list.indexOf(target)) | (BigInt(column) << 32n) };
}

class Heap {
  readonly #bytes: Buffer;
  #end = 64;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Offset of the items. */
  vector(length: number, itemSize: number): number {
    const at = this.#end + 8;
    this.#bytes.writeUInt32LE(length, at - 8);
    this.#end = at + Math.ceil((length * itemSize) / 8) * 8;
    return at;
  }

  words(words: readonly bigint[], itemWords = 1): bigint {
    const at = this.vector(words.length / itemWords, 8 * itemWords);
    for (const [index, word] of words.entries()) this.#bytes.writeBigUInt64LE(word, at + 8 * index);
    return FAKE_BASE + BigInt(at);
  }

  threads(threads: readonly (readonly bigint[])[], itemWords = 1): bigint {
    return this.words(threads.map((words) => this.words(words, itemWords)));
  }

  texts(texts: readonly (string | undefined)[]): bigint {
    return this.words(texts.map((text) => (text === undefined ? 0n : this.#text(text))));
  }

  #text(text: string): bigint {
    const at = this.vector(Buffer.byteLength(text) + 1, 1);
    this.#bytes.write(text, at);
    return FAKE_BASE + BigInt(at);
  }
}
