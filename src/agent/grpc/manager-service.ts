/** `ligato.generic.ManagerService`: objects of any model, one by one. */

import { create } from '@bufbuild/protobuf';
import type { ServiceImpl } from '@connectrpc/connect';
import {
  ConfigItemSchema,
  GetConfigResponseSchema,
  DumpStateResponseSchema,
  type ManagerService,
  SetConfigResponseSchema,
  StateItemSchema,
  type UpdateResult,
  UpdateResult_Operation,
  UpdateResultSchema,
} from '../../model/gen/ligato/generic/manager_pb.js';
import type { Key, Model } from '../../model/index.ts';
import { metadataTexts, operationsOf } from '../configuration/outcome.ts';
import type { IntentChange } from '../intent/intent.ts';
import { Pace } from '../../app/pace.ts';
import { changeOptions } from './change-options.ts';
import { invalid } from './errors.ts';
import { type Items, itemStatus } from './items.ts';
import { fitsLabels } from './labels.ts';
import type { ServiceNeeds } from './needs.ts';
import { subscribe } from './subscribe.ts';

type Selection = readonly { readonly model: Model; readonly key: Key | undefined }[];

export function managerService(needs: ServiceNeeds, items: Items): ServiceImpl<typeof ManagerService> {
  const { configurator, intent, scheduler, sourceOf, feed } = needs;
  return {
    async setConfig({ updates, overwriteAll }, context) {
      const changes = updates.map(({ item, labels }, index): IntentChange => {
        const change = items.read(item, `updates[${index}].item`);
        return Object.keys(labels).length === 0 || change.value === null ? change : { ...change, labels };
      });
      refuseRepeated(changes);
      const result = await configurator.change(changes, changeOptions(context, sourceOf, overwriteAll));
      if (result.commit !== undefined) context.responseHeader.set('seqnum', String(result.commit.seqNum));
      const operations = operationsOf(result);
      const results = changes.map(({ key }): UpdateResult => {
        const id = items.idOf(key);
        return create(UpdateResultSchema, {
          ...(id === undefined ? {} : { id }),
          key,
          op: UpdateResult_Operation[operations.get(key) ?? 'UNSPECIFIED'],
          status: itemStatus(scheduler.status(key)),
        });
      });
      return create(SetConfigResponseSchema, { results });
    },

    async getConfig({ ids, labels }, { requestHeader }) {
      if (ids.length > 0 && Object.keys(labels).length > 0)
        throw invalid('ids and labels: only one of them can be given', [
          { field: 'labels', description: 'not together with ids' },
        ]);
      const selection = selectionOf(items, ids);
      const found = create(GetConfigResponseSchema);
      const pace = new Pace();
      const source = requestHeader.get('ligature-source');
      for (const [key, holding] of sorted(source === null ? intent.sources.all() : intent.sources.of(source))) {
        if (!isSelected(selection, key) || !fitsLabels(labels, holding.labels ?? {})) continue;
        const item = items.itemOf(key, holding.value);
        if (item === undefined) continue;
        const status = itemStatus(scheduler.status(key));
        found.items.push(create(ConfigItemSchema, { item, status, labels: { ...holding.labels } }));
        if (pace.due()) await pace.rest();
      }
      return found;
    },

    async dumpState({ ids }) {
      const selection = selectionOf(items, ids);
      const dumped = await scheduler.dump({}, 'cached');
      const found = create(DumpStateResponseSchema);
      for (const one of dumped.toSorted((left, right) => compare(left.key, right.key))) {
        const item = isSelected(selection, one.key) ? items.itemOf(one.key, one.value) : undefined;
        if (item !== undefined)
          found.items.push(create(StateItemSchema, { item, metadata: metadataTexts(one.metadata) }));
      }
      return found;
    },

    subscribe: ({ subscriptions }, { signal }) => {
      const ids = subscriptions.flatMap(({ id }) => (id === undefined ? [] : [id]));
      return subscribe(
        feed,
        scheduler,
        items,
        (key) => isSelected(selectionOf(items, ids, 'subscriptions'), key),
        signal,
      );
    },
  };
}

function refuseRepeated(changes: readonly IntentChange[]): void {
  const known = new Set<Key>();
  for (const [index, { key }] of changes.entries()) {
    if (known.has(key))
      throw invalid(`updates[${index}].item: ${key} is there twice`, [
        { field: `updates[${index}].item`, description: `${key} is there twice` },
      ]);
    known.add(key);
  }
}

/** Empty: everything. */
function selectionOf(items: Items, ids: Parameters<Items['prefixOf']>[0][], field = 'ids'): Selection {
  return ids.map((id, index) => items.prefixOf(id, `${field}[${index}]`));
}

function isSelected(selection: Selection, key: Key): boolean {
  if (selection.length === 0) return true;
  return selection.some((one) => (one.key === undefined ? key.startsWith(one.model.prefix) : one.key === key));
}

function sorted<V>(entries: Iterable<readonly [Key, V]>): (readonly [Key, V])[] {
  return [...entries].sort(([left], [right]) => compare(left, right));
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
