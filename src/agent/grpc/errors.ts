/** What the errors of all rooms are in gRPC: a code, words that help, and the fields that are wrong. */

import { create } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { answerOf } from '../../app/http/errors.ts';
import { ConfigurationError } from '../../model/config/index.ts';
import { BadRequestSchema } from '../../model/gen/google/rpc/error_details_pb.js';
import { IntentError } from '../intent/errors.ts';

const codeOf: Readonly<Record<string, Code>> = {
  invalid: Code.InvalidArgument,
  'invalid-value': Code.InvalidArgument,
  'invalid-key': Code.InvalidArgument,
  'unknown-model': Code.InvalidArgument,
  usage: Code.InvalidArgument,
  unauthenticated: Code.Unauthenticated,
  forbidden: Code.PermissionDenied,
  'not-found': Code.NotFound,
  conflict: Code.FailedPrecondition,
  failed: Code.FailedPrecondition,
  reverted: Code.Aborted,
  'rate-limited': Code.ResourceExhausted,
  unimplemented: Code.Unimplemented,
  aborted: Code.Canceled,
  storage: Code.Unavailable,
  closed: Code.Unavailable,
  busy: Code.Unavailable,
  away: Code.Unavailable,
  disconnected: Code.Unavailable,
  unreachable: Code.Unavailable,
  timeout: Code.DeadlineExceeded,
};

interface Violation {
  readonly field: string;
  readonly description: string;
}

/** Undefined: unforeseen, nobody's business but the log's. */
export function errorOf(error: unknown): ConnectError | undefined {
  if (error instanceof ConnectError) return error;
  const violations = violationsOf(error);
  if (violations.length > 0) return invalid((error as Error).message, violations);
  const { code } = (error ?? {}) as { code?: unknown };
  const known = typeof code === 'string' ? codeOf[code] : undefined;
  if (known === undefined) return undefined;
  return new ConnectError(answerOf(error).body.Error, known, undefined, undefined, error);
}

/** INVALID_ARGUMENT with google.rpc.BadRequest. */
export function invalid(message: string, violations: readonly Violation[] = []): ConnectError {
  const details =
    violations.length === 0
      ? []
      : [{ desc: BadRequestSchema, value: create(BadRequestSchema, { fieldViolations: [...violations] }) }];
  return new ConnectError(message, Code.InvalidArgument, undefined, details);
}

function violationsOf(error: unknown): readonly Violation[] {
  if (error instanceof ConfigurationError)
    return error.problems.map(({ path, message }) => ({ field: path, description: message }));
  if (error instanceof IntentError && error.code === 'invalid')
    return error.invalid.flatMap(({ key, problems }) =>
      problems.map(({ field, message }) => ({ field: field === '' ? key : `${key} ${field}`, description: message })),
    );
  return [];
}
