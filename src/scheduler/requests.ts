/** What callers ask for, checked before anything is done about it. */

import type { Key } from '../model/key.ts';
import { SchedulerError } from './errors.ts';
import type { Graph } from './graph.ts';
import type { Change, CommitOptions } from './scheduler.ts';

/** Throws `usage` on options that contradict each other. */
export function assertSensible(changes: readonly Change[], options: CommitOptions): void {
  const resync = options.resync ?? 'NotResync';
  if (resync === 'DownstreamResync' && changes.length > 0)
    throw new SchedulerError('usage', 'a downstream resync carries no changes');
  if (resync !== 'NotResync' && options.revert === true)
    throw new SchedulerError('usage', 'a resync cannot be reverted');
}

/** By key, of several for one key the last. Throws `usage` on keys that cannot be asked for. */
export function* requestsOf(graph: Graph, changes: readonly Change[]): Generator<void, ReadonlyMap<Key, Change>> {
  const requests = new Map<Key, Change>();
  for (const change of changes) {
    const { key } = change;
    if (key === '') throw new SchedulerError('usage', 'a change has an empty key');
    const parent = graph.get(key)?.parent;
    if (parent !== undefined)
      throw new SchedulerError('usage', `${key} is a part of ${parent.key} and cannot be changed by itself`, { key });
    requests.set(key, change);
    if ((requests.size & 255) === 0) yield;
  }
  return requests;
}

/** Runs a stepwise computation in one go. */
export function atOnce<T>(steps: Generator<void, T>): T {
  for (;;) {
    const { value, done } = steps.next();
    if (done) return value;
  }
}
