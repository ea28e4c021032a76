/**
 * The durable side of the intent. Layout in the store:
 *
 *   source/<name>             JSON {priority}
 *   intent/<source>/<key>     what the source wants, encoded by the codec
 *   labels/<source>/<key>     JSON of the labels a source gave a value, when there are any
 *   guard/<id>/<source>/<key> what the source wanted before a commit that waits for its confirmation; empty: nothing
 *   leftover/<key>            a value that was wanted and may still be in the data plane (written before it is taken
 *                             down, erased when the data plane has let go of it)
 */

import { asKey, type Key } from '../../model/key.ts';
import type { Source } from '../../scheduler/scheduler.ts';
import type { Value } from '../../scheduler/kind.ts';
import type { Store, Write } from '../../store/store.ts';
import type { Labels } from './sources.ts';
import type { Reversal } from './undo-log.ts';

/** Turns values into bytes and back; the model registry in production. */
export interface ValueCodec {
  encode(key: Key, value: Value): Uint8Array;
  /** Throws when the bytes are not a value of the key's model. */
  decode(key: Key, bytes: Uint8Array): Value;
}

export interface Unreadable {
  readonly storeKey: string;
  readonly error: unknown;
}

export interface Archived {
  readonly values: readonly {
    readonly source: Source;
    readonly key: Key;
    readonly value: Value;
    readonly labels?: Labels;
  }[];
  readonly leftovers: ReadonlyMap<Key, Value>;
  /** What commits replaced that nobody had confirmed, newest first. */
  readonly guards: readonly {
    readonly storeKey: string;
    readonly source: Source;
    readonly key: Key;
    readonly before: Value | null;
  }[];
  /** Entries that could not be decoded (a model that is not registered any more); left in the store untouched. */
  readonly unreadable: readonly Unreadable[];
}

export class Archive {
  readonly #store: Store;
  readonly #codec: ValueCodec;
  readonly #sources = new Map<string, Source>();

  constructor(store: Store, codec: ValueCodec) {
    this.#store = store;
    this.#codec = codec;
  }

  async load(): Promise<Archived> {
    const unreadable: Unreadable[] = [];
    for (const entry of (await this.#store.list('source/')).entries) {
      const source = decodeSource(entry.key.slice('source/'.length), entry.value);
      this.#sources.set(source.name, source);
    }
    const labels = new Map<string, Labels>();
    for (const entry of (await this.#store.list('labels/')).entries)
      labels.set(entry.key.slice('labels/'.length), JSON.parse(new TextDecoder().decode(entry.value)) as Labels);
    const values: { source: Source; key: Key; value: Value; labels?: Labels }[] = [];
    for (const entry of (await this.#store.list('intent/')).entries) {
      const rest = entry.key.slice('intent/'.length);
      const slash = rest.indexOf('/');
      const source = this.#sources.get(rest.slice(0, slash));
      const key = asKey(rest.slice(slash + 1));
      const value = this.#decode(entry.key, key, entry.value, unreadable);
      const own = labels.get(rest);
      if (source && value) values.push({ source, key, value, ...(own === undefined ? {} : { labels: own }) });
    }
    const leftovers = new Map<Key, Value>();
    for (const entry of (await this.#store.list('leftover/')).entries) {
      const key = asKey(entry.key.slice('leftover/'.length));
      const value = this.#decode(entry.key, key, entry.value, unreadable);
      if (value) leftovers.set(key, value);
    }
    return { values, leftovers, guards: await this.#guards(unreadable), unreadable };
  }

  async #guards(unreadable: Unreadable[]): Promise<Archived['guards']> {
    const guards: Archived['guards'][number][] = [];
    for (const { key: storeKey, value } of (await this.#store.list('guard/')).entries) {
      const [, , name = '', ...rest] = storeKey.split('/');
      const key = asKey(rest.join('/'));
      const source = this.#sources.get(name);
      const before = value.length === 0 ? null : this.#decode(storeKey, key, value, unreadable);
      if (source && before !== undefined) guards.push({ storeKey, source, key, before });
    }
    return guards.reverse();
  }

  #decode(storeKey: string, key: Key, bytes: Uint8Array, unreadable: Unreadable[]): Value | undefined {
    try {
      return this.#codec.decode(key, bytes);
    } catch (error) {
      unreadable.push({ storeKey, error });
      return undefined;
    }
  }

  /** Adds the writes that record what a source wants now for a key (null: nothing). */
  record(source: Source, key: Key, value: Value | null, writes: Write[]): void {
    const known = this.#sources.get(source.name);
    if (known?.priority !== source.priority) {
      this.#sources.set(source.name, source);
      writes.push({ type: 'put', key: `source/${source.name}`, value: encodeSource(source) });
    }
    const storeKey = `intent/${source.name}/${key}`;
    if (value === null) writes.push({ type: 'delete', key: storeKey });
    else writes.push({ type: 'put', key: storeKey, value: this.#codec.encode(key, value) });
  }

  /** Writes what labels a value has now (undefined: none). */
  label(source: Source, key: Key, labels: Labels | undefined): Write {
    const storeKey = `labels/${source.name}/${key}`;
    if (labels === undefined) return { type: 'delete', key: storeKey };
    return { type: 'put', key: storeKey, value: new TextEncoder().encode(JSON.stringify(labels)) };
  }

  /** Writes by which a restart finds out what to put back. Ids sort by time. */
  *guard(id: string, { source, changes }: Reversal): Iterable<Write> {
    for (const { key, before } of changes) {
      const value = before === null ? new Uint8Array() : this.#codec.encode(key, before);
      yield { type: 'put', key: `guard/${id}/${source.name}/${key}`, value };
    }
  }

  *confirmed(id: string, { source, changes }: Reversal): Iterable<Write> {
    for (const { key } of changes) yield { type: 'delete', key: `guard/${id}/${source.name}/${key}` };
  }

  leave(key: Key, value: Value): Write {
    return { type: 'put', key: `leftover/${key}`, value: this.#codec.encode(key, value) };
  }

  settled(key: Key): Write {
    return { type: 'delete', key: `leftover/${key}` };
  }

  async write(writes: readonly Write[]): Promise<void> {
    if (writes.length > 0) await this.#store.transaction(writes);
  }
}

function encodeSource(source: Source): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ priority: source.priority }));
}

function decodeSource(name: string, bytes: Uint8Array): Source {
  const parsed: unknown = JSON.parse(new TextDecoder().decode(bytes));
  const priority =
    typeof parsed === 'object' && parsed !== null && 'priority' in parsed ? Number(parsed.priority) : Number.NaN;
  return { name, priority: Number.isFinite(priority) ? priority : 0 };
}
