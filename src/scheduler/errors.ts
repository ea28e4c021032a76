import type { Key } from '../model/key.ts';
import type { Problem } from './kind.ts';

/**
 * Codes: `invalid` (the configuration is wrong), `unimplemented` (this engine cannot), `failed` (the data plane refused),
 * `timeout` (outcome unknown), `away` (the data plane is not there: nothing but its return helps), `conflict`, `aborted`, `not-found`,
 * `usage` (the caller's mistake), `closed`.
 */
export type SchedulerErrorCode =
  | 'invalid'
  | 'unimplemented'
  | 'failed'
  | 'timeout'
  | 'away'
  | 'conflict'
  | 'aborted'
  | 'not-found'
  | 'usage'
  | 'closed';

export interface SchedulerErrorDetails {
  readonly key?: Key;
  readonly problems?: readonly Problem[];
  readonly retriable?: boolean;
  readonly cause?: unknown;
}

/** The error of this room. `retriable` says whether the same call may succeed later without any change by the user. */
export class SchedulerError extends Error {
  readonly code: SchedulerErrorCode;
  readonly key: Key | undefined;
  readonly problems: readonly Problem[];
  readonly retriable: boolean;

  constructor(code: SchedulerErrorCode, message: string, details: SchedulerErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'SchedulerError';
    this.code = code;
    this.key = details.key;
    this.problems = details.problems ?? [];
    this.retriable = details.retriable ?? (code === 'failed' || code === 'timeout' || code === 'away');
  }
}

/** The data plane is not there: nothing but its return helps. */
export function isAway(error: unknown): boolean {
  return error instanceof SchedulerError && error.code === 'away';
}
