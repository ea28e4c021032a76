/** `/api/v1/*`: what Ligato had no paths for. */

import * as z from 'zod';
import { Readable } from 'node:stream';
import type { Http } from '../../app/http/plugin.ts';
import { HttpReply } from '../../app/http/route.ts';
import { asKey, didYouMean } from '../../model/index.ts';
import { valueStates } from '../../scheduler/scheduler.ts';
import { eventLines } from './event-lines.ts';
import { explain } from './explain.ts';
import type { ApiRoutesNeeds } from './needs.ts';
import { askedQuery, askedReply } from './acknowledged.ts';
import { committedView, driftView, recordView } from './record-view.ts';
import { RestError } from './rest-error.ts';
import { statusView } from './status-view.ts';
import { plain } from './value-json.ts';

const filterQuery = z.object({ prefix: z.string().optional(), model: z.string().optional() });

export function addApiRoutes(http: Http, needs: ApiRoutesNeeds): void {
  const { scheduler, intent, values } = needs;

  http.route({
    method: 'GET',
    path: '/api/v1/values',
    role: 'read',
    summary: 'state of every value: since when, waiting for what, last error',
    schema: { query: filterQuery.extend({ state: z.enum(valueStates).optional() }) },
    handler: ({ query }) =>
      [...scheduler.snapshot().statuses(filterOf(query, needs))]
        .filter(({ state }) => query.state === undefined || state === query.state)
        .map(statusView),
  });

  http.route({
    method: 'GET',
    path: '/api/v1/explain',
    role: 'read',
    summary: 'everything about one value: who wants it, what it waits for, what was done',
    schema: { query: z.object({ key: z.string() }) },
    handler: ({ query }) => explain(asKey(query.key), needs),
  });

  http.route({
    method: 'GET',
    path: '/api/v1/sources',
    role: 'read',
    summary: 'who wants something: priority, how many values, how many of them count (no other source outranks it)',
    handler: () =>
      intent.sources.names().map((name) => {
        const held = [...intent.sources.of(name)];
        const effective = held.filter(([key]) => intent.sources.effective(key)?.source.name === name);
        return {
          name,
          priority: held[0]?.[1].source.priority ?? 0,
          values: held.length,
          effective: effective.length,
        };
      }),
  });

  http.route({
    method: 'GET',
    path: '/api/v1/graph',
    role: 'read',
    summary: 'values and their relations',
    schema: { query: filterQuery },
    handler: ({ query }) =>
      [...scheduler.snapshot().nodes(filterOf(query, needs))].map(({ applied, desired, metadata, ...node }) => ({
        ...node,
        applied: values.json(applied),
        desired: values.json(desired),
        metadata: plain(metadata) ?? null,
      })),
  });

  http.route({
    method: 'GET',
    path: '/api/v1/transactions',
    role: 'read',
    summary: 'transactions, newest last',
    schema: { query: z.object({ limit: z.coerce.number().int().min(1).max(10_000).default(100) }) },
    handler: ({ query }) =>
      scheduler
        .history()
        .slice(-query.limit)
        .map((record) => recordView(record, values)),
  });

  http.route({
    method: 'GET',
    path: '/api/v1/transactions/:seqNum',
    role: 'read',
    summary: 'one transaction',
    schema: { params: z.object({ seqNum: z.coerce.number().int().min(0) }) },
    handler: ({ params }) => {
      const record = scheduler.history({ seqNum: params.seqNum })[0];
      if (!record) throw new RestError('not-found', `there is no transaction ${params.seqNum} in the history`);
      return recordView(record, values);
    },
  });

  http.route({
    method: 'POST',
    path: '/api/v1/transactions/:seqNum/rollback',
    role: 'operate',
    summary: 'put back every value that a transaction changed',
    schema: { params: z.object({ seqNum: z.coerce.number().int().min(0) }), query: askedQuery },
    handler: async ({ params, query, by }) =>
      askedReply(await intent.rollback(params.seqNum, { ...query, by }), (result) => committedView(result, values)),
  });

  http.route({
    method: 'POST',
    path: '/api/v1/check',
    role: 'read',
    summary:
      'compare what was applied with the data plane; heals nothing. Kinds that cannot be read are told with the problem `unread`',
    schema: { query: z.object({ model: z.string().optional() }) },
    handler: async ({ query }) =>
      driftView(
        await scheduler.compare(query.model === undefined ? {} : { kinds: [knownKind(query.model, needs)] }),
        values,
      ),
  });

  http.route({
    method: 'POST',
    path: '/api/v1/resync',
    role: 'operate',
    summary: 'read the data plane and make it as wanted',
    schema: { query: askedQuery },
    handler: async ({ query, signal, by }) =>
      askedReply(await intent.resync({ ...query, by, signal }), (result) => committedView(result, values)),
  });

  http.route({
    method: 'GET',
    path: '/api/v1/events',
    role: 'read',
    summary:
      'changes of states as they happen, one JSON object a line; without a filter also what happens to VPP (`event`)',
    schema: { query: filterQuery },
    handler: ({ query, signal }) => {
      const changes = scheduler.watch(filterOf(query, needs), signal);
      // Whoever asks for some values is told of these only.
      const isAll = query.prefix === undefined && query.model === undefined;
      const lines = eventLines(changes, isAll ? needs.vpp?.conditions : undefined);
      return new HttpReply(Readable.from(lines), { type: 'application/x-ndjson' });
    },
  });
}

type Filter = z.output<typeof filterQuery>;

function filterOf({ prefix, model }: Filter, needs: KindNeeds) {
  return {
    ...(prefix === undefined ? {} : { prefix }),
    ...(model === undefined ? {} : { kind: knownKind(model, needs) }),
  };
}

type KindNeeds = Pick<ApiRoutesNeeds, 'scheduler' | 'models'>;

/** A model or the kind of a part. Errors: RestError `invalid`: nothing found would look like nothing wrong. */
function knownKind(name: string, { scheduler, models }: KindNeeds): string {
  const kinds = scheduler.kinds().map(({ kind }) => kind.name);
  if (kinds.includes(name) || models.findModel(name) !== undefined) return name;
  throw new RestError('invalid', `there is no model \`${name}\`${didYouMean(name, kinds)}`, 'model');
}
