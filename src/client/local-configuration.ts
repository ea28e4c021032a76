/** Objects one by one, in the process of the agent. */

import { asKey, type Key, type ModelRegistry } from '../model/index.ts';
import type { Message } from '@bufbuild/protobuf';
import type { ApplyOptions as CommitOptions, Configurator } from '../agent/configuration/configurator.ts';
import { metadataTexts, operationsOf, standing } from '../agent/configuration/outcome.ts';
import { fitsLabels } from '../agent/grpc/labels.ts';
import type { Intent, IntentChange } from '../agent/intent/intent.ts';
import type { ValueJson } from '../agent/rest/value-json.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import { type ChangeAnswer, type ObjectChange } from './change-request.ts';
import type { AppliedItem, ConfigurationItem, ItemFilter } from './configuration-client.ts';
import { isObjectId, type ObjectId } from './object-id.ts';
import { ClientError } from './errors.ts';

interface Parts {
  readonly configurator: Configurator;
  readonly scheduler: Scheduler;
  readonly intent: Intent;
  readonly models: ModelRegistry;
  readonly values: ValueJson;
}

/** Throws the errors of the agent's own rooms. */
export class LocalConfiguration {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async send(given: readonly ObjectChange[], options: CommitOptions): Promise<ChangeAnswer> {
    if (options.replace && given.some((one) => 'delete' in one))
      throw new ClientError('usage', 'replace: what is not put is withdrawn, so there is nothing to delete');
    const changes = given.map((one) => this.#changeOf(one));
    const keys = new Set<string>();
    for (const { key } of changes) {
      if (keys.has(key)) throw new ClientError('refused', `${key} is there twice`, { status: 400 });
      keys.add(key);
    }
    const result = await this.#parts.configurator.change(changes, options);
    const operations = operationsOf(result);
    return {
      seqNum: result.commit?.seqNum ?? null,
      results: changes.map(({ key }) => ({
        key,
        operation: operations.get(key) ?? 'UNSPECIFIED',
        ...standing(this.#parts.scheduler.status(key)),
      })),
    };
  }

  items({ ids = [], labels = {}, source }: ItemFilter = {}): readonly ConfigurationItem[] {
    if (ids.length > 0 && Object.keys(labels).length > 0)
      throw new ClientError('refused', 'ids and labels: only one of them can be given', { status: 400 });
    const { intent, models, scheduler, values } = this.#parts;
    const isWanted = this.#selection(ids);
    const found: ConfigurationItem[] = [];
    for (const [key, holding] of source === undefined ? intent.sources.all() : intent.sources.of(source)) {
      if (!isWanted(key) || models.parse(key) === undefined || !fitsLabels(labels, holding.labels ?? {})) continue;
      const value = values.maskedAll([holding.value as Message])[0] as Message;
      found.push({ key, value, labels: { ...holding.labels }, ...standing(scheduler.status(key)) });
    }
    return found.sort(byKey);
  }

  async dump(ids: readonly ObjectId[] = []): Promise<readonly AppliedItem[]> {
    const { scheduler, models, values } = this.#parts;
    const isWanted = this.#selection(ids);
    return (await scheduler.dump({}, 'cached'))
      .filter(({ key }) => isWanted(key) && models.parse(key) !== undefined)
      .map(({ key, value, metadata }) => ({
        key,
        value: values.maskedAll([value as Message])[0] as Message,
        metadata: metadataTexts(metadata),
      }))
      .sort(byKey);
  }

  #changeOf(change: ObjectChange): IntentChange {
    const { models } = this.#parts;
    if ('put' in change) {
      const { put, labels } = change;
      return { key: models.keyOf(put), value: put, ...(labels === undefined ? {} : { labels }) };
    }
    const { delete: gone } = change;
    return { key: isObjectId(gone) ? models.model(gone.model).key(gone.name) : models.keyOf(gone), value: null };
  }

  #selection(ids: readonly ObjectId[]): (key: Key) => boolean {
    const { models } = this.#parts;
    const wanted = ids.map(({ model: name, name: object = '' }) => {
      const model = models.model(name);
      return object === '' && !model.singleton ? { prefix: model.prefix } : { key: asKey(model.key(object)) };
    });
    if (wanted.length === 0) return () => true;
    return (key) => wanted.some((one) => one.key === key || (one.prefix !== undefined && key.startsWith(one.prefix)));
  }
}

function byKey(left: { readonly key: string }, right: { readonly key: string }): number {
  return left.key < right.key ? -1 : left.key > right.key ? 1 : 0;
}
