/** The scheduler: takes what is wanted, works out the order, has it done, keeps it so, and says why anything is not there. */

import { LiveScheduler } from './live-scheduler.ts';
import type { Scheduler, SchedulerOptions } from './scheduler.ts';

export * from './errors.ts';
export * from './handler.ts';
export * from './kind.ts';
export * from './scheduler.ts';
export { structurallyEqual } from './equality.ts';
export { summarize, summarizePlan } from './summary.ts';
export { describeUnread } from './unread.ts';

/**
 * Makes a scheduler. Register kinds, then commit.
 *
 * @example
 * const scheduler = createScheduler({ engines: [{ name: 'kernel', concurrency: 64, deadline: 10_000 }] });
 * scheduler.register(interfaceKind, interfaceHandler);
 * const { failures } = await scheduler.commit([{ key, value }]);
 */
export function createScheduler(options: SchedulerOptions): Scheduler {
  return new LiveScheduler(options);
}
