/** `/api/v1/object` and `/api/v1/timeline`: one value, as it is wanted, applied and really there, and how it came to that. */

import * as z from 'zod';
import type { Http } from '../../app/index.ts';
import { asKey, type Key } from '../../model/index.ts';
import { isAway } from '../../scheduler/errors.ts';
import type { Scheduler, TransactionRecord } from '../../scheduler/scheduler.ts';
import { explain } from './explain.ts';
import type { ApiRoutesNeeds } from './needs.ts';
import type { ValueJson } from './value-json.ts';

export function addObjectRoutes(http: Http, needs: ApiRoutesNeeds): void {
  const { scheduler, values } = needs;

  http.route({
    method: 'GET',
    path: '/api/v1/object',
    role: 'read',
    summary:
      'one value: wanted, applied, retrieved from the data plane and how these differ, with everything of explain',
    schema: {
      query: z.object({
        key: z.string(),
        retrieve: z.enum(['true', 'false']).default('true').describe('false: do not ask the data plane'),
      }),
    },
    handler: async ({ query: { key, retrieve } }) => {
      const known = explain(asKey(key), needs);
      return {
        ...known,
        dependants: scheduler.dependants(asKey(key)),
        ...(retrieve === 'true' ? await retrieved(scheduler, asKey(key), values) : {}),
      };
    },
  });

  http.route({
    method: 'GET',
    path: '/api/v1/timeline',
    role: 'read',
    summary: 'what was done to one value, transaction by transaction, with the value before and after',
    schema: {
      query: z.object({
        key: z.string(),
        before: z.coerce.number().int().min(0).optional().describe('sequence number: only older transactions'),
        limit: z.coerce.number().int().min(1).max(1000).default(100),
      }),
    },
    handler: ({ query: { key, before, limit } }) => timeline(scheduler.history(), asKey(key), values, before, limit),
  });
}

/** `drift` is what differs from what was applied; empty: nothing. */
async function retrieved(scheduler: Scheduler, key: Key, values: ValueJson): Promise<object> {
  const node = scheduler.snapshot().node(key);
  const handler = scheduler.kinds().find(({ kind }) => kind.name === node?.kind)?.handler;
  const unread = { retrieved: null, retrievable: false, drift: [] };
  if (handler?.retrieve === undefined) return unread;
  const drift = await scheduler.check({ keys: [key] }).catch((error: unknown) => {
    // What is known of it is no less true.
    if (isAway(error)) return undefined;
    throw error;
  });
  if (drift === undefined) return unread;
  const own = drift.find((one) => one.key === key);
  return {
    retrieved: values.json(own === undefined ? (node?.applied ?? null) : own.retrieved),
    retrievable: true,
    drift: drift.map(({ key: differing, problem, fields }) => ({ key: differing, problem, fields })),
  };
}

/** Newest first. */
function timeline(
  records: readonly TransactionRecord[],
  key: Key,
  values: ValueJson,
  before: number | undefined,
  limit: number,
): object[] {
  const entries: object[] = [];
  for (const record of records.toReversed()) {
    if (before !== undefined && record.seqNum >= before) continue;
    for (const operation of record.executed.toReversed()) {
      if (operation.key !== key) continue;
      entries.push(entryView(record, operation, values));
      if (entries.length === limit) return entries;
    }
  }
  return entries;
}

function entryView(
  record: TransactionRecord,
  operation: TransactionRecord['executed'][number],
  values: ValueJson,
): object {
  const { newValue, prevValue, key: _key, ...rest } = operation;
  return {
    seqNum: record.seqNum,
    type: record.type,
    time: new Date(record.start).toISOString(),
    ...(record.by === undefined ? {} : { by: record.by }),
    description: record.description,
    ...rest,
    newValue: values.json(newValue),
    prevValue: values.json(prevValue),
  };
}
