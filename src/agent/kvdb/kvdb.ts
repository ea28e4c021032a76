/**
 * The configuration store as people see it: keys with values in JSON, checked before they are written. Keys without a slash in
 * front are below the agent's own prefix: `config/vpp/v2/interfaces/tap1` is `/vnf-agent/vpp1/config/vpp/v2/interfaces/tap1`.
 */

import type { Message } from '@bufbuild/protobuf';
import { asKey, type ModelRegistry } from '../../model/index.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { Entry, Store, StoreChange, Write } from '../../store/store.ts';
import { restoreSecrets } from '../configuration/secrets.ts';
import type { Intent } from '../intent/intent.ts';
import { RestError } from '../rest/rest-error.ts';
import type { ValueJson } from '../rest/value-json.ts';

/** What stands under a key. `value` is JSON for values of known models and other JSON, text or base64 otherwise. */
export interface KvdbEntry {
  readonly key: string;
  readonly revision: number;
  readonly value: unknown;
  readonly model?: string;
  /** How `value` is written when it is not JSON. */
  readonly encoding?: 'text' | 'base64';
}

export interface KvdbChange {
  readonly revision: number;
  readonly resync: boolean;
  readonly events: readonly (
    | { readonly type: 'put'; readonly key: string; readonly value: unknown }
    | { readonly type: 'delete'; readonly key: string }
  )[];
}

export interface KvdbWrite {
  readonly key: string;
  /** `null` deletes. */
  readonly value: unknown;
}

export interface KvdbNeeds {
  readonly store: Store;
  readonly label: string;
  readonly models: ModelRegistry;
  readonly scheduler: Scheduler;
  readonly intent: Intent;
  readonly values: ValueJson;
}

/** Most bytes of one key (UTF-8): the store's own limit. */
const longestKey = 65_535;

export class Kvdb {
  readonly #needs: KvdbNeeds;
  readonly #own: string;

  constructor(needs: KvdbNeeds) {
    this.#needs = needs;
    this.#own = `/vnf-agent/${needs.label}/`;
  }

  async list(prefix: string, keysOnly = false): Promise<{ readonly revision: number; readonly entries: KvdbEntry[] }> {
    const { revision, entries } = await this.#needs.store.list(this.#full(prefix), { keysOnly });
    return { revision, entries: entries.map((entry) => this.#shown(entry, keysOnly)) };
  }

  /** Errors: RestError `not-found`. */
  async get(key: string): Promise<KvdbEntry> {
    const entry = await this.#needs.store.get(this.#full(key));
    if (entry === undefined) throw new RestError('not-found', `there is nothing under ${this.#full(key)}`, 'key');
    return this.#shown(entry, false);
  }

  /** All or nothing. Errors: RestError or IntentError `invalid`, which name the key and what is wrong with its value. */
  async write(writes: readonly KvdbWrite[]): Promise<{ readonly revision: number; readonly written: number }> {
    const keys = new Set<string>();
    const prepared: Write[] = [];
    for (const { key, value } of writes) {
      const full = this.#checkedKey(key);
      if (keys.has(full)) throw new RestError('invalid', `${full} is written twice in one transaction`, 'key');
      keys.add(full);
      prepared.push(
        value === null
          ? { type: 'delete', key: full }
          : { type: 'put', key: full, value: await this.#encode(full, value) },
      );
    }
    const { revision } = await this.#needs.store.transaction(prepared);
    return { revision, written: prepared.length };
  }

  /** False: there was nothing. */
  delete(key: string): Promise<boolean> {
    return this.#needs.store.delete(this.#checkedKey(key));
  }

  /** Changes after revision `from` (default: after this call) until the signal aborts. */
  watch(prefix: string, from: number | undefined, signal: AbortSignal): AsyncIterable<KvdbChange> {
    const options = { signal, ...(from === undefined ? {} : { from }) };
    return this.#shownChanges(this.#needs.store.watch(this.#full(prefix), options));
  }

  async *#shownChanges(changes: AsyncIterable<StoreChange, void>): AsyncGenerator<KvdbChange> {
    for await (const change of changes) yield this.#shownChange(change);
  }

  #full(key: string): string {
    return key.startsWith('/') ? key : this.#own + key;
  }

  #checkedKey(key: string): string {
    if (key === '' || /[\p{Cc}]/u.test(key)) {
      throw new RestError(
        'invalid',
        'a key is text without control characters, e.g. config/vpp/v2/interfaces/tap1',
        'key',
      );
    }
    const full = this.#full(key);
    if (Buffer.byteLength(full) > longestKey) {
      throw new RestError('invalid', `the key has ${Buffer.byteLength(full)} bytes, more than ${longestKey}`, 'key');
    }
    return full;
  }

  /** The key as models know it, when it is one of this agent's. */
  #modelKey(full: string): string | undefined {
    const short = full.startsWith(this.#own) ? full.slice(this.#own.length) : undefined;
    return short !== undefined && this.#needs.models.modelForKey(short) !== undefined ? short : undefined;
  }

  async #encode(full: string, value: unknown): Promise<Uint8Array> {
    const key = this.#modelKey(full);
    if (key === undefined) return Buffer.from(JSON.stringify(value));
    const stored = await this.#needs.store.get(full);
    const message = this.#restored(key, this.#decoded(key, JSON.stringify(value)), stored);
    this.#needs.intent.validate([{ key: asKey(key), value: message }]);
    return Buffer.from(JSON.stringify(this.#needs.values.json(message, { secrets: true })));
  }

  #decoded(key: string, text: string): Message {
    const { models } = this.#needs;
    let message: Message;
    try {
      message = models.decode(key, text);
    } catch (error) {
      throw new RestError('invalid', `${key}: ${error instanceof Error ? error.message : String(error)}`, 'value');
    }
    const expected = models.keyOf(message);
    if (expected !== key)
      throw new RestError('invalid', `this value belongs under ${expected}, not under ${key}`, 'key');
    return message;
  }

  /** Placeholders of secrets keep what is stored. */
  #restored(key: string, value: Message, stored: Entry | undefined): Message {
    const known = stored === undefined ? undefined : this.#readable(key, stored.value);
    const one = { key: asKey(key), value };
    const place = { file: key, locate: () => undefined, values: [one] };
    return restoreSecrets(place, () => known, this.#needs.scheduler).values[0]?.value ?? value;
  }

  /** Undefined: somebody else's bytes. */
  #readable(key: string, bytes: Uint8Array): Message | undefined {
    try {
      return this.#needs.models.decode(key, bytes);
    } catch {
      return undefined;
    }
  }

  #shown({ key, value, revision }: Entry, keysOnly: boolean): KvdbEntry {
    const model = this.#modelName(key);
    return {
      key,
      revision,
      ...(model === undefined ? {} : { model }),
      ...(keysOnly ? { value: null } : this.#content(key, value)),
    };
  }

  #modelName(full: string): string | undefined {
    const key = this.#modelKey(full);
    return key === undefined ? undefined : this.#needs.models.modelForKey(key)?.name;
  }

  #content(full: string, bytes: Uint8Array): Pick<KvdbEntry, 'value' | 'encoding'> {
    const key = this.#modelKey(full);
    if (key !== undefined) {
      const message = this.#readable(key, bytes);
      if (message !== undefined) return { value: this.#needs.values.json(message) };
    }
    const buffer = Buffer.from(bytes);
    const text = buffer.toString('utf8');
    if (!Buffer.from(text, 'utf8').equals(buffer)) return { value: buffer.toString('base64'), encoding: 'base64' };
    try {
      return { value: JSON.parse(text) as unknown };
    } catch {
      return { value: text, encoding: 'text' };
    }
  }

  #shownChange({ revision, resync, events }: StoreChange): KvdbChange {
    return {
      revision,
      resync,
      events: events.map((event) =>
        event.type === 'delete'
          ? { type: 'delete', key: event.key }
          : { type: 'put', key: event.key, value: this.#content(event.key, event.value).value },
      ),
    };
  }
}
