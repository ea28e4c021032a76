/** VPP comes back empty when it was restarted, and may have missed something when only the connection was lost. */

import type { Scheduler } from '../scheduler/scheduler.ts';
import type { VppEngine } from './vpp-engine.ts';

/** Makes VPP as wanted whenever it comes back, until the signal. What a lost connection interrupted is in doubt until then. */
export function resyncWhenVppComesBack({ client, log }: VppEngine, scheduler: Scheduler, signal: AbortSignal): void {
  let isFirst = true;
  const stop = client.onState((state) => {
    if (state.state === 'disconnected' || isFirst) {
      isFirst = false;
      return;
    }
    const description = state.isNew ? 'VPP was restarted' : 'VPP was out of reach';
    scheduler.commit([], { resync: 'DownstreamResync', description, lane: 'bulk' }).then(
      ({ failures }) => log.info({ failed: failures.length }, `${description}: it is as wanted again`),
      (error: unknown) => {
        if (!signal.aborted) log.warn({ err: error }, `${description}, and cannot be made as wanted`);
      },
    );
  });
  signal.addEventListener('abort', stop, { once: true });
}
