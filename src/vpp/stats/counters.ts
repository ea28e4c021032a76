/** Values of entries. Counters have a vector for each thread (0: the main one); they are summed unless a thread is asked for. */

import type { Directory, Entry } from './directory.ts';
import { malformed } from './segment.ts';
import type { SegmentReader } from './segment.ts';

/** Packets and bytes. */
export interface CombinedCounter {
  readonly packets: bigint;
  readonly bytes: bigint;
}

/** What an entry has, by kind. The place in `values` is VPP's index, e.g. of an interface (sw_if_index) or a `stats_index`. */
export type StatsValue =
  | { readonly kind: 'scalar'; readonly value: bigint }
  | { readonly kind: 'simple'; readonly values: readonly bigint[] }
  | { readonly kind: 'combined'; readonly values: readonly CombinedCounter[] }
  | { readonly kind: 'names'; readonly values: readonly (string | undefined)[] }
  /** Something that this release of the driver does not decode. */
  | { readonly kind: 'unknown' };

const MOST_THREADS = 4_096;
const none = new BigUint64Array(0);

/** Words of a counter, `width` for each index, summed over the threads or of one of them. */
export function sums(reader: SegmentReader, entry: Entry | undefined, width: 1 | 2, thread?: number): BigUint64Array {
  if (entry === undefined) return none;
  const expected = width === 1 ? 'simple' : 'combined';
  if (entry.kind !== expected) throw malformed(`${entry.name} is of kind ${entry.kind}, not ${expected}`);
  const threads = threadsOf(reader, entry);
  if (thread !== undefined) return reader.words(threads[thread] ?? 0n, entry.name, width);
  let total: BigUint64Array = none;
  for (const pointer of threads) {
    const words = reader.words(pointer, entry.name, width);
    const [longer, shorter] = words.length > total.length ? [words, total] : [total, words];
    for (let at = 0; at < shorter.length; at++) longer[at]! += shorter[at]!;
    total = longer;
  }
  return total;
}

export function threadsOf(reader: SegmentReader, entry: Entry): BigUint64Array {
  const threads = reader.words(entry.value, entry.name);
  if (threads.length > MOST_THREADS) throw malformed(`${entry.name} has ${threads.length} threads`);
  return threads;
}

/** It changes in its place, while the directory stays as it was read. */
export function scalar(reader: SegmentReader, entry: Entry | undefined): bigint {
  if (entry === undefined) return 0n;
  if (entry.kind !== 'scalar' && entry.kind !== 'gauge') {
    throw malformed(`${entry.name} is of kind ${entry.kind}, not scalar`);
  }
  return reader.word(entry.address, entry.name);
}

/** Free places have no name; they are kept, so that places are VPP's indices. */
export function names(reader: SegmentReader, entry: Entry | undefined): readonly (string | undefined)[] {
  if (entry === undefined) return [];
  if (entry.kind !== 'names') throw malformed(`${entry.name} is of kind ${entry.kind}, not names`);
  return Array.from(reader.words(entry.value, entry.name), (pointer) =>
    pointer === 0n ? undefined : reader.text(pointer, entry.name),
  );
}

export function valueOf(reader: SegmentReader, directory: Directory, entry: Entry): StatsValue {
  switch (entry.kind) {
    case 'scalar':
    case 'gauge':
      return { kind: 'scalar', value: scalar(reader, entry) };
    case 'simple':
      return { kind: 'simple', values: [...sums(reader, entry, 1)] };
    case 'combined':
      return { kind: 'combined', values: pairs(sums(reader, entry, 2)) };
    case 'names':
      return { kind: 'names', values: names(reader, entry) };
    case 'error':
      return { kind: 'scalar', value: earlyErrors(reader)[Number(entry.value)] ?? 0n };
    case 'symlink':
      return linked(reader, directory, entry);
    default:
      return { kind: 'unknown' };
  }
}

/** One column of another entry. */
function linked(reader: SegmentReader, directory: Directory, entry: Entry): StatsValue {
  const target = directory.at(entry.target);
  if (target.kind === 'symlink') throw malformed(`symlink ${entry.name} leads to symlink ${target.name}`);
  const value = valueOf(reader, directory, target);
  if (!('values' in value)) return value;
  const { column } = entry;
  if (value.kind === 'simple') return { kind: 'scalar', value: value.values[column] ?? 0n };
  if (value.kind === 'combined') return { kind: 'combined', values: value.values.slice(column, column + 1) };
  return { kind: 'names', values: value.values.slice(column, column + 1) };
}

/** Error counters of VPP up to 22.02, summed. */
export function earlyErrors(reader: SegmentReader): BigUint64Array {
  const value = reader.header.errors;
  return sums(reader, { name: 'error counters', kind: 'simple', value, address: 0n, target: 0, column: 0 }, 1);
}

function pairs(words: BigUint64Array): readonly CombinedCounter[] {
  return Array.from({ length: words.length / 2 }, (_, index) => pair(words, index));
}

export function pair(words: BigUint64Array, index: number): CombinedCounter {
  return { packets: words[2 * index] ?? 0n, bytes: words[2 * index + 1] ?? 0n };
}
