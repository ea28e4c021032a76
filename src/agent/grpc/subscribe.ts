/** `Subscribe`: items as they are when the call comes, then each change. */

import { create } from '@bufbuild/protobuf';
import {
  type Notification,
  NotificationSchema,
  type SubscribeResponse,
  SubscribeResponseSchema,
} from '../../model/gen/ligato/generic/manager_pb.js';
import type { Key } from '../../model/index.ts';
import type { Scheduler, ValueStatus } from '../../scheduler/scheduler.ts';
import type { Feed, FeedEvent } from '../feed/feed.ts';
import { type Items, itemStatus } from './items.ts';

/** Items of one message. */
const batchSize = 256;

/**
 * The first message comes at once, with up to 256 of the items that are there (none: an empty one); further ones follow. A client
 * that was too slow is told of all items again, and of those that have gone meanwhile.
 */
export async function* subscribe(
  feed: Feed,
  scheduler: Scheduler,
  items: Items,
  isWanted: (key: Key) => boolean,
  signal: AbortSignal,
): AsyncGenerator<SubscribeResponse> {
  const reader = feed.open(new Set(['state']));
  const told = new Set<Key>();
  try {
    while (!signal.aborted && !feed.closed) {
      const { loss, events } = reader.take(batchSize);
      if (loss !== undefined) yield* everything(scheduler, items, isWanted, told);
      const notifications = events.flatMap((event) => notificationOf(event, scheduler, items, isWanted, told));
      if (notifications.length > 0) yield create(SubscribeResponseSchema, { notifications });
      if (!reader.hasMore) await reader.changed(signal);
    }
  } finally {
    reader.close();
  }
}

function* everything(
  scheduler: Scheduler,
  items: Items,
  isWanted: (key: Key) => boolean,
  told: Set<Key>,
): Generator<SubscribeResponse> {
  let notifications: Notification[] = [];
  let isFirst = true;
  const there = new Set<Key>();
  const send = function* (): Generator<SubscribeResponse> {
    yield create(SubscribeResponseSchema, { notifications });
    notifications = [];
    isFirst = false;
  };
  for (const status of scheduler.snapshot().statuses()) {
    const notification = isWanted(status.key) ? notify(status, scheduler, items) : undefined;
    if (notification === undefined) continue;
    there.add(status.key);
    notifications.push(notification);
    if (notifications.length === batchSize) yield* send();
  }
  for (const key of told) if (!there.has(key)) notifications.push(...gone(key, items));
  told.clear();
  for (const key of there) told.add(key);
  if (isFirst || notifications.length > 0) yield* send();
}

function notificationOf(
  { data }: FeedEvent,
  scheduler: Scheduler,
  items: Items,
  isWanted: (key: Key) => boolean,
  told: Set<Key>,
): readonly Notification[] {
  const status = data as ValueStatus;
  const notification = isWanted(status.key) ? notify(status, scheduler, items) : undefined;
  if (notification === undefined) return [];
  if (notification.item?.data === undefined) told.delete(status.key);
  else told.add(status.key);
  return [notification];
}

/** Undefined for values of no model. */
function notify(status: ValueStatus, scheduler: Scheduler, items: Items): Notification | undefined {
  const isGone = status.state === 'REMOVED' || status.state === 'NONEXISTENT';
  const node = isGone ? undefined : scheduler.snapshot().node(status.key);
  const item = items.itemOf(status.key, node?.desired ?? node?.applied ?? null);
  return item && create(NotificationSchema, { item, status: itemStatus(status) });
}

function gone(key: Key, items: Items): readonly Notification[] {
  const item = items.itemOf(key, null);
  return item === undefined ? [] : [create(NotificationSchema, { item, status: itemStatus(undefined) })];
}
