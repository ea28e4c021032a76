/** VPP comes and goes: while it is away, that is all there is to say of any object, and nothing but its return helps. */

import { SchedulerError } from '../../scheduler/errors.ts';
import type { Handler } from '../../scheduler/handler.ts';
import type { VppEngine } from './engine.ts';

/** The same handler; what it cannot do because VPP is away rejects with SchedulerError `away`. */
export function whilePresent(handler: Handler, { client }: VppEngine): Handler {
  const guarded = <A extends unknown[], R>(
    work: (...args: A) => Promise<R>,
    consequence: string,
  ): ((...args: A) => Promise<R>) => {
    const away = (cause?: unknown): SchedulerError =>
      new SchedulerError('away', `VPP is away: ${consequence}`, cause === undefined ? {} : { cause });
    return (...args) => {
      if (isAway()) return Promise.reject(away());
      return work.apply(handler, args).catch((error: unknown) => {
        throw isAway() ? away(error) : error;
      });
    };
  };
  const isAway = (): boolean => client.isConnected === false;
  const made = 'made when it is back';
  const { create, update, refresh, remove, retrieve, reconcile } = handler;
  return {
    ...handler,
    create: guarded(create, made),
    remove: guarded(remove, 'removed when it is back'),
    ...(update && { update: guarded(update, made) }),
    ...(refresh && { refresh: guarded(refresh, made) }),
    ...(retrieve && { retrieve: guarded(retrieve, 'nothing can be read') }),
    ...(reconcile && { reconcile: guarded(reconcile, made) }),
  };
}
