import { Code, ConnectError } from '@connectrpc/connect';
import type { Key } from '../../model/index.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';

/**
 * Resolves when none of the values waits for another (`gone`: when none of them is there any more). Rejects with
 * DEADLINE_EXCEEDED or CANCELED, naming what is missing, when the client's patience ends first.
 */
export async function waitDone(
  scheduler: Scheduler,
  keys: readonly Key[],
  gone: boolean,
  signal: AbortSignal,
): Promise<void> {
  // Watched before looked at: nothing is missed in between.
  const stop = new AbortController();
  const changes = scheduler.watch({}, AbortSignal.any([signal, stop.signal]));
  const waiting = new Set(keys.filter((key) => !isDone(scheduler, key, gone)));
  try {
    if (waiting.size === 0) return;
    for await (const { key } of changes) {
      if (waiting.has(key) && isDone(scheduler, key, gone)) waiting.delete(key);
      if (waiting.size === 0) return;
    }
  } finally {
    stop.abort();
  }
  const still = [...waiting].slice(0, 3).map((key) => describe(scheduler, key));
  const more = waiting.size > 3 ? ` and ${waiting.size - 3} more` : '';
  const { code } = signal.reason instanceof ConnectError ? signal.reason : { code: Code.DeadlineExceeded };
  throw new ConnectError(
    `not done yet: ${still.join('; ')}${more}. The change stays; it is done as soon as it can be`,
    code,
  );
}

function isDone(scheduler: Scheduler, key: Key, gone: boolean): boolean {
  const state = scheduler.status(key)?.state;
  return gone ? state === undefined || state === 'REMOVED' : state !== 'PENDING' && state !== 'RETRYING';
}

function describe(scheduler: Scheduler, key: Key): string {
  const status = scheduler.status(key);
  const waitingFor = status?.waitingFor.map(({ label }) => label).join(', ') ?? '';
  return `${key} is ${status?.state ?? 'gone'}${waitingFor === '' ? '' : `, waits for ${waitingFor}`}`;
}
