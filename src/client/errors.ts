/**
 * `unreachable`: no agent answered. `timeout`: it did not answer in time. `refused`: it answered that it will not or cannot
 * (see `status` and `problems`). `protocol`: its answer makes no sense. `usage`: the caller's mistake, nothing was sent.
 */
export type ClientErrorCode = 'unreachable' | 'timeout' | 'refused' | 'protocol' | 'usage';

export class ClientError extends Error {
  readonly code: ClientErrorCode;
  /** HTTP status of a refusal. */
  readonly status: number | undefined;
  /** Everything that is wrong, as the agent listed it. */
  readonly problems: readonly unknown[];
  readonly retriable: boolean;

  constructor(
    code: ClientErrorCode,
    message: string,
    details: { readonly status?: number; readonly problems?: readonly unknown[]; readonly cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'ClientError';
    this.code = code;
    this.status = details.status;
    this.problems = details.problems ?? [];
    this.retriable = code === 'unreachable' || code === 'timeout' || (details.status ?? 0) >= 500;
  }
}
