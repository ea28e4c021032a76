import type { Message } from '@bufbuild/protobuf';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { definePlugin, duration, type Logger, slot } from '../../app/index.ts';
import { asKey, type Model, type ModelRegistry } from '../../model/index.ts';
import type { Entry, Store, StoreEvent } from '../../store/store.ts';
import { IntentError } from '../intent/errors.ts';
import type { Intent, IntentChange } from '../intent/intent.ts';
import { describedModelsPlugin } from './described-models.ts';
import { intentPlugin } from './intent.ts';
import { modelsPlugin } from './models.ts';
import { sourceOf } from './sources.ts';

/** A key-value store that others write configuration into (etcd and the like). Filled by the application. */
export const configurationStoreSlot = slot<Store>('configuration-store', 'a store that is watched for configuration');

/** Watches `/vnf-agent/<label>/config/` of the configuration store and follows it as the source `datasync`. */
export const storeSourcePlugin = definePlugin({
  name: 'kvdbsync',
  description: 'follows the configuration in a key-value store',
  config: z.strictObject({
    'reconnect-interval': duration().default(2000).describe('time between attempts while the store does not answer'),
  }),
  needs: {
    store: configurationStoreSlot,
    models: modelsPlugin,
    described: describedModelsPlugin,
    intent: intentPlugin,
  },
  start: (needs, config) => ({ ...needs, interval: config['reconnect-interval'] }),
  started({ store, models, described, intent, interval }, { log, signal, application, report }) {
    const prefix = `/vnf-agent/${application.label}/`;
    const follower = new Follower(store, prefix, models, intent, log);
    void followForever(follower, interval, signal, (error) => {
      if (error === undefined) report('ok');
      else report('error', `the store does not answer: ${error instanceof Error ? error.message : String(error)}`);
    });
    described.onRegistered((model) => void readAgain(follower, model, interval, signal));
  },
  health: { fatal: false },
});

async function followForever(
  follower: Follower,
  interval: number,
  signal: AbortSignal,
  tell: (error?: unknown) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await follower.follow(signal, () => tell());
    } catch (error) {
      if (signal.aborted) return;
      tell(error);
    }
    await delay(interval, undefined, { signal }).catch(() => undefined);
  }
}

/** What stood under a model's keys before the agent knew the model. While the store does not answer, it is tried again. */
async function readAgain(follower: Follower, { prefix }: Model, interval: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      return await follower.read(prefix, signal);
    } catch {
      await delay(interval, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Brings the intent to what the store says, first as a whole, then change by change. */
export class Follower {
  readonly #store: Store;
  readonly #prefix: string;
  readonly #models: ModelRegistry;
  readonly #intent: Intent;
  readonly #log: Logger;
  /** Listings and changes are taken one after the other: an older value never comes after a newer one. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(store: Store, prefix: string, models: ModelRegistry, intent: Intent, log: Logger) {
    this.#store = store;
    this.#prefix = prefix;
    this.#models = models;
    this.#intent = intent;
    this.#log = log;
  }

  /** Ends when the store's watch does. Throws when the store does not answer. */
  async follow(signal: AbortSignal, connected: () => void): Promise<void> {
    const under = `${this.#prefix}config/`;
    const revision = await this.#take(async () => {
      const listing = await this.#store.list(under, { signal });
      connected();
      await this.#commit(listing.entries.map(asPut), true);
      return listing.revision;
    });
    for await (const { events, resync } of this.#store.watch(under, { from: revision, signal }))
      await this.#take(() => this.#commit(events, resync));
  }

  /** Takes what stands under a prefix of keys as if it had changed just now. */
  read(prefix: string, signal: AbortSignal): Promise<void> {
    return this.#take(async () => {
      const { entries } = await this.#store.list(this.#prefix + prefix, { signal });
      if (entries.length > 0) await this.#commit(entries.map(asPut), false);
    });
  }

  #take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #commit(events: readonly StoreEvent[], replace: boolean): Promise<void> {
    const changes = events.map((event) => this.#change(event)).filter((change) => change !== undefined);
    try {
      await this.#intent.commit({
        source: sourceOf('datasync'),
        changes,
        replace,
        options: { description: 'configuration store' },
      });
    } catch (error) {
      // It is kept all the same.
      if (!(error instanceof IntentError && error.code === 'away')) throw error;
      this.#log.debug({ changes: changes.length }, error.message);
    }
  }

  /** A value that cannot be read fails its own key only: it is logged, and what was applied under that key stays. */
  #change(event: StoreEvent): IntentChange | undefined {
    const key = asKey(event.key.slice(this.#prefix.length));
    if (event.type === 'delete') return { key, value: null };
    try {
      const value: Message = this.#models.decode(key, event.value);
      const expected = this.#models.keyOf(value);
      if (expected === key) return { key, value };
      this.#log.error({ key, expected }, `the value under ${key} is that of ${expected}; ignored`);
    } catch (error) {
      this.#log.error({ key, err: error }, `the value under ${key} cannot be read; ignored`);
    }
    const held = this.#intent.sources.held('datasync', key);
    return held ? { key, value: held } : undefined;
  }
}

function asPut({ key, value }: Entry): StoreEvent {
  return { type: 'put', key, value, previous: undefined };
}
