/** gRPC to one agent, and what went wrong in the words of the command. Loaded by the commands that need it only. */

import type { Connection } from '../client/http.ts';
import { openCalls, type RemoteCalls } from '../client/transport.ts';
import { CliError } from './errors.ts';

export type GrpcConnection = RemoteCalls;

export function openGrpc(connection: Connection): Promise<GrpcConnection> {
  return openCalls('grpc', connection);
}

/** The error of a call as the command tells it: field by field where the agent said which are wrong. */
export function grpcFailure(error: unknown, connection: GrpcConnection): unknown {
  if (error instanceof CliError) return error;
  const failure = connection.failure(error);
  if (failure.code !== 'refused') return failure;
  const lines = (failure.problems as readonly { readonly field: string; readonly message: string }[]).map(
    ({ field, message }) => `${field}: ${message}`,
  );
  return new CliError('failed', failure.message, lines);
}
