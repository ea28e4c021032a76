/**
 * Codes of this room.
 *
 * | code | meaning |
 * |---|---|
 * | `invalid-config` | a configuration file, variable or flag is wrong; `problems` has each place |
 * | `usage` | the caller's mistake: unknown flag, a plugin declared twice, a route registered too late |
 * | `cycle` | plugins need each other in a circle |
 * | `start-failed`, `start-timeout`, `stop-failed`, `stop-timeout` | the plugin of that name |
 * | `aborted` | stopped by a signal or an `AbortSignal` before it was done |
 * | `not-found` | a file, a program, a logger |
 * | `invalid` | a request is wrong |
 * | `unauthenticated`, `forbidden`, `rate-limited` | HTTP |
 * | `insecure` | refused because it would open the agent to others |
 * | `conflict` | something else is there already: port in use, route taken |
 * | `process` | a supervised process |
 */
export type AppErrorCode =
  | 'invalid-config'
  | 'usage'
  | 'cycle'
  | 'start-failed'
  | 'start-timeout'
  | 'stop-failed'
  | 'stop-timeout'
  | 'aborted'
  | 'not-found'
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'rate-limited'
  | 'insecure'
  | 'conflict'
  | 'process';

/** One wrong place in the configuration. */
export interface ConfigProblem {
  readonly plugin: string;
  /** Dotted path of the key, such as `tls.ca-file`. */
  readonly field: string;
  /** What is wrong and what would be accepted. */
  readonly message: string;
  /** Where the value came from: a file, `environment HTTP_PORT`, `--http-port`. */
  readonly source: string;
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based. */
  readonly column?: number;
}

export interface AppErrorDetails {
  readonly plugin?: string;
  readonly field?: string;
  readonly file?: string;
  readonly line?: number;
  readonly retriable?: boolean;
  /** ms after which the same may succeed. */
  readonly retryAfter?: number;
  readonly cause?: unknown;
  readonly problems?: readonly ConfigProblem[];
  /** When several things failed: all of them. */
  readonly errors?: readonly unknown[];
}

/** The error of this room. `retriable` says whether the same may succeed later without any change by the user. */
export class AppError extends Error {
  readonly code: AppErrorCode;
  readonly plugin: string | undefined;
  /** Dotted path of what was wrong. */
  readonly field: string | undefined;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly retriable: boolean;
  readonly retryAfter: number | undefined;
  readonly problems: readonly ConfigProblem[];
  readonly errors: readonly unknown[];

  constructor(code: AppErrorCode, message: string, details: AppErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'AppError';
    this.code = code;
    this.plugin = details.plugin;
    this.field = details.field;
    this.file = details.file;
    this.line = details.line;
    this.retriable = details.retriable ?? (code === 'start-timeout' || code === 'rate-limited');
    this.retryAfter = details.retryAfter;
    this.problems = details.problems ?? [];
    this.errors = details.errors ?? [];
  }
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message || thrown.name;
  return String(thrown);
}
