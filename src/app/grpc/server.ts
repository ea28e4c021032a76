/**
 * What speaks gRPC, Connect and gRPC-Web. Loaded when the first caller comes: HTTP/2 and the protocols take memory and time that an
 * agent without such callers does not spend.
 */

import { Code, ConnectError, type ConnectRouter, createContextValues, type ContextValues } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import type { Registry } from '@bufbuild/protobuf';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import type { Socket } from 'node:net';
import { messageOf } from '../errors.ts';
import type { Access } from '../http/access.ts';
import type { RouteRole } from '../http/role.ts';
import type { Logger } from '../log/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { gate } from './gate.ts';
import { encodeMessage, withReadableMessages } from './message-encoding.ts';
import { observe } from './observe.ts';
import type { GrpcService, GrpcServices } from './service.ts';
import { type Arrived, arrivedKey } from './caller.ts';
import type { GrpcTls } from './tls.ts';

export interface GrpcServerOptions {
  readonly offers: readonly GrpcServices[];
  readonly access: Access;
  readonly tls: GrpcTls | undefined;
  readonly maxMessageBytes: number;
  readonly maxStreams: number;
  readonly logCalls: boolean;
  readonly metrics: Metrics | undefined;
  readonly log: Logger;
  readonly audit: Logger;
}

export interface GrpcServer {
  /** Takes over a connection of the gRPC port or socket. */
  connected(socket: Socket, type: 'tcp' | 'socket', tls: boolean): void;
  /** Answers one request of the HTTP server. */
  serve(request: IncomingMessage, response: ServerResponse, listener: 'tcp' | 'socket'): void;
  /** Ends calls: they have `grace` ms. */
  close(grace: number): Promise<void>;
}

type AnyRequest = IncomingMessage | Http2ServerRequest;
/** What is used of an answer of either protocol. */
interface AnyResponse {
  writeHead(status: number, headers: Readonly<Record<string, string>>): unknown;
  end(): unknown;
}

/** ms until a new connection has to show that it speaks HTTP/2. */
const prefaceTimeout = 10_000;
/** MB of memory that the streams of one connection may take before new ones are refused. */
const maxSessionMemory = 64;
/** Bytes a client may send of one call before it is read. */
const windowSize = 1_048_576;

export function createGrpcServer(options: GrpcServerOptions): GrpcServer {
  return new Server(options);
}

class Server implements GrpcServer {
  readonly #options: GrpcServerOptions;
  readonly #stop = new AbortController();
  readonly #sessions = new Set<ServerHttp2Session>();
  /** Sessions of callers on this host who need no token, with their connections. */
  readonly #local = new WeakMap<ServerHttp2Session, Socket>();
  readonly #handler: (request: AnyRequest, response: AnyResponse) => void;
  #connecting: Socket | undefined;
  readonly #plain: Http2Server;
  readonly #secure: Http2SecureServer | undefined;

  constructor(options: GrpcServerOptions) {
    this.#options = options;
    this.#handler = connectNodeAdapter({
      routes: (router) => this.#addServices(router),
      contextValues: (request) => contextOf(request),
      requestGate: gate(options.access, rolesOf(services(options))),
      interceptors: [observe(options)],
      readMaxBytes: options.maxMessageBytes,
      jsonOptions: { ignoreUnknownFields: false, ...registryOf(options) },
      shutdownSignal: this.#stop.signal,
      fallback: (request, response) => refuse(request, response as AnyResponse),
    }) as unknown as (request: AnyRequest, response: AnyResponse) => void;
    const settings = { maxConcurrentStreams: options.maxStreams, initialWindowSize: windowSize, enablePush: false };
    this.#plain = this.#configured(createServer({ settings, maxSessionMemory }));
    this.#secure =
      options.tls &&
      this.#configured(createSecureServer({ ...options.tls, settings, maxSessionMemory, allowHTTP1: true }));
  }

  connected(socket: Socket, type: 'tcp' | 'socket', tls: boolean): void {
    this.#connecting = type === 'socket' ? socket : undefined;
    const server = tls && this.#secure !== undefined ? this.#secure : this.#plain;
    // Without TLS the session is made here and now.
    server.emit('connection', socket);
    this.#connecting = undefined;
  }

  serve(request: IncomingMessage, response: ServerResponse, listener: 'tcp' | 'socket'): void {
    this.#answer(request, response, listener);
  }

  async close(grace: number): Promise<void> {
    this.#stop.abort(new ConnectError('the agent is stopping', Code.Unavailable));
    const ended = [...this.#sessions].map(
      (session) => new Promise<void>((resolve) => (session.closed ? resolve() : session.once('close', resolve))),
    );
    for (const session of this.#sessions) session.close();
    const force = setTimeout(() => {
      for (const session of this.#sessions) session.destroy();
    }, grace);
    await Promise.all(ended);
    clearTimeout(force);
  }

  #configured<S extends Http2Server | Http2SecureServer>(server: S): S {
    const { log } = this.#options;
    server.on('request', (request: Http2ServerRequest, response: Http2ServerResponse) => {
      withReadableMessages(response);
      const session = request.stream?.session as ServerHttp2Session | undefined;
      const connection = session === undefined ? undefined : this.#local.get(session);
      this.#answer(request, response, connection === undefined ? 'tcp' : 'socket', connection);
    });
    server.on('session', (session: ServerHttp2Session) => this.#welcome(session));
    server.on('sessionError', (error: Error) => log.debug({ err: error }, 'a connection broke'));
    server.on('tlsClientError', (error: Error) => log.debug({ err: error }, 'a TLS handshake failed'));
    server.on('unknownProtocol', (socket: Socket) => socket.destroy());
    return server;
  }

  #welcome(session: ServerHttp2Session): void {
    this.#sessions.add(session);
    if (this.#connecting !== undefined) this.#local.set(session, this.#connecting);
    session.once('close', () => this.#sessions.delete(session));
    session.setTimeout(prefaceTimeout, () => session.destroy());
    session.once('remoteSettings', () => session.setTimeout(0));
  }

  #answer(request: AnyRequest, response: AnyResponse, listener: 'tcp' | 'socket', connection?: Socket): void {
    try {
      // A proxy that the session takes away when it ends; what is asked of it has to be asked now.
      const socket = request.socket as Socket;
      arrivals.set(request, {
        listener,
        method: request.method ?? 'POST',
        socket,
        connection,
        headers: withHost(request),
        address: socket.remoteAddress,
      });
      this.#handler(request, response);
    } catch (error) {
      this.#options.log.debug({ err: error }, `a call was refused: ${messageOf(error)}`);
      refuse(request, response, 400);
    }
  }

  #addServices(router: ConnectRouter): void {
    for (const { service, implementation } of services(this.#options)) router.service(service, implementation);
  }
}

/** HTTP/2 has `:authority` in place of `Host` (RFC 9113 section 8.3.1). */
function withHost({ headers }: AnyRequest): IncomingHttpHeaders {
  const { ':authority': authority } = headers;
  return typeof authority === 'string' && headers.host === undefined ? { ...headers, host: authority } : headers;
}

const arrivals = new WeakMap<object, Arrived>();

function contextOf(request: object): ContextValues {
  const values = createContextValues();
  const arrived = arrivals.get(request);
  if (arrived !== undefined) values.set(arrivedKey, arrived);
  return values;
}

function services({ offers }: GrpcServerOptions): readonly GrpcService[] {
  return offers.flatMap((offer) => offer.services);
}

function rolesOf(all: readonly GrpcService[]): ReadonlyMap<string, RouteRole> {
  const roles = new Map<string, RouteRole>();
  for (const { service, role, roles: own } of all) {
    for (const { name } of service.methods) roles.set(`/${service.typeName}/${name}`, own[name] ?? role);
  }
  return roles;
}

function registryOf({ offers }: GrpcServerOptions): { readonly registry?: Registry } {
  const registry = offers.find((offer) => offer.registry !== undefined)?.registry as Registry | undefined;
  return registry === undefined ? {} : { registry };
}

/** No such method: gRPC wants that in its own words (HTTP status 200, trailers only). */
function refuse(request: AnyRequest, response: AnyResponse, status = 404): void {
  const type = request.headers['content-type'] ?? '';
  const path = request.url ?? '';
  if (type.startsWith('application/grpc') && status === 404) {
    response.writeHead(200, {
      'content-type': type,
      'grpc-status': String(Code.Unimplemented),
      'grpc-message': encodeMessage(`there is no method ${path}; the services are listed by reflection`),
    });
  } else {
    response.writeHead(status, { 'content-type': 'application/json' });
  }
  response.end();
}
