/** `/api/v1/watch`: everything that happens, as server-sent events. */

import { Readable } from 'node:stream';
import * as z from 'zod';
import { type Http, HttpReply } from '../../app/index.ts';
import { type Feed, type Topic, topics } from '../feed/feed.ts';
import { RestError } from './rest-error.ts';
import { EventTexts, eventStream } from './server-sent-events.ts';

/** Clients at a time. */
const maxClients = 4096;

const query = z.object({
  topics: z
    .string()
    .default(topics.join(','))
    .transform((text, context): ReadonlySet<Topic> => {
      const wanted = text.split(',').map((topic) => topic.trim());
      const unknown = wanted.find((topic) => !(topics as readonly string[]).includes(topic));
      if (unknown !== undefined)
        context.addIssue({ code: 'custom', message: `there is no topic "${unknown}"; accepted: ${topics.join(', ')}` });
      return new Set(wanted as Topic[]);
    })
    .describe(`topics, separated by commas (default: all): ${topics.join(', ')}`),
  prefix: z.string().optional().describe('states: whole segments of keys, e.g. config/vpp/v2/interfaces/'),
  model: z.string().optional().describe('states: name of a model, e.g. vpp.interfaces'),
  after: z.string().optional().describe('id of the last event that is known, as the header Last-Event-ID'),
});

export function addWatchRoutes(http: Http, feed: Feed): void {
  const texts = new EventTexts((number) => feed.position(number));
  let clients = 0;
  http.route({
    method: 'GET',
    path: '/api/v1/watch',
    role: 'read',
    summary: 'states, transactions, counters, metrics, log levels and health as they change (server-sent events)',
    schema: { query },
    answers: 'text/event-stream',
    handler: ({ query: { topics: wanted, prefix, model, after }, headers, signal }) => {
      if (clients >= maxClients)
        throw new RestError('busy', `${maxClients} clients watch already; close one, or ask again later`);
      const last = headers['last-event-id'];
      const reader = feed.open(wanted, after ?? (typeof last === 'string' && last !== '' ? last : undefined));
      const filter = { ...(prefix === undefined ? {} : { prefix }), ...(model === undefined ? {} : { model }) };
      const stream = Readable.from(
        eventStream(reader, filter, texts, signal, () => feed.closed),
        { objectMode: false, highWaterMark: 65_536 },
      );
      clients++;
      stream.once('close', () => {
        clients--;
        reader.close();
      });
      return new HttpReply(stream, {
        type: 'text/event-stream; charset=utf-8',
        headers: { 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
      });
    },
  });
}
