/** gRPC to one agent, and what went wrong in the words of the command. Loaded by the commands that need it only. */

import { connect } from 'node:net';
import { Code, ConnectError, type Transport } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { ClientError } from '../client/errors.ts';
import type { Connection } from '../client/http.ts';
import { BadRequestSchema } from '../model/gen/google/rpc/error_details_pb.js';
import { CliError } from './errors.ts';

export interface GrpcConnection {
  readonly transport: Transport;
  /** `authorization`, where there is something to say. */
  readonly headers: Readonly<Record<string, string>>;
  /** ms until a call that has one answer has it. */
  readonly timeout: number;
  /** Where it connects to, for people. */
  readonly target: string;
}

export function openGrpc({
  socketPath,
  host,
  port,
  tls,
  token,
  basicAuth,
  timeout = 120_000,
}: Connection): GrpcConnection {
  const address = `${host?.includes(':') ? `[${host}]` : host}:${port}`;
  const baseUrl = socketPath === undefined ? `${tls ? 'https' : 'http'}://${address}` : 'http://localhost';
  const nodeOptions = socketPath === undefined ? tls : { createConnection: () => connect(socketPath) };
  const transport = createGrpcTransport({ baseUrl, ...(nodeOptions === undefined ? {} : { nodeOptions }) });
  const credentials =
    token === undefined ? basicAuth && `Basic ${Buffer.from(basicAuth).toString('base64')}` : `Bearer ${token}`;
  return {
    transport,
    headers: credentials ? { authorization: credentials } : {},
    timeout,
    target: socketPath ?? baseUrl,
  };
}

/** The error of a call as the command tells it: field by field where the agent said which are wrong. */
export function grpcFailure(error: unknown, { target, timeout }: GrpcConnection): unknown {
  if (!(error instanceof ConnectError)) return error;
  const { code, rawMessage, cause } = error;
  if (code === Code.DeadlineExceeded)
    return new ClientError('timeout', `${target} did not answer within ${timeout / 1000} s`, { cause: error });
  const system = systemCode(cause);
  if (system !== undefined)
    return new ClientError('unreachable', `no agent answers at ${target}: ${hints[system] ?? rawMessage}`, {
      cause: error,
    });
  const hint = code === Code.Unauthenticated || code === Code.PermissionDenied ? credentialsHint : '';
  const lines = error
    .findDetails(BadRequestSchema)
    .flatMap(({ fieldViolations }) => fieldViolations.map(({ field, description }) => `${field}: ${description}`));
  return new CliError('failed', `${statusName(code)}: ${rawMessage}${hint}`, lines);
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
