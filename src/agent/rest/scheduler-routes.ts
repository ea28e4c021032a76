/** `/scheduler/*` with Ligato's paths, parameters and field names. */

import * as z from 'zod';
import type { Http } from '../../app/http/plugin.ts';
import { HttpReply } from '../../app/http/route.ts';
import { asKey } from '../../model/index.ts';
import type { Scheduler, TransactionRecord, View } from '../../scheduler/scheduler.ts';
import type { Intent } from '../intent/intent.ts';
import { acknowledge, askedReply } from './acknowledged.ts';
import { historyText } from './history-text.ts';
import { nanoseconds } from './nanoseconds.ts';
import { dumpedJson, recordJson, statusJson } from './records.ts';
import { RestError } from './rest-error.ts';
import type { ValueJson } from './value-json.ts';

const flag = z.enum(['0', '1', 'true', 'false']).transform((text) => text === '1' || text === 'true');
export interface SchedulerRoutesNeeds {
  readonly scheduler: Scheduler;
  readonly intent: Intent;
  readonly values: ValueJson;
}

export function addSchedulerRoutes(http: Http, { scheduler, intent, values }: SchedulerRoutesNeeds): void {
  http.route({
    method: 'GET',
    path: '/scheduler/txn-history',
    role: 'read',
    summary: 'transactions: what was asked, planned and done',
    schema: {
      query: z.object({
        format: z.enum(['json', 'text']).default('json'),
        'seq-num': z.coerce.number().int().min(0).optional(),
        since: nanoseconds.optional(),
        until: nanoseconds.optional(),
      }),
    },
    handler: ({ query }) => {
      const records = transactions(scheduler, query['seq-num'], query.since, query.until);
      if (query.format === 'text') return new HttpReply(historyText(records), { type: 'text/plain; charset=utf-8' });
      const json = records.map((record) => recordJson(record, values));
      return query['seq-num'] === undefined ? json : json[0];
    },
  });

  http.route({
    method: 'GET',
    path: '/scheduler/dump',
    role: 'read',
    summary: 'values as wanted (NB), as believed (cached) or as they are (SB)',
    schema: {
      query: z.object({
        descriptor: z.string().optional(),
        'key-prefix': z.string().optional(),
        view: z.enum(['SB', 'NB', 'cached']).default('SB'),
      }),
    },
    handler: async ({ query: { descriptor, 'key-prefix': prefix, view } }) => {
      if (descriptor === undefined && prefix === undefined) return dumpIndex(scheduler);
      const filter = dumpFilter(scheduler, descriptor, prefix);
      return (await scheduler.dump(filter, view)).map((value) => dumpedJson(value, values));
    },
  });

  http.route({
    method: 'GET',
    path: '/scheduler/status',
    role: 'read',
    summary: 'states of values',
    schema: {
      query: z.object({
        key: z.string().optional(),
        descriptor: z.string().optional(),
        'key-prefix': z.string().optional(),
      }),
    },
    handler: ({ query: { key, descriptor, 'key-prefix': prefix } }) => {
      if (key !== undefined) {
        const status = scheduler.status(asKey(key));
        return status
          ? statusJson(status)
          : { value: { key, state: 'NONEXISTENT', last_operation: 'UNDEFINED' }, derived_values: [] };
      }
      const filter = {
        ...(prefix === undefined ? {} : { prefix }),
        ...(descriptor === undefined ? {} : { kind: descriptor }),
      };
      return [...scheduler.snapshot().statuses(filter)].map(statusJson);
    },
  });

  http.route({
    method: 'POST',
    path: '/scheduler/downstream-resync',
    role: 'operate',
    summary: 'read the data plane and make it as wanted',
    schema: { query: z.object({ retry: flag.optional(), verbose: flag.optional(), acknowledge }) },
    handler: async ({ query, signal, by }) => {
      const result = await intent.resync({
        by,
        description: 'downstream resync asked for by REST',
        acknowledge: query.acknowledge,
        signal,
        ...(query.retry ? {} : { retry: false }),
      });
      const first = result?.failures[0];
      if (first !== undefined)
        throw new RestError('failed', `${first.key}: ${first.error.message} (${result?.failures.length} failed)`);
      return askedReply(result, ({ record }) => recordJson(record, values));
    },
  });

  http.route({
    method: 'GET',
    path: '/scheduler/flag-stats',
    role: 'read',
    summary: 'how many values are in which state, or of which kind',
    schema: {
      query: z.object({
        flag: z.enum(['value-state', 'descriptor', 'derived', 'unavailable', 'error', 'last-update']),
        prefix: z.union([z.string(), z.array(z.string())]).optional(),
      }),
    },
    handler: ({ query }) => flagStats(scheduler, query.flag, [query.prefix ?? []].flat()),
  });

  http.route({
    method: 'GET',
    path: '/scheduler/stats',
    role: 'read',
    summary: 'numbers of the scheduler',
    handler: () => stats(scheduler),
  });
}

function transactions(
  scheduler: Scheduler,
  seqNum?: number,
  since?: number,
  until?: number,
): readonly TransactionRecord[] {
  const records = scheduler.history({
    ...(seqNum === undefined ? {} : { seqNum }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  });
  if (seqNum !== undefined && records.length === 0) {
    throw new RestError('not-found', `there is no transaction ${seqNum} in the history`);
  }
  return records;
}

function dumpIndex(scheduler: Scheduler): object {
  const kinds = scheduler.kinds().map(({ kind }) => kind);
  return {
    Descriptors: kinds.map((kind) => kind.name),
    KeyPrefixes: kinds.flatMap((kind) => (kind.prefix === undefined ? [] : [kind.prefix])),
    Views: ['SB', 'NB', 'cached'] satisfies View[],
  };
}

function dumpFilter(
  scheduler: Scheduler,
  kind: string | undefined,
  prefix: string | undefined,
): { kind?: string; prefix?: string } {
  const known = scheduler.kinds().map((one) => one.kind);
  if (kind !== undefined) {
    if (known.some((one) => one.name === kind)) return { kind };
    throw new RestError('not-found', `there is no descriptor ${kind}; GET /scheduler/dump lists them`, 'descriptor');
  }
  if (known.some((one) => one.prefix === prefix)) return { prefix: prefix ?? '' };
  throw new RestError(
    'not-found',
    `no descriptor has the key prefix ${prefix}; GET /scheduler/dump lists them`,
    'key-prefix',
  );
}

function flagStats(scheduler: Scheduler, name: string, prefixes: readonly string[]): object {
  const counts: Record<string, number> = {};
  let total = 0;
  for (const node of scheduler.snapshot().nodes()) {
    if (prefixes.length > 0 && !prefixes.some((prefix) => node.key.startsWith(prefix))) continue;
    const value =
      name === 'value-state'
        ? node.state
        : name === 'descriptor'
          ? node.kind
          : name === 'derived'
            ? node.parent
            : name === 'unavailable'
              ? node.applied === null
                ? 'true'
                : undefined
              : name === 'error'
                ? scheduler.status(node.key)?.error
                : `TXN-${scheduler.status(node.key)?.seqNum ?? 0}`;
    if (value === undefined) continue;
    total++;
    counts[value] = (counts[value] ?? 0) + 1;
  }
  return { TotalCount: total, PerValueCount: counts };
}

function stats(scheduler: Scheduler): object {
  const operations: Record<string, number> = {};
  const states: Record<string, number> = {};
  let errors = 0;
  const records = scheduler.history();
  for (const { executed } of records) {
    for (const { operation, newError } of executed) {
      operations[operation] = (operations[operation] ?? 0) + 1;
      if (newError !== undefined) errors++;
    }
  }
  for (const { state } of scheduler.snapshot().nodes()) states[state] = (states[state] ?? 0) + 1;
  return {
    TxnStats: {
      TotalProcessed: records.length,
      OperationCount: operations,
      ValueStateCount: states,
      ErrorCount: errors,
    },
  };
}
