/** VPP's counters: read from the memory that VPP shares, without asking VPP. */

import { setTimeout as delay } from 'node:timers/promises';
import { VppError } from '../errors.ts';
import { type AttachedSegment, attachSegment } from './attach.ts';
import { names, type StatsValue, valueOf } from './counters.ts';
import { Directory } from './directory.ts';
import { readHeader, type SegmentHeader, SegmentReader, type SegmentSource } from './segment.ts';
import {
  bufferTable,
  errorTable,
  heapTable,
  interfaceTable,
  nodeTable,
  runtimeOf,
  type SplitError,
  splitError,
  type VppBufferPool,
  type VppErrorCounter,
  type VppHeap,
  type VppInterfaceCounters,
  type VppNodeCounters,
  type VppRuntime,
} from './tables.ts';

export interface VppStatsOptions {
  /** The stats socket. Default `/run/vpp/stats.sock`. */
  readonly path?: string;
  /** Ms that VPP may take to answer at the socket. Default 5,000. */
  readonly timeout?: number;
  /** How often a reading is repeated because VPP changed the layout meanwhile. Default 50. */
  readonly attempts?: number;
}

interface View {
  readonly reader: SegmentReader;
  readonly directory: Directory;
  /** Names of a vector, the same while the layout is. */
  names(entry: string): readonly (string | undefined)[];
}

/**
 * Each reading is consistent: of one layout. It connects when it has to: at first, and when VPP was started anew.
 *
 * All methods reject with VppError: `unreachable` or `timeout` (nobody there; VPP does not hold still; retriable), `malformed`,
 * `unavailable` (koffi is not installed; a layout that is not known), `closed`.
 */
export class VppStats {
  readonly #attach: () => Promise<AttachedSegment>;
  readonly #attempts: number;
  #attached: AttachedSegment | undefined;
  #attaching: Promise<AttachedSegment> | undefined;
  #directory: Directory | undefined;
  readonly #names = new Map<string, readonly (string | undefined)[]>();
  /** In the order of the directory, the same while the layout is. */
  #errorNames: readonly SplitError[] = [];
  #isClosed = false;

  constructor({ path = '/run/vpp/stats.sock', timeout = 5_000, attempts = 50 }: VppStatsOptions = {}) {
    this.#attach = () => attachSegment(path, timeout);
    this.#attempts = attempts;
  }

  /** Reads what is there already, e.g. a copy of a segment. */
  static of(source: SegmentSource, options: Pick<VppStatsOptions, 'attempts'> = {}): VppStats {
    const stats = new VppStats(options);
    stats.#attached = { size: source.size, read: (...all) => source.read(...all), stale: () => undefined, close() {} };
    return stats;
  }

  /** Of all interfaces, in the order of their indices. */
  interfaces(): Promise<readonly VppInterfaceCounters[]> {
    return this.#read(({ reader, directory, names: of }) => interfaceTable(reader, directory, of('/if/names')));
  }

  /** Of all graph nodes, of all threads together or of one (0: main). Empty when VPP does not count them (`per-node-counters`). */
  nodes({ thread }: { readonly thread?: number } = {}): Promise<readonly VppNodeCounters[]> {
    return this.#read(({ reader, directory, names: of }) =>
      nodeTable(reader, directory, of('/sys/node/names'), thread),
    );
  }

  /** Why graph nodes dropped packets, and what else they count; also what is zero. */
  errors(): Promise<readonly VppErrorCounter[]> {
    return this.#read(({ reader, directory, names: of }) => {
      if (this.#errorNames.length === 0) {
        const nodes = new Set(of('/sys/node/names').filter((name) => name !== undefined));
        this.#errorNames = directory.under('/err/').map(({ name }) => splitError(name, nodes));
      }
      return errorTable(reader, directory, (at) => this.#errorNames[at]!);
    });
  }

  buffers(): Promise<readonly VppBufferPool[]> {
    return this.#read(({ reader, directory }) => bufferTable(reader, directory));
  }

  memory(): Promise<readonly VppHeap[]> {
    return this.#read(({ reader, directory }) => heapTable(reader, directory));
  }

  runtime(): Promise<VppRuntime> {
    return this.#read(({ reader, directory }) => runtimeOf(reader, directory));
  }

  /** Names of all entries that begin so. */
  list(prefix = '/'): Promise<readonly string[]> {
    return this.#read(({ directory }) => Array.from(directory.under(prefix), ({ name }) => name));
  }

  /** Any entry, e.g. `/net/route/to`, whose places are the `stats_index` of routes. Undefined: this VPP does not have it. */
  value(name: string): Promise<StatsValue | undefined> {
    return this.#read(({ reader, directory }) => {
      const entry = directory.find(name);
      return entry && valueOf(reader, directory, entry);
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#detach();
  }

  async #read<T>(look: (view: View) => T): Promise<T> {
    for (let attempt = 0; attempt < this.#attempts; attempt++) {
      // VPP holds the lock for microseconds; somebody who takes it again and again leaves gaps.
      if (attempt > 0) await delay(1);
      const source = await this.#source();
      const header = readHeader(source);
      if (header.isChanging) continue;
      const outcome = attemptOf(() => look(this.#view(source, header)));
      const after = readHeader(source);
      if (after.epoch !== header.epoch || after.isChanging) {
        this.#forget();
        continue;
      }
      if ('error' in outcome) throw outcome.error;
      return outcome.result;
    }
    throw new VppError('timeout', `stats segment: VPP changed it during each of ${this.#attempts} readings`);
  }

  #view(source: SegmentSource, header: SegmentHeader): View {
    const reader = new SegmentReader(source, header);
    if (this.#directory?.epoch !== header.epoch) {
      this.#forget();
      this.#directory = new Directory(reader);
    }
    const directory = this.#directory;
    return {
      reader,
      directory,
      names: (entry) => {
        const known = this.#names.get(entry) ?? names(reader, directory.find(entry));
        this.#names.set(entry, known);
        return known;
      },
    };
  }

  async #source(): Promise<AttachedSegment> {
    if (this.#attached?.stale() !== undefined) this.#detach();
    if (this.#isClosed) throw new VppError('closed', "the reader of VPP's counters was closed");
    if (this.#attached) return this.#attached;
    this.#attaching ??= this.#attach().finally(() => (this.#attaching = undefined));
    const attached = await this.#attaching;
    if (this.#isClosed && this.#attached !== attached) attached.close();
    if (this.#isClosed) throw new VppError('closed', "the reader of VPP's counters was closed");
    this.#attached = attached;
    return attached;
  }

  #detach(): void {
    this.#attached?.close();
    this.#attached = undefined;
    this.#forget();
  }

  #forget(): void {
    this.#directory = undefined;
    this.#names.clear();
    this.#errorNames = [];
  }
}

type Outcome<T> = { readonly result: T } | { readonly error: unknown };

/** What was half changed may look malformed: that counts only if nothing changed. */
function attemptOf<T>(work: () => T): Outcome<T> {
  try {
    return { result: work() };
  } catch (error) {
    return { error };
  }
}
