/** Transactions of the past, bounded by count, bytes and age. */

import { withoutValues } from './recording.ts';
import type { SchedulerOptions, TransactionRecord } from './scheduler.ts';

interface Entry {
  record: TransactionRecord;
  bytes: number;
}

interface Filter {
  readonly since?: number;
  readonly until?: number;
  readonly seqNum?: number;
}

const defaults = {
  enabled: true,
  maxCount: 10_000,
  maxBytes: 256 * 2 ** 20,
  maxAge: 24 * 3600_000,
  permanentInit: 3600_000,
};

export class History {
  readonly #limits: Required<NonNullable<SchedulerOptions['history']>>;
  readonly #now: () => number;
  readonly #started: number;
  #entries: Entry[] = [];
  #bytes = 0;
  /** Entries before this one have lost their values already. */
  #stripped = 0;
  /** Somebody strips already, and goes on until there is room. */
  #stripping = false;

  constructor(limits: SchedulerOptions['history'], now: () => number) {
    this.#limits = { ...defaults, ...limits };
    this.#now = now;
    this.#started = now();
  }

  /** Adds at once; making room for it may take long, so that goes in steps. */
  *add(record: TransactionRecord): Generator<void> {
    if (!this.#limits.enabled) return;
    const bytes = estimate(record);
    this.#entries.push({ record, bytes });
    this.#bytes += bytes;
    this.#dropOld();
    if (!this.#stripping) yield* this.#makeRoom();
  }

  list({ since, until, seqNum }: Filter = {}): readonly TransactionRecord[] {
    this.#dropOld();
    const found = this.#entries.map(({ record }) => record);
    if (seqNum !== undefined) return found.filter((record) => record.seqNum === seqNum);
    return found.filter(
      (record) => (since === undefined || record.stop >= since) && (until === undefined || record.start <= until),
    );
  }

  #dropOld(): void {
    const { maxCount, maxAge, permanentInit } = this.#limits;
    let drop = Math.max(0, this.#entries.length - maxCount);
    const oldest = this.#now() - maxAge;
    while (drop < this.#entries.length && this.#isOutdated(this.#entries[drop]!, oldest, permanentInit)) drop++;
    this.#drop(drop);
  }

  *#makeRoom(): Generator<void> {
    const { maxBytes } = this.#limits;
    this.#stripping = true;
    while (this.#bytes > maxBytes && this.#stripped < this.#entries.length)
      yield* this.#strip(this.#entries[this.#stripped++]!);
    this.#stripping = false;
    let count = 0;
    for (let bytes = this.#bytes; bytes > maxBytes && count < this.#entries.length; count++)
      bytes -= this.#entries[count]!.bytes;
    this.#drop(count);
  }

  #isOutdated({ record }: Entry, oldest: number, permanentInit: number): boolean {
    return record.stop < oldest && record.stop >= this.#started + permanentInit;
  }

  #drop(count: number): void {
    if (count === 0) return;
    for (const entry of this.#entries.slice(0, count)) {
      this.#bytes -= entry.bytes;
      entry.bytes = 0;
    }
    this.#entries = this.#entries.slice(count);
    this.#stripped = Math.max(0, this.#stripped - count);
  }

  /** Keeps what was done and forgets the values: they are what takes the room. */
  *#strip(entry: Entry): Generator<void> {
    const { record } = entry;
    const executed = yield* mapped(record.executed, withoutValues);
    const planned = record.planned === record.executed ? executed : yield* mapped(record.planned, withoutValues);
    const values = yield* mapped(record.values, ({ key, origin }) => ({ key, value: null, origin }));
    const stripped: TransactionRecord = { ...record, values, planned, executed };
    // It may have been dropped meanwhile: then it weighs nothing any more.
    const size = Math.min(entry.bytes, estimate(stripped));
    this.#bytes += size - entry.bytes;
    entry.record = stripped;
    entry.bytes = size;
  }
}

function* mapped<T>(items: readonly T[], change: (item: T) => T): Generator<void, readonly T[]> {
  const changed: T[] = [];
  for (const item of items) {
    changed.push(change(item));
    if ((changed.length & 63) === 0) yield;
  }
  return changed;
}

const bytesOfOperation = 200;
const bytesOfRecord = 300;
const sample = 32;

/** Roughly what a record keeps from being collected. Long records are judged by a sample. */
function estimate({ values, planned, executed }: TransactionRecord): number {
  let bytes = bytesOfRecord + values.length * 64 + executed.length * bytesOfOperation;
  if (planned !== executed) bytes += planned.length * bytesOfOperation;
  bytes += sampled(values, ({ key, value }) => 2 * key.length + weigh(value));
  bytes += sampled(
    executed,
    ({ prevValue, newValue }) => weigh(prevValue) + (newValue === prevValue ? 0 : weigh(newValue)) / 2,
  );
  return bytes;
}

function sampled<T>(items: readonly T[], weight: (item: T) => number): number {
  const step = Math.max(1, Math.floor(items.length / sample));
  let total = 0;
  let count = 0;
  for (let i = 0; i < items.length; i += step) {
    total += weight(items[i]!);
    count++;
  }
  return count === 0 ? 0 : (total / count) * items.length;
}

function weigh(value: unknown): number {
  if (typeof value === 'string') return 16 + 2 * value.length;
  if (typeof value !== 'object' || value === null) return 8;
  if (ArrayBuffer.isView(value)) return 64 + value.byteLength;
  let bytes = 32;
  for (const name in value) bytes += 8 + weigh((value as Record<string, unknown>)[name]);
  return bytes;
}
