/** gRPC and Connect to one agent. What speaks them is loaded with the first call. */

import type { Transport } from '@connectrpc/connect';
import type { ClientError } from './errors.ts';
import type { Connection } from './http.ts';

export interface RemoteCalls {
  readonly transport: Transport;
  /** Where it connects to, for people. */
  readonly target: string;
  /** Options of a call that has one answer. */
  readonly once: { readonly headers: Readonly<Record<string, string>>; readonly timeoutMs: number };
  /** Options of a stream. */
  readonly stream: { readonly headers: Readonly<Record<string, string>> };
  /** What a failed call means. */
  failure(error: unknown): ClientError;
}

/** `grpc`: by HTTP/2 with the gRPC port or socket; `connect`: by HTTP/1.1 with the HTTP port or socket. */
export async function openCalls(protocol: 'grpc' | 'connect', connection: Connection): Promise<RemoteCalls> {
  const { createConnectTransport, createGrpcTransport } = await import('@connectrpc/connect-node');
  const { socketPath, host, port, tls, token, basicAuth, timeout = 120_000 } = connection;
  const address = `${host?.includes(':') ? `[${host}]` : host}:${port}`;
  const baseUrl = socketPath === undefined ? `${tls ? 'https' : 'http'}://${address}` : 'http://localhost';
  const nodeOptions = socketPath === undefined ? tls : await throughSocket(protocol, socketPath);
  const options = { baseUrl, ...(nodeOptions === undefined ? {} : { nodeOptions }) };
  const credentials =
    token === undefined ? basicAuth && `Basic ${Buffer.from(basicAuth).toString('base64')}` : `Bearer ${token}`;
  const headers: Readonly<Record<string, string>> = credentials ? { authorization: credentials } : {};
  const target = socketPath ?? baseUrl;
  const { callFailure } = await import('./call-failure.ts');
  return {
    transport:
      protocol === 'grpc' ? createGrpcTransport(options) : createConnectTransport({ ...options, httpVersion: '1.1' }),
    target,
    once: { headers, timeoutMs: timeout },
    stream: { headers },
    failure: (error) => callFailure(error, { target, timeout }),
  };
}

async function throughSocket(protocol: 'grpc' | 'connect', socketPath: string) {
  if (protocol === 'connect') return { socketPath };
  const { connect } = await import('node:net');
  return { createConnection: () => connect(socketPath) };
}
