/** What the well-known entries of the stats segment say, put together. */

import { type CombinedCounter, earlyErrors, pair, scalar, sums } from './counters.ts';
import type { Directory } from './directory.ts';
import { malformed, type SegmentReader } from './segment.ts';

/** Counters of an interface since it was made or they were cleared. Packets where nothing else is said. */
export interface VppInterfaceCounters {
  /** sw_if_index. */
  readonly index: number;
  readonly name: string;
  readonly rx: CombinedCounter;
  readonly tx: CombinedCounter;
  readonly rxMulticast: CombinedCounter;
  readonly rxBroadcast: CombinedCounter;
  readonly txMulticast: CombinedCounter;
  readonly txBroadcast: CombinedCounter;
  readonly rxErrors: bigint;
  readonly txErrors: bigint;
  readonly drops: bigint;
  readonly punts: bigint;
  readonly ip4: bigint;
  readonly ip6: bigint;
  readonly mpls: bigint;
  /** There was no buffer to receive into. */
  readonly rxNoBuffer: bigint;
  /** The hardware had no room. */
  readonly rxMiss: bigint;
}

/** What a graph node did. */
export interface VppNodeCounters {
  readonly index: number;
  readonly name: string;
  readonly calls: bigint;
  /** Packets. */
  readonly vectors: bigint;
  /** CPU cycles. */
  readonly clocks: bigint;
  readonly suspends: bigint;
}

export interface VppErrorCounter {
  /** Graph node, e.g. `ip4-input`. */
  readonly node: string;
  readonly reason: string;
  readonly count: bigint;
}

export interface VppBufferPool {
  /** E.g. `default-numa-0`. */
  readonly pool: string;
  /** Buffers kept by threads, in use, and free. */
  readonly cached: bigint;
  readonly used: bigint;
  readonly available: bigint;
}

/** Bytes where nothing else is said. */
export interface VppHeap {
  /** `main heap`, `stat segment`. */
  readonly heap: string;
  readonly total: bigint;
  readonly used: bigint;
  readonly free: bigint;
  readonly usedMmap: bigint;
  /** The most that there ever was. */
  readonly totalAllocated: bigint;
  /** Number of free pieces. */
  readonly freeChunks: bigint;
  readonly releasable: bigint;
}

export interface VppRuntime {
  /** Updates of the statistics since the start. */
  readonly heartbeat: bigint;
  /** Seconds since the epoch. */
  readonly bootTime: bigint;
  /** Seconds since the start of VPP. */
  readonly lastUpdate: bigint;
  readonly lastClear: bigint;
  readonly workers: number;
  /** Packets a second. */
  readonly inputRate: bigint;
  /** Packets a call, of all threads and of each (0: the main one). */
  readonly vectorRate: bigint;
  readonly vectorRates: readonly bigint[];
  /** Rounds of the main loop a second, of each thread. */
  readonly loops: readonly bigint[];
}

/** What VPP calls the free place of an interface that was deleted. */
const DELETED = 'deleted';

export function interfaceTable(
  reader: SegmentReader,
  directory: Directory,
  known: readonly (string | undefined)[],
): readonly VppInterfaceCounters[] {
  const simple = (name: string): BigUint64Array => sums(reader, directory.find(`/if/${name}`), 1);
  const combined = (name: string): BigUint64Array => sums(reader, directory.find(`/if/${name}`), 2);
  const [rx, tx, rxMulticast, rxBroadcast, txMulticast, txBroadcast] = [
    combined('rx'),
    combined('tx'),
    combined('rx-multicast'),
    combined('rx-broadcast'),
    combined('tx-multicast'),
    combined('tx-broadcast'),
  ];
  const [rxErrors, txErrors, drops, punts] = [simple('rx-error'), simple('tx-error'), simple('drops'), simple('punt')];
  const [ip4, ip6, mpls] = [simple('ip4'), simple('ip6'), simple('mpls')];
  const [rxNoBuffer, rxMiss] = [simple('rx-no-buf'), simple('rx-miss')];
  const table: VppInterfaceCounters[] = [];
  for (const [index, name] of known.entries()) {
    if (name === undefined || name === DELETED) continue;
    table.push({
      index,
      name,
      rx: pair(rx, index),
      tx: pair(tx, index),
      rxMulticast: pair(rxMulticast, index),
      rxBroadcast: pair(rxBroadcast, index),
      txMulticast: pair(txMulticast, index),
      txBroadcast: pair(txBroadcast, index),
      rxErrors: rxErrors[index] ?? 0n,
      txErrors: txErrors[index] ?? 0n,
      drops: drops[index] ?? 0n,
      punts: punts[index] ?? 0n,
      ip4: ip4[index] ?? 0n,
      ip6: ip6[index] ?? 0n,
      mpls: mpls[index] ?? 0n,
      rxNoBuffer: rxNoBuffer[index] ?? 0n,
      rxMiss: rxMiss[index] ?? 0n,
    });
  }
  return table;
}

export function nodeTable(
  reader: SegmentReader,
  directory: Directory,
  known: readonly (string | undefined)[],
  thread?: number,
): readonly VppNodeCounters[] {
  const of = (name: string): BigUint64Array => sums(reader, directory.find(`/sys/node/${name}`), 1, thread);
  const [calls, vectors, clocks, suspends] = [of('calls'), of('vectors'), of('clocks'), of('suspends')];
  const table: VppNodeCounters[] = [];
  for (const [index, name] of known.entries()) {
    if (name === undefined) continue;
    table.push({
      index,
      name,
      calls: calls[index] ?? 0n,
      vectors: vectors[index] ?? 0n,
      clocks: clocks[index] ?? 0n,
      suspends: suspends[index] ?? 0n,
    });
  }
  return table;
}

export function errorTable(
  reader: SegmentReader,
  directory: Directory,
  splitAt: (at: number) => SplitError,
): readonly VppErrorCounter[] {
  const early = reader.header.errors === 0n ? undefined : earlyErrors(reader);
  const columns = new Map<number, BigUint64Array>();
  const countOf = (entry: { kind: string; value: bigint; target: number; column: number; name: string }): bigint => {
    if (entry.kind === 'error') return early?.[Number(entry.value)] ?? 0n;
    if (entry.kind !== 'symlink') throw malformed(`${entry.name} is of kind ${entry.kind}, not an error counter`);
    let values = columns.get(entry.target);
    if (values === undefined) columns.set(entry.target, (values = sums(reader, directory.at(entry.target), 1)));
    return values[entry.column] ?? 0n;
  };
  const entries = directory.under('/err/');
  return entries.map((entry, at) => ({ ...splitAt(at), count: countOf(entry) }));
}

export type SplitError = Pick<VppErrorCounter, 'node' | 'reason'>;

/** `/err/NODE/REASON`, where nodes of interfaces may have slashes in their names (`memif1/0-output`). */
export function splitError(name: string, nodes: ReadonlySet<string>): SplitError {
  const text = name.slice('/err/'.length);
  const first = text.indexOf('/');
  for (let at = text.lastIndexOf('/'); at > first; at = text.lastIndexOf('/', at - 1)) {
    if (nodes.has(text.slice(0, at))) return { node: text.slice(0, at), reason: text.slice(at + 1) };
  }
  return first < 0 ? { node: text, reason: '' } : { node: text.slice(0, first), reason: text.slice(first + 1) };
}

export function bufferTable(reader: SegmentReader, directory: Directory): readonly VppBufferPool[] {
  const prefix = '/buffer-pools/';
  const end = '/used';
  const pools = directory.under(prefix).filter(({ name }) => name.endsWith(end));
  return pools.map(({ name }) => {
    const place = name.slice(0, -end.length);
    return {
      pool: place.slice(prefix.length),
      cached: scalar(reader, directory.find(`${place}/cached`)),
      used: scalar(reader, directory.find(`${place}/used`)),
      available: scalar(reader, directory.find(`${place}/available`)),
    };
  });
}

export function heapTable(reader: SegmentReader, directory: Directory): readonly VppHeap[] {
  const prefix = '/mem/';
  const heaps = directory.under(prefix).filter(({ kind }) => kind === 'simple');
  return heaps.map((entry) => {
    const values = sums(reader, entry, 1);
    const at = (column: number): bigint => values[column] ?? 0n;
    return {
      heap: entry.name.slice(prefix.length),
      total: at(0),
      used: at(1),
      free: at(2),
      usedMmap: at(3),
      totalAllocated: at(4),
      freeChunks: at(5),
      releasable: at(6),
    };
  });
}

export function runtimeOf(reader: SegmentReader, directory: Directory): VppRuntime {
  const one = (name: string): bigint => scalar(reader, directory.find(`/sys/${name}`));
  /** Threads are the columns here. */
  const each = (name: string): readonly bigint[] => [...sums(reader, directory.find(`/sys/${name}`), 1)];
  return {
    heartbeat: one('heartbeat'),
    bootTime: one('boottime'),
    lastUpdate: one('last_update'),
    lastClear: one('last_stats_clear'),
    workers: Number(one('num_worker_threads')),
    inputRate: one('input_rate'),
    vectorRate: one('vector_rate'),
    vectorRates: each('vector_rate_per_worker'),
    loops: each('loops_per_worker'),
  };
}
