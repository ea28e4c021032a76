/** `/api/v1/kvdb`: the configuration store, for `ligature kvdb`, `import` and `export`. */

import { Readable } from 'node:stream';
import * as z from 'zod';
import { type Http, HttpReply } from '../../app/index.ts';
import type { Kvdb } from '../kvdb/kvdb.ts';
import { attempt } from './configuration-views.ts';

/** Bytes of a transaction that is accepted. */
const maxTransaction = 16 * 2 ** 20;

const key = z.string().min(1).describe('whole key, or one below the prefix of the agent when no slash is in front');
const prefix = z.string().default('').describe('only keys that begin so; default: all of this agent');
const value = z.unknown().refine((given) => given !== undefined, 'a value in JSON');
const writes = z.object({
  writes: z
    .array(z.object({ key, value: value.describe('null deletes') }))
    .min(1)
    .max(10_000),
});

export function addKvdbRoutes(http: Http, kvdb: Kvdb): void {
  http.route({
    method: 'GET',
    path: '/api/v1/kvdb',
    role: 'read',
    summary: 'entries of the configuration store',
    schema: {
      query: z.object({
        prefix,
        keys_only: z.enum(['true', 'false']).default('false'),
        offset: z.coerce.number().int().min(0).default(0),
        limit: z.coerce.number().int().min(1).max(10_000).default(1000),
      }),
    },
    handler: async ({ query }) => {
      const { revision, entries } = await kvdb.list(query.prefix, query.keys_only === 'true');
      const page = entries.slice(query.offset, query.offset + query.limit);
      return { revision, total: entries.length, offset: query.offset, limit: query.limit, entries: page };
    },
  });

  http.route({
    method: 'GET',
    path: '/api/v1/kvdb/entry',
    role: 'read',
    summary: 'one entry of the configuration store',
    schema: { query: z.object({ key }) },
    handler: ({ query }) => kvdb.get(query.key),
  });

  http.route({
    method: 'PUT',
    path: '/api/v1/kvdb/entry',
    role: 'operate',
    summary: 'write one entry (body: its value in JSON); the agent follows',
    schema: { query: z.object({ key }), body: value },
    handler: ({ query, body }) => attempt(() => kvdb.write([{ key: query.key, value: body }])),
  });

  http.route({
    method: 'DELETE',
    path: '/api/v1/kvdb/entry',
    role: 'operate',
    summary: 'delete one entry',
    schema: { query: z.object({ key }) },
    handler: async ({ query }) => ({ deleted: await kvdb.delete(query.key) }),
  });

  http.route({
    method: 'POST',
    path: '/api/v1/kvdb/transaction',
    role: 'operate',
    summary: 'write several entries, all or none',
    schema: { body: writes },
    maxBodyBytes: maxTransaction,
    handler: ({ body }) => attempt(() => kvdb.write(body.writes)),
  });

  http.route({
    method: 'GET',
    path: '/api/v1/kvdb/events',
    role: 'read',
    summary: 'changes of the configuration store as they happen, one JSON object a line',
    schema: { query: z.object({ prefix, from: z.coerce.number().int().min(0).optional() }) },
    handler: ({ query, signal }) => {
      const lines = async function* (): AsyncGenerator<string> {
        // An empty line at once: whoever waits for the answer to begin knows that nothing will be missed from here.
        const changes = kvdb.watch(query.prefix, query.from, signal);
        yield '\n';
        for await (const change of changes) yield `${JSON.stringify(change)}\n`;
      };
      return new HttpReply(Readable.from(lines()), { type: 'application/x-ndjson' });
    },
  });
}
