import type { ValueStatus } from '../../scheduler/scheduler.ts';

/** A status as `/api/v1` shows it: everything that is known of why a value is as it is. */
export function statusView(status: ValueStatus): object {
  return {
    key: status.key,
    ...(status.kind === undefined ? {} : { model: status.kind }),
    name: status.label,
    state: status.state,
    since: new Date(status.since).toISOString(),
    lastOperation: status.lastOperation,
    ...(status.error === undefined ? {} : { error: status.error }),
    ...(status.problems.length > 0 ? { problems: status.problems } : {}),
    ...(status.details.length > 0 ? { details: status.details } : {}),
    waitingFor: status.waitingFor.map(({ label, since }) => ({ label, since: new Date(since).toISOString() })),
    seqNum: status.seqNum,
    ...(status.source === undefined ? {} : { source: status.source }),
    parts: status.parts.map(statusView),
  };
}
