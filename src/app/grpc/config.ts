import * as z from 'zod';
import type { ConfigOption } from '../config/declaration.ts';
import { withPort } from '../http/endpoint.ts';

export const defaultGrpcEndpoint = '127.0.0.1:9111';

/** `grpc.conf`, with Ligato's names where it had them. */
export const grpcSchema = z.strictObject({
  endpoint: z
    .string()
    .optional()
    .describe(
      `host:port, or path of a socket with network unix (default ${defaultGrpcEndpoint}; 0.0.0.0:9111 with ligato-compat-open)`,
    ),
  network: z.enum(['tcp', 'tcp4', 'tcp6', 'unix', 'unixpacket']).default('tcp').describe('kind of the endpoint'),
  permission: z
    .union([z.string(), z.number()])
    .default('')
    .describe('octal mode of a unix socket, such as 660 (default 600: the same user only)'),
  'force-socket-removal': z.boolean().default(false).describe('remove whatever is at the path of the socket first'),
  disabled: z.boolean().default(false).describe('open no listener at the endpoint; the unix socket stays'),
  'socket-path': z
    .string()
    .optional()
    .describe('unix socket of clients on this host (default <state-dir>/control/grpc.sock); "" for none'),
  'max-msg-size': z.int().min(0).default(0).describe('bytes of a message that is accepted; 0: 4 MiB'),
  'max-concurrent-streams': z.int().min(0).default(0).describe('calls at a time on one connection; 0: 1000'),
  'insecure-transport': z.boolean().default(false).describe('no TLS although there are certificates'),
  'cert-file': z.string().optional().describe('certificate chain, PEM; with key-file: TLS'),
  'key-file': z.string().optional(),
  'ca-files': z
    .array(z.string())
    .default([])
    .describe(
      'CAs, PEM; when given, callers must have a certificate of one of them (roles: client-certificates in http.conf)',
    ),
  'extended-logging': z.boolean().default(false).describe('a line in the log for each call'),
  'prometheus-metrics': z.boolean().default(true).describe('count calls, and how long they take (grpc_server_*)'),
  'rate-limiter': z
    .strictObject({ limit: z.number().positive(), burst: z.int().positive().default(1) })
    .optional()
    .describe('calls a second and at once, for each caller'),
});

export type GrpcConfig = z.output<typeof grpcSchema>;

export const grpcOptions: readonly ConfigOption[] = [
  {
    key: 'endpoint',
    flag: 'grpc-port',
    env: 'GRPC_PORT',
    description: 'port of the gRPC server (default 9111)',
    convert: (text, current) =>
      withPort(typeof current === 'string' && current.includes(':') ? current : defaultGrpcEndpoint, text),
  },
];

/** Bytes. */
export const defaultMessageSize = 4 * 2 ** 20;
export const defaultStreams = 1000;
