/** `/scheduler/graph`, `graph-snapshot`, `key-timeline`: the graph of values, now and then, with Ligato's parameters. */

import * as z from 'zod';
import type { Http } from '../../app/http/plugin.ts';
import { HttpReply } from '../../app/http/route.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import { graphDot, render } from './graph-dot.ts';
import { snapshotAt, timelineOf } from './past.ts';
import { nanoseconds } from './nanoseconds.ts';
import { nodeJson } from './records.ts';
import { RestError } from './rest-error.ts';
import type { ValueJson } from './value-json.ts';

/** Graphviz takes more than linear time; above this nobody sees anything anyway. */
const mostDrawn = 2000;
/** ms */
const drawingTime = 30_000;

export function addSchedulerGraphRoutes(http: Http, scheduler: Scheduler, values: ValueJson): void {
  http.route({
    method: 'GET',
    path: '/scheduler/graph',
    role: 'read',
    summary:
      'the graph of values as a picture (graphviz draws svg and png where it is installed) or as graphviz source',
    schema: {
      query: z.object({
        format: z.enum(['svg', 'png', 'dot', 'raw']).default('svg'),
        txn: z.coerce.number().int().min(0).optional().describe('transaction whose values get a golden border'),
        'key-prefix': z.string().optional().describe('whole segments of keys'),
      }),
    },
    answers: 'image/svg+xml',
    handler: async ({ query: { format, txn, 'key-prefix': prefix }, signal }) => {
      const nodes = [...scheduler.snapshot().nodes(prefix === undefined ? {} : { prefix })];
      const source = graphDot(nodes, txn === undefined ? new Set() : touchedBy(scheduler, txn));
      if (format === 'dot' || format === 'raw')
        return new HttpReply(source, { type: 'text/vnd.graphviz; charset=utf-8' });
      if (nodes.length > mostDrawn)
        throw new RestError(
          'invalid',
          `${nodes.length} values are too many for a picture (${mostDrawn} at most): give key-prefix, or format=dot`,
          'key-prefix',
        );
      const picture = await render(source, format, AbortSignal.any([signal, AbortSignal.timeout(drawingTime)]));
      if (picture === undefined)
        throw new RestError(
          'unimplemented',
          'pictures need the program `dot`: install graphviz, or ask with format=dot',
        );
      return new HttpReply(picture, { type: format === 'svg' ? 'image/svg+xml' : 'image/png' });
    },
  });

  http.route({
    method: 'GET',
    path: '/scheduler/graph-snapshot',
    role: 'read',
    summary: 'all values with their relations, now or at a time in the history',
    schema: { query: z.object({ time: nanoseconds.optional() }) },
    handler: ({ query: { time } }) =>
      time === undefined
        ? [...scheduler.snapshot().nodes()].map((node) => nodeJson(node, values))
        : snapshotAt(scheduler, time, values),
  });

  http.route({
    method: 'GET',
    path: '/scheduler/key-timeline',
    role: 'read',
    summary: 'revisions of one value, or the one at a time',
    schema: { query: z.object({ key: z.string(), time: nanoseconds.optional() }) },
    handler: ({ query: { key, time } }) => {
      const revisions = timelineOf(scheduler, key, values);
      if (time === undefined) return revisions;
      const then = revisions.findLast(({ Since }) => Date.parse(Since) <= time);
      const isOver = then?.Until !== undefined && Date.parse(then.Until) <= time;
      return new HttpReply(JSON.stringify(isOver ? null : (then ?? null)), { type: 'application/json' });
    },
  });
}

function touchedBy(scheduler: Scheduler, seqNum: number): ReadonlySet<string> {
  const [record] = scheduler.history({ seqNum });
  if (record === undefined) throw new RestError('not-found', `there is no transaction ${seqNum} in the history`, 'txn');
  return new Set([...record.values, ...record.executed].map(({ key }) => key));
}
