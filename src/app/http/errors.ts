import { messageOf } from '../errors.ts';

/** Ligato's `Error`, and what a program can use. */
export interface ErrorBody {
  readonly Error: string;
  readonly code: string;
  readonly field?: string;
  readonly problems?: readonly unknown[];
}

export interface ErrorAnswer {
  readonly status: number;
  readonly body: ErrorBody;
  /** The agent's own fault: belongs in the log. */
  readonly internal: boolean;
}

/** The codes of all rooms' errors that mean something to a caller. */
const statusOf: Readonly<Record<string, number>> = {
  invalid: 400,
  usage: 400,
  'invalid-config': 400,
  'invalid-key': 400,
  'invalid-value': 400,
  'unknown-model': 400,
  unauthenticated: 401,
  forbidden: 403,
  insecure: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  'rate-limited': 429,
  unimplemented: 501,
  busy: 503,
  away: 503,
  disconnected: 503,
  unreachable: 503,
  aborted: 503,
  closed: 503,
  timeout: 504,
};

/** What a thrown error becomes on the wire. */
export function answerOf(error: unknown): ErrorAnswer {
  const { code, field, problems, statusCode } = fieldsOf(error);
  const status = statusCode ?? statusOf[code ?? ''] ?? 500;
  if (status === 500 && code === undefined) {
    // The message of an unforeseen error may hold anything, also secrets.
    return { status, body: { Error: 'internal error; the log has the details', code: 'internal' }, internal: true };
  }
  const body: ErrorBody = {
    Error: messageOf(error),
    code: code ?? 'invalid',
    ...(field === undefined ? {} : { field }),
    ...(problems === undefined ? {} : { problems }),
  };
  return { status, body, internal: status === 500 };
}

interface ErrorFields {
  readonly code: string | undefined;
  readonly field: string | undefined;
  readonly problems: readonly unknown[] | undefined;
  readonly statusCode: number | undefined;
}

/** Errors of all rooms look like this, fastify's too; a system error's code (`ENOENT`) says nothing to a caller. */
function fieldsOf(error: unknown): ErrorFields {
  const { code, field, problems, statusCode } = (error ?? {}) as Record<string, unknown>;
  const foreign = typeof code !== 'string' || /^(E[A-Z0-9]+|ERR_.*|FST_.*)$/.test(code);
  const byFastify = typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500;
  return {
    code: byFastify ? nameOf(statusCode) : foreign ? undefined : code,
    field: typeof field === 'string' && field !== '' ? field : undefined,
    problems: Array.isArray(problems) && problems.length > 0 ? problems : undefined,
    statusCode: byFastify ? statusCode : undefined,
  };
}

function nameOf(status: number): string {
  if (status === 404) return 'not-found';
  return status === 413 ? 'too-large' : 'invalid';
}
