import { readFile } from 'node:fs/promises';
import type { RequestListener, Server, ServerOptions } from 'node:http';
import type { ServerOptions as SecureServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import { AppError, messageOf } from '../errors.ts';
import type { Logger } from '../log/logger.ts';
import type { HttpConfig } from './config.ts';
import { type Endpoint, isLoopback } from './endpoint.ts';

// An import of node:http reads all its exports, among them the lazy ones that load a whole HTTP client: 13 MB of memory and 10 ms.
export function createPlainServer(options: ServerOptions, handler: RequestListener): Server {
  return process.getBuiltinModule('node:http').createServer(options, handler);
}

/** An open listener. */
export interface Listener {
  readonly type: 'tcp' | 'socket';
  readonly server: Server;
  /** Stops accepting, waits for requests under way (`grace` ms), then ends what is left. */
  close(grace: number): Promise<void>;
}

/** Certificate, key and CAs as read; undefined without TLS. Errors: AppError `invalid-config` naming key and file. */
export async function readTls(config: HttpConfig): Promise<SecureServerOptions | undefined> {
  const certFile = config['server-cert-file'];
  const keyFile = config['server-key-file'];
  const caFiles = config['client-cert-files'];
  if (certFile === undefined || keyFile === undefined) {
    refuseHalfTls(config);
    return undefined;
  }
  const cert = await readPem(certFile, 'server-cert-file');
  const key = await readPem(keyFile, 'server-key-file');
  const ca = await Promise.all(caFiles.map((file) => readPem(file, 'client-cert-files')));
  const clients = ca.length === 0 ? {} : { ca, requestCert: true, rejectUnauthorized: true };
  return { cert, key, minVersion: 'TLSv1.2', ...clients };
}

function refuseHalfTls(config: HttpConfig): void {
  for (const [field, value] of [
    ['server-key-file', config['server-cert-file']],
    ['server-cert-file', config['server-key-file']],
    ['server-cert-file', config['client-cert-files'][0]],
  ]) {
    if (value !== undefined) {
      throw new AppError('invalid-config', `http.conf: ${field} is missing: TLS needs a certificate and its key`, {
        field: field ?? '',
      });
    }
  }
}

async function readPem(file: string, field: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new AppError('invalid-config', `http.conf: ${field}: ${messageOf(cause)}`, { field, file, cause });
  }
}

/** Errors: AppError `insecure` for an address that others can reach, without TLS. */
export function refuseOpenAddress(endpoint: Endpoint, tls: boolean, open: boolean): void {
  if (tls || open || isLoopback(endpoint.host)) return;
  const where = endpoint.host === '' ? 'all addresses' : endpoint.host;
  throw new AppError(
    'insecure',
    `http.conf: endpoint ${where}:${endpoint.port} can be reached from other machines, which needs TLS: set server-cert-file and ` +
      'server-key-file, or listen on 127.0.0.1; --ligato-compat-open opens it to everybody',
    { field: 'endpoint' },
  );
}

/** Opens a TCP listener. Errors: AppError `conflict` when the port is taken. */
export async function listenTcp(
  endpoint: Endpoint,
  config: HttpConfig,
  tls: SecureServerOptions | undefined,
  handler: RequestListener,
  log: Logger,
): Promise<Listener> {
  const options: ServerOptions = {
    requestTimeout: config['read-timeout'],
    headersTimeout: config['read-header-timeout'],
    keepAliveTimeout: config['idle-timeout'],
    maxHeaderSize: config['max-header-bytes'],
  };
  const server = tls === undefined ? createPlainServer(options, handler) : secure({ ...options, ...tls }, handler);
  server.timeout = config['write-timeout'];
  const host = endpoint.host === '' ? {} : { host: endpoint.host };
  const listener = closable('tcp', server);
  await opened(server, { ...host, port: endpoint.port }, `${endpoint.host}:${endpoint.port}`, log);
  return listener;
}

function secure(options: SecureServerOptions, handler: RequestListener): Server {
  try {
    return process.getBuiltinModule('node:https').createServer(options, handler);
  } catch (cause) {
    throw new AppError('invalid-config', `http.conf: TLS certificate or key: ${messageOf(cause)}`, {
      field: 'server-cert-file',
      cause,
    });
  }
}

export async function opened(
  server: Server,
  where: { host?: string; port?: number; path?: string },
  name: string,
  log: Logger,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE';
      const message = taken
        ? `${name} is in use by another process; choose another port with --http-port`
        : `cannot listen on ${name}: ${cause.message}`;
      reject(new AppError(taken ? 'conflict' : 'start-failed', message, { field: 'endpoint', cause }));
    });
    server.listen(where, resolve);
  });
  server.removeAllListeners('error');
  server.on('error', (err) => log.error({ err }, `listener ${name}`));
}

export function closable(type: Listener['type'], server: Server): Listener {
  const connections = new Set<Socket>();
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  const close = async (grace: number): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    // A connection becomes idle when its last answer is through, of which the server tells nobody.
    const idle = setInterval(() => server.closeIdleConnections(), 10);
    const force = setTimeout(() => {
      server.closeAllConnections();
      // An upgraded connection is no longer the server's.
      for (const socket of connections) socket.destroy();
    }, grace);
    await closed;
    clearTimeout(force);
    clearInterval(idle);
  };
  return { type, server, close };
}
