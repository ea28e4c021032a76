import { chmod, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { AppError } from '../errors.ts';
import { type Endpoint, isLoopback, parseEndpoint } from '../http/endpoint.ts';
import { RateLimiter } from '../http/limiter.ts';
import { type Http, httpPlugin } from '../http/plugin.ts';
import { ensureSocketDirectory, removeStale } from '../http/unix-listener.ts';
import type { PluginContext } from '../plugin/context.ts';
import { definePlugin } from '../plugin/definition.ts';
import { grpcSocket } from '../plugin/directories.ts';
import {
  defaultGrpcEndpoint,
  defaultMessageSize,
  defaultStreams,
  type GrpcConfig,
  grpcOptions,
  grpcSchema,
} from './config.ts';
import type { GrpcServer } from './server.ts';
import type { GrpcServices } from './service.ts';
import { readGrpcTls } from './tls.ts';

/** What other plugins do with the gRPC server. */
export interface Grpc {
  /** Offers services. `load` is called when the first caller comes. Only while plugins start. */
  add(load: () => Promise<GrpcServices>): void;
  /** Where the TCP listener is; undefined before it is open, and when there is none. */
  readonly address: Endpoint | undefined;
  /** Path of the unix socket that needs no token; undefined when there is none. */
  readonly socketPath: string | undefined;
  /** Callers come by TLS. */
  readonly isSecure: boolean;
}

/** Connections at a time. */
const maxConnections = 10_000;
/** ms for calls under way when the server stops. */
const closeGrace = 2000;
/** Path of a method: `/ligato.generic.ManagerService/GetConfig`. */
const methodPath = /^\/(?:[a-z][a-z0-9_]*\.)+[A-Z]\w*\/[A-Z]\w*(?:\?|$)/;

class LazyGrpc implements Grpc {
  readonly socketPath: string | undefined;
  readonly #config: GrpcConfig;
  readonly #http: Http;
  readonly #context: PluginContext;
  readonly #tls: Awaited<ReturnType<typeof readGrpcTls>>;
  readonly #offers: (() => Promise<GrpcServices>)[] = [];
  readonly #listeners: Server[] = [];
  #server: Promise<GrpcServer> | undefined;
  #fixed = false;

  constructor(config: GrpcConfig, http: Http, context: PluginContext, tls: Awaited<ReturnType<typeof readGrpcTls>>) {
    this.#config = config;
    this.#http = http;
    this.#context = context;
    this.#tls = tls;
    const path = config['socket-path'] ?? grpcSocket(context.application.stateDirectory);
    this.socketPath = path === '' ? undefined : path;
    http.mount({
      matches: (url) => methodPath.test(url),
      handle: (request, response, listener) => void this.#serve(request, response, listener),
    });
  }

  add(load: () => Promise<GrpcServices>): void {
    if (this.#fixed) throw new AppError('usage', 'services come too late: add them in start()');
    this.#offers.push(load);
  }

  get isSecure(): boolean {
    return this.#tls !== undefined;
  }

  get address(): Endpoint | undefined {
    for (const listener of this.#listeners) {
      const bound = listener.address() as AddressInfo | string | null;
      if (bound !== null && typeof bound === 'object') return { host: bound.address, port: bound.port };
    }
    return undefined;
  }

  async open(): Promise<void> {
    this.#fixed = true;
    if (this.socketPath !== undefined) {
      const isShared = this.#http.hasSharedSockets;
      await ensureSocketDirectory(this.socketPath, isShared);
      await this.#listenUnix(this.socketPath, isShared ? 0o666 : 0o600, 'socket', false);
    }
    if (this.#config.disabled) return;
    if (this.#config.network.startsWith('unix')) await this.#listenConfiguredSocket();
    else await this.#listenTcp(grpcEndpoint(this.#config, this.#http.isOpen));
    const { address } = this;
    this.#context.log.info(
      { address: address && `${address.host}:${address.port}`, socket: this.socketPath, tls: this.isSecure },
      'listening',
    );
  }

  async close(): Promise<void> {
    for (const listener of this.#listeners.splice(0)) listener.close();
    await (await this.#server)?.close(closeGrace);
  }

  async #listenTcp({ host, port }: Endpoint): Promise<void> {
    const family = { tcp4: '0.0.0.0', tcp6: '::' }[this.#config.network as 'tcp4' | 'tcp6'] as string | undefined;
    await this.#listen(
      'tcp',
      true,
      {
        ...(host === '' ? (family === undefined ? {} : { host: family }) : { host }),
        port,
        ipv6Only: this.#config.network === 'tcp6' && host === '',
      },
      `${host}:${port}`,
    );
  }

  async #listenConfiguredSocket(): Promise<void> {
    const { endpoint = '', permission, 'force-socket-removal': force } = this.#config;
    const mode = permission === '' ? 0o600 : Number.parseInt(String(permission), 8);
    if (endpoint === '' || Number.isNaN(mode) || mode > 0o777)
      throw new AppError(
        'invalid-config',
        'grpc.conf: a unix socket needs its path as endpoint and an octal permission',
        {
          field: endpoint === '' ? 'endpoint' : 'permission',
        },
      );
    // Whoever may open a socket that only we can open is us; others say who they are.
    await this.#listenUnix(endpoint, mode, (mode & 0o077) === 0 ? 'socket' : 'tcp', force);
  }

  async #listenUnix(path: string, mode: number, type: 'tcp' | 'socket', force: boolean): Promise<void> {
    if (force) await rm(path, { force: true });
    else await removeStale(path);
    // The umask closes the moment between listening and changing the mode.
    const umask = process.umask(0o177);
    try {
      await this.#listen(type, false, { path }, path);
    } finally {
      process.umask(umask);
    }
    if (mode !== 0o600) await chmod(path, mode);
  }

  #listen(type: 'tcp' | 'socket', tls: boolean, where: object, name: string): Promise<void> {
    const { log } = this.#context;
    const listener = createServer({ noDelay: true, keepAlive: true }, (socket) => void this.#accept(socket, type, tls));
    listener.maxConnections = maxConnections;
    this.#listeners.push(listener);
    return new Promise((resolve, reject) => {
      listener.once('error', (cause: NodeJS.ErrnoException) => {
        const taken = cause.code === 'EADDRINUSE';
        const message = taken
          ? `${name} is in use by another process; choose another port with --grpc-port`
          : `cannot listen on ${name}: ${cause.message}`;
        reject(new AppError(taken ? 'conflict' : 'start-failed', message, { field: 'endpoint', cause }));
      });
      listener.listen(where, () => {
        listener.removeAllListeners('error');
        listener.on('error', (err) => log.error({ err }, `listener ${name}`));
        resolve();
      });
    });
  }

  async #accept(socket: Socket, type: 'tcp' | 'socket', tls: boolean): Promise<void> {
    // Until the server has it nobody else hears of its errors.
    const early = (): void => {
      socket.destroy();
    };
    socket.once('error', early);
    try {
      const server = await this.#loaded();
      socket.off('error', early);
      if (!socket.destroyed) server.connected(socket, type, tls);
    } catch (error) {
      socket.destroy();
      this.#context.log.error({ err: error }, 'the gRPC server could not be loaded');
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse, listener: 'tcp' | 'socket'): Promise<void> {
    try {
      (await this.#loaded()).serve(request, response, listener);
    } catch (error) {
      this.#context.log.error({ err: error }, 'a call could not be served');
      response.destroy();
    }
  }

  #loaded(): Promise<GrpcServer> {
    return (this.#server ??= this.#load());
  }

  async #load(): Promise<GrpcServer> {
    const offers = await Promise.all(this.#offers.map((load) => load()));
    const { createGrpcServer } = await import('./server.ts');
    const limit = this.#config['rate-limiter'];
    return createGrpcServer({
      offers,
      access: this.#http.access.withLimiter(limit === undefined ? undefined : new RateLimiter(limit)),
      tls: this.#tls,
      maxMessageBytes: this.#config['max-msg-size'] || defaultMessageSize,
      maxStreams: this.#config['max-concurrent-streams'] || defaultStreams,
      logCalls: this.#config['extended-logging'],
      metrics: this.#config['prometheus-metrics'] ? this.#context.application.metrics : undefined,
      log: this.#context.log,
      audit: this.#context.application.logs.logger('audit'),
    });
  }
}

/** The gRPC server, on its own port and, as Connect and gRPC-Web, on that of HTTP. Callers are those of HTTP: see its README. */
export const grpcPlugin = definePlugin({
  name: 'grpc',
  description: 'gRPC server',
  config: grpcSchema,
  options: grpcOptions,
  needs: { http: httpPlugin },
  async start({ http }, config, context): Promise<Grpc> {
    const tls = await readGrpcTls(config);
    if (!config.disabled && !config.network.startsWith('unix'))
      refuseOpen(grpcEndpoint(config, http.isOpen), tls !== undefined, http.isOpen);
    return new LazyGrpc(config, http, context, tls);
  },
  started: (api) => (api as LazyGrpc).open(),
  stopping: (api) => (api as LazyGrpc).close(),
});

function grpcEndpoint({ endpoint }: GrpcConfig, open: boolean): Endpoint {
  return parseEndpoint(endpoint ?? (open ? '0.0.0.0:9111' : defaultGrpcEndpoint));
}

function refuseOpen({ host, port }: Endpoint, tls: boolean, open: boolean): void {
  if (tls || open || isLoopback(host)) return;
  const where = host === '' ? 'all addresses' : host;
  throw new AppError(
    'insecure',
    `grpc.conf: endpoint ${where}:${port} can be reached from other machines, which needs TLS: set cert-file and key-file, or ` +
      'listen on 127.0.0.1; --ligato-compat-open opens it to everybody',
    { field: 'endpoint' },
  );
}
