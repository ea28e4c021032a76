import * as z from 'zod';
import { definePlugin, duration } from '../../app/index.ts';
import { Feed } from '../feed/feed.ts';
import { feedSources } from '../feed/sources.ts';
import { interfaceStatesPlugin } from './interface-states.ts';
import { schedulerPlugin } from './scheduler.ts';

/** What happens, told to everybody who watches: REST, gRPC, the UI. */
export const feedPlugin = definePlugin({
  name: 'feed',
  description: 'tells watchers of states, transactions, counters and metrics',
  config: z.strictObject({
    interval: duration({ min: 1000 })
      .default(5000)
      .describe('time between two readings of counters and metrics while somebody watches them'),
    capacity: z
      .number()
      .int()
      .min(256)
      .max(1_000_000)
      .default(16_384)
      .describe('events that are kept for watchers that are slow or come back'),
  }),
  needs: { scheduler: schedulerPlugin, interfaces: interfaceStatesPlugin },
  start: ({ scheduler, interfaces }, { interval, capacity }, { application, log }) =>
    new Feed(
      feedSources({
        scheduler,
        interfaces,
        application,
        interval,
        failed: (error) => log.warn({ err: error }, 'counters could not be read; trying again'),
      }),
      { capacity },
    ),
  stopping: (feed) => feed.close(),
});
