/**
 * `no-space` (disk or quota full), `corrupt` (a file is damaged, foreign or of another format), `locked` (another process
 * has the store open), `closed`, `conflict` (a lease or compare no longer holds), `unavailable` (the device or server does
 * not answer), `usage` (the caller's mistake).
 */
export type StoreErrorCode = 'no-space' | 'corrupt' | 'locked' | 'closed' | 'conflict' | 'unavailable' | 'usage';

export interface StoreErrorDetails {
  readonly retriable?: boolean;
  readonly cause?: unknown;
}

const RETRIABLE: ReadonlySet<StoreErrorCode> = new Set(['no-space', 'locked', 'unavailable']);

/** The error of every store. `retriable` says whether the same call may succeed later without a change by the caller. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  readonly retriable: boolean;

  constructor(code: StoreErrorCode, message: string, details: StoreErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'StoreError';
    this.code = code;
    this.retriable = details.retriable ?? RETRIABLE.has(code);
  }
}

/** ENOSPC: device full. EDQUOT: quota. EFBIG: RLIMIT_FSIZE. */
const NO_SPACE: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Says what a failed system call means to the user of a store; a StoreError passes unchanged. */
export function fromSystemError(error: unknown, doing: string, path: string): StoreError {
  if (error instanceof StoreError) return error;
  const code = errnoOf(error);
  if (code !== undefined && NO_SPACE.has(code)) {
    return new StoreError('no-space', `No space left while ${doing} ${path}: free some and retry`, { cause: error });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new StoreError('unavailable', `No permission while ${doing} ${path} (${code})`, { cause: error });
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new StoreError('unavailable', `Failed ${doing} ${path}: ${reason}`, { cause: error });
}

/** The errno name (`ENOENT`) of a Node system error. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
