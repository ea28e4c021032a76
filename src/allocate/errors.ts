/**
 * `exhausted` (nothing is free), `taken` (the wanted one is another owner's), `reserved` (the wanted one is not for
 * allocation), `usage` (the caller's mistake), `busy` (other allocators won every race; retry).
 */
export type AllocateErrorCode = 'exhausted' | 'taken' | 'reserved' | 'usage' | 'busy';

/** The error of this room; a failing store's own errors pass unchanged. */
export class AllocateError extends Error {
  readonly code: AllocateErrorCode;
  /** Whether the same call may succeed later without a change by the caller. */
  readonly retriable: boolean;

  constructor(code: AllocateErrorCode, message: string) {
    super(message);
    this.name = 'AllocateError';
    this.code = code;
    this.retriable = code === 'exhausted' || code === 'busy';
  }
}
