/** VPP comes back empty when it was restarted, and may have missed something when only the connection was lost. */

import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { VppEngine } from './engine.ts';

/** How VPP is doing. Times in ms since it was lost. */
export type VppCondition =
  | { readonly condition: 'lost'; readonly reason: string }
  /** It answers and is being made as wanted. `isNew`: it was restarted. */
  | { readonly condition: 'back'; readonly isNew: boolean; readonly after: number }
  | { readonly condition: 'healed'; readonly isNew: boolean; readonly after: number; readonly failed: number }
  /** It answers, and nothing is done until the next comparison: that is how it is configured. */
  | { readonly condition: 'left' }
  /** It could not be made as wanted; the next comparison tries again. */
  | { readonly condition: 'unhealed'; readonly reason: string };

/** Makes VPP as wanted whenever it comes back, until the signal. What a lost connection interrupted is in doubt until then. */
export function resyncWhenVppComesBack(
  { client, log }: VppEngine,
  scheduler: Scheduler,
  signal: AbortSignal,
  {
    heals = true,
    tell = () => {},
  }: { readonly heals?: boolean; readonly tell?: (condition: VppCondition) => void } = {},
): void {
  // A VPP that is there is told at once, and was made as wanted already.
  let isFirst = client.isConnected;
  // One that never was there is no loss, but as long in coming.
  let wasThere = client.version !== '';
  let lostAt: number | undefined = wasThere ? undefined : performance.now();
  let losses = 0;
  const stop = client.onState((state) => {
    if (state.state === 'disconnected') {
      losses++;
      lostAt ??= performance.now();
      tell({ condition: 'lost', reason: state.error.message });
      return;
    }
    if (isFirst) {
      isFirst = false;
      return;
    }
    const isNew = state.isNew && wasThere;
    const description = describe(isNew, wasThere);
    wasThere = true;
    const after = (): number => Math.round(performance.now() - (lostAt ?? performance.now()));
    const answered = after();
    tell({ condition: 'back', isNew, after: answered });
    if (!heals) {
      lostAt = undefined;
      tell({ condition: 'left' });
      return;
    }
    const loss = losses;
    scheduler.commit([], { resync: 'DownstreamResync', description, lane: 'bulk' }).then(
      ({ failures: { length: failed } }) => {
        // Lost again meanwhile: the next time counts.
        if (loss !== losses) return;
        const healed = after();
        lostAt = undefined;
        log.info(
          { failed, answeredAfter: answered, healedAfter: healed },
          `${description}: it answered after ${answered} ms and is as wanted after ${healed} ms`,
        );
        tell({ condition: 'healed', isNew, after: healed, failed });
      },
      (error: unknown) => {
        if (signal.aborted) return;
        log.warn({ err: error }, `${description}, and cannot be made as wanted`);
        tell({ condition: 'unhealed', reason: error instanceof Error ? error.message : String(error) });
      },
    );
  });
  signal.addEventListener('abort', stop, { once: true });
}

function describe(isNew: boolean, wasThere: boolean): string {
  if (!wasThere) return 'VPP was not there yet';
  return isNew ? 'VPP was restarted' : 'VPP was out of reach';
}
