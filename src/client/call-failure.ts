/** What went wrong with a call, in the words of the client: field by field where the agent said which are wrong. */

import { Code, ConnectError } from '@connectrpc/connect';
import { BadRequestSchema } from '../model/gen/google/rpc/error_details_pb.js';
import { ClientError } from './errors.ts';

/** HTTP statuses of gRPC's codes (google/rpc/code.proto). */
const statuses: Readonly<Partial<Record<Code, number>>> = {
  [Code.InvalidArgument]: 400,
  [Code.FailedPrecondition]: 400,
  [Code.OutOfRange]: 400,
  [Code.Unauthenticated]: 401,
  [Code.PermissionDenied]: 403,
  [Code.NotFound]: 404,
  [Code.Aborted]: 409,
  [Code.AlreadyExists]: 409,
  [Code.ResourceExhausted]: 429,
  [Code.Canceled]: 499,
  [Code.Unimplemented]: 501,
  [Code.Unavailable]: 503,
  [Code.DeadlineExceeded]: 504,
};

export function callFailure(error: unknown, where: { readonly target: string; readonly timeout: number }): ClientError {
  if (error instanceof ClientError) return error;
  if (!(error instanceof ConnectError))
    return new ClientError('protocol', error instanceof Error ? error.message : String(error), { cause: error });
  const { code, rawMessage, cause } = error;
  const { target, timeout } = where;
  if (code === Code.DeadlineExceeded)
    return new ClientError('timeout', `${target} did not answer within ${timeout / 1000} s`, { cause: error });
  const system = systemCode(cause);
  if (system !== undefined)
    return new ClientError('unreachable', `no agent answers at ${target}: ${hints[system] ?? rawMessage}`, {
      cause: error,
    });
  const hint = code === Code.Unauthenticated || code === Code.PermissionDenied ? credentialsHint : '';
  const problems = error
    .findDetails(BadRequestSchema)
    .flatMap(({ fieldViolations }) =>
      fieldViolations.map(({ field, description }) => ({ field, message: description })),
    );
  return new ClientError('refused', `${statusName(code)}: ${rawMessage}${hint}`, {
    status: statuses[code] ?? 500,
    problems,
    cause: error,
  });
}

const credentialsHint = '; give --token, or use the socket of the agent on its own host';

const noGrpc = 'it does not answer with HTTP/2; is this its --grpc-port, with TLS (--tls) or without?';

const hints: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such socket; is the agent running with this --service-label, or on another host (-H)?',
  ECONNREFUSED: 'connection refused; is the agent running, and is this its --grpc-port?',
  EACCES: 'permission denied; run as the user of the agent, or give -H and --token',
  ENOTFOUND: 'the host name is unknown',
  ECONNRESET: noGrpc,
  ERR_HTTP2_ERROR: noGrpc,
};

/** The errno or TLS code of what broke the connection. */
function systemCode(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  const { code } = cause as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : systemCode(cause.cause);
}

/** `NOT_FOUND`, as gRPC writes status codes. */
function statusName(code: Code): string {
  return (Code[code] ?? String(code)).replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
