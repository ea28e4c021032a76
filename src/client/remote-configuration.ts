/** The part of a client that `ligato.generic.ManagerService` answers, over gRPC or Connect. */

import type { Message, MessageInitShape } from '@bufbuild/protobuf';
import { createClient } from '@connectrpc/connect';
import {
  type Item,
  type Item_ID,
  ManagerService,
  type UpdateItemSchema,
  UpdateResult_Operation,
} from '../model/gen/ligato/generic/manager_pb.js';
import { isUnder } from '../model/key.ts';
import type { ModelRegistry } from '../model/registry.ts';
import { type ChangeAnswer, type ObjectChange, type SendOptions } from './change-request.ts';
import type { AppliedItem, ConfigurationItem, ItemFilter, StateChange, StateFilter } from './configuration-client.ts';
import { isObjectId, type ObjectId } from './object-id.ts';
import { ClientError } from './errors.ts';
import { learnModels } from './remote-models.ts';
import type { RemoteCalls } from './transport.ts';

export class RemoteConfiguration {
  readonly #calls: RemoteCalls;
  readonly #manager;
  readonly #models: ModelRegistry;
  readonly #source: string;
  #learning: Promise<void> | undefined;

  /** `source`: who wants what is put, unless a call says otherwise. */
  constructor(calls: RemoteCalls, models: ModelRegistry, source: string) {
    this.#calls = calls;
    this.#source = source;
    this.#manager = createClient(ManagerService, calls.transport);
    this.#models = models;
  }

  async knownModels(): Promise<ModelRegistry> {
    await this.#learn();
    return this.#models;
  }

  async send(changes: readonly ObjectChange[], options: SendOptions): Promise<ChangeAnswer> {
    const { replace = false } = options;
    if (replace && changes.some((one) => 'delete' in one))
      throw new ClientError('usage', 'replace: what is not put is withdrawn, so there is nothing to delete');
    const updates = await Promise.all(changes.map((one) => this.#update(one)));
    let seqNum: number | null = null;
    const { results } = await this.#asked(() =>
      this.#manager.setConfig(
        { updates, overwriteAll: replace },
        {
          ...this.#calls.once,
          headers: { ...this.#calls.once.headers, ...metadataOf({ source: this.#source, ...options }) },
          onHeader: (headers) => {
            const given = headers.get('seqnum');
            seqNum = given === null ? null : Number(given);
          },
        },
      ),
    );
    return {
      seqNum,
      results: results.map(({ key, op, status }) => ({
        key,
        operation: UpdateResult_Operation[op] as ChangeAnswer['results'][number]['operation'],
        state: status?.status ?? 'NONEXISTENT',
        message: status?.message ?? '',
      })),
    };
  }

  async items({ ids = [], labels = {}, source }: ItemFilter = {}): Promise<readonly ConfigurationItem[]> {
    const headers = source === undefined ? {} : { 'ligature-source': source };
    const { items } = await this.#asked(() =>
      this.#manager.getConfig(
        { ids: ids.map(plainId), labels: { ...labels } },
        { ...this.#calls.once, headers: { ...this.#calls.once.headers, ...headers } },
      ),
    );
    const found: ConfigurationItem[] = [];
    for (const { item, status, labels: own } of items) {
      const read = await this.#read(item);
      found.push({ ...read, labels: own, state: status?.status ?? '', message: status?.message ?? '' });
    }
    return found;
  }

  async dump(ids: readonly ObjectId[] = []): Promise<readonly AppliedItem[]> {
    const { items } = await this.#asked(() => this.#manager.dumpState({ ids: ids.map(plainId) }, this.#calls.once));
    const found: AppliedItem[] = [];
    for (const { item, metadata } of items) found.push({ ...(await this.#read(item)), metadata });
    return found;
  }

  async *watch({ prefix, model }: StateFilter = {}, signal?: AbortSignal): AsyncGenerator<StateChange> {
    const subscriptions = model === undefined ? [] : [{ id: { model, name: '' } }];
    const options = { ...this.#calls.stream, ...(signal === undefined ? {} : { signal }) };
    try {
      for await (const { notifications } of this.#manager.subscribe({ subscriptions }, options)) {
        for (const { item, status } of notifications) {
          if (signal?.aborted) return;
          const key = await this.#keyOf(item?.id);
          if (prefix !== undefined && !isUnder(prefix, key)) continue;
          const { status: state = '', message = '' } = status ?? {};
          yield { key, state, ...(message === '' ? {} : { error: message }) };
        }
      }
    } catch (error) {
      if (!signal?.aborted) throw this.#calls.failure(error);
    }
  }

  async #update(change: ObjectChange): Promise<MessageInitShape<typeof UpdateItemSchema>> {
    if ('put' in change) {
      const { put, labels = {} } = change;
      await this.#know(put);
      return { item: { data: { union: { case: 'any', value: this.#models.toAny(put) } } }, labels: { ...labels } };
    }
    const { delete: gone } = change;
    if (isObjectId(gone)) return { item: { id: { model: gone.model, name: gone.name } } };
    await this.#know(gone);
    return { item: { id: { model: this.#models.modelOf(gone).name, name: this.#models.nameOf(gone) } } };
  }

  /** Messages of models that this client has not met yet are those of the agent. */
  async #know({ $typeName: name }: Message): Promise<void> {
    if (this.#models.modelOfMessage(name) === undefined) await this.#learn();
    if (this.#models.modelOfMessage(name) === undefined)
      throw new ClientError('usage', `no model of ${this.#calls.target} has the message ${name}`);
  }

  async #read(item: Item | undefined): Promise<{ readonly key: string; readonly value: Message }> {
    const any = item?.data?.union.value;
    if (any === undefined) throw new ClientError('protocol', `${this.#calls.target} sent an item without data`);
    const name = any.typeUrl.slice(any.typeUrl.lastIndexOf('/') + 1);
    if (this.#models.modelOfMessage(name) === undefined) await this.#learn();
    const value = this.#models.fromAny(any);
    return { key: this.#models.keyOf(value), value };
  }

  async #keyOf(id: Item_ID | undefined): Promise<string> {
    const { model = '', name = '' } = id ?? {};
    if (this.#models.findModel(model) === undefined) await this.#learn();
    return this.#models.model(model).key(name);
  }

  async #learn(): Promise<void> {
    this.#learning ??= this.#asked(() => learnModels(this.#models, this.#calls)).finally(
      () => (this.#learning = undefined),
    );
    await this.#learning;
  }

  async #asked<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.#calls.failure(error);
    }
  }
}

function plainId({ model, name = '' }: ObjectId) {
  return { model, name };
}

function metadataOf(options: SendOptions): Record<string, string> {
  const { source, acknowledge, revert, retry, confirmWithin, description } = options;
  return {
    ...(source === undefined ? {} : { datasrc: source }),
    ...(acknowledge === undefined ? {} : { 'ligature-acknowledge': acknowledge }),
    ...(revert ? { 'ligature-revert': 'true' } : {}),
    ...(retry === false ? { 'ligature-retry': 'false' } : {}),
    ...(confirmWithin === undefined ? {} : { 'ligature-confirm': String(confirmWithin) }),
    ...(description === undefined ? {} : textMetadata('ligature-description', description)),
  };
}

/** What is not ASCII goes as bytes, in the way of gRPC. */
function textMetadata(name: string, text: string): Record<string, string> {
  if (/^[\x20-\x7e]*$/.test(text)) return { [name]: text };
  return { [`${name}-bin`]: Buffer.from(text, 'utf8').toString('base64') };
}
