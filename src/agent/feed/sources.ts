/** Where the events of each topic come from. */

import { setTimeout as delay } from 'node:timers/promises';
import type { ApplicationInfo } from '../../app/index.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { InterfaceStates } from '../interfaces/interface-states.ts';
import { Pace } from '../../app/pace.ts';
import type { FeedSource } from './feed.ts';

export interface FeedSourcesNeeds {
  readonly scheduler: Scheduler;
  readonly interfaces: InterfaceStates;
  readonly application: ApplicationInfo;
  /** ms between two readings of counters and metrics. */
  readonly interval: number;
  /** Told when a reading fails; the next one follows. */
  readonly failed: (error: unknown) => void;
}

export function feedSources({ scheduler, interfaces, application, interval, failed }: FeedSourcesNeeds): FeedSource[] {
  return [
    { topic: 'state', start: (publish, signal) => void publishStates(scheduler, publish, signal) },
    { topic: 'transaction', start: (publish, signal) => whileOpen(signal, scheduler.onTransaction(publish)) },
    {
      topic: 'counters',
      snapshot: true,
      start: (publish, signal) => void repeat(() => interfaces.read(signal), interval, publish, signal, failed),
    },
    {
      topic: 'metrics',
      snapshot: true,
      start: (publish, signal) => void repeat(() => application.metrics.samples(), interval, publish, signal, failed),
    },
    { topic: 'log', start: (publish, signal) => whileOpen(signal, application.logs.onLevel(publish)) },
    {
      topic: 'health',
      start: (publish, signal) => {
        const told = new Map<string, string>();
        const tell = application.health.listen((plugin, agent) => {
          const news = `${agent} ${plugin.state} ${plugin.reason ?? ''}`;
          if (told.get(plugin.plugin) === news) return;
          told.set(plugin.plugin, news);
          publish({ agent, plugin });
        });
        whileOpen(signal, tell);
      },
    },
  ];
}

/** Ten thousand changes come at once after a bulk commit: others are served in between. */
async function publishStates(
  scheduler: Scheduler,
  publish: (data: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  const pace = new Pace();
  for await (const status of scheduler.watch({}, signal)) {
    publish(status);
    if (pace.due()) await pace.rest();
  }
}

async function repeat(
  read: () => Promise<unknown>,
  interval: number,
  publish: (data: unknown) => void,
  signal: AbortSignal,
  failed: (error: unknown) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      publish(await read());
    } catch (error) {
      if (!signal.aborted) failed(error);
    }
    await delay(interval, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

function whileOpen(signal: AbortSignal, stop: () => void): void {
  signal.addEventListener('abort', stop, { once: true });
}
