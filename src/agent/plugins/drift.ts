import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { definePlugin, duration, type Logger } from '../../app/index.ts';
import { describeUnread } from '../../scheduler/index.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import { schedulerPlugin } from './scheduler.ts';

/** Compares the data plane with what was applied from time to time, and heals what differs. */
export const driftPlugin = definePlugin({
  name: 'drift',
  description: 'periodic comparison with the data plane',
  config: z.strictObject({
    interval: duration().default(300_000).describe('time between comparisons; 0 switches them off'),
    heal: z.boolean().default(true).describe('put back what differs; false: only report it'),
  }),
  needs: { scheduler: schedulerPlugin },
  start: ({ scheduler }, config) => ({ scheduler, config }),
  started({ scheduler, config: { interval, heal } }, { log, signal, fail }) {
    if (interval > 0) void compareForever(scheduler, interval, heal, log, signal).catch(fail);
  },
});

async function compareForever(
  scheduler: Scheduler,
  interval: number,
  heal: boolean,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await delay(interval, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      await (heal ? healDrift(scheduler, log) : reportDrift(scheduler, log));
    } catch (error) {
      if (!signal.aborted) log.error({ err: error }, 'the data plane could not be compared; trying again later');
    }
  }
}

/** Logs what differs, and what could not be read. */
export async function reportDrift(
  scheduler: Pick<Scheduler, 'compare'>,
  log: Pick<Logger, 'warn' | 'error'>,
): Promise<void> {
  const { drift, unread } = await scheduler.compare();
  for (const { key, problem, fields } of drift)
    log.warn({ key, problem, fields }, `drift: ${key} is ${problem} in the data plane`);
  const untold = unread.map(({ kind, error }) => ({ kind, reason: error.message }));
  if (untold.length > 0) log.error({ kinds: untold.map(({ kind }) => kind) }, describeUnread(untold));
}

async function healDrift(scheduler: Scheduler, log: Logger): Promise<void> {
  const { record } = await scheduler.commit([], {
    resync: 'DownstreamResync',
    description: 'periodic drift check',
    lane: 'bulk',
  });
  for (const { key, operation, noop } of record.executed) {
    if (!noop) log.warn({ key, operation }, `drift: ${key} differed in the data plane and was healed`);
  }
}
