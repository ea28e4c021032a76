import type { FastifyReply, FastifyServerOptions } from 'fastify';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ServerOptions as SecureServerOptions } from 'node:https';
import { AppError } from '../errors.ts';
import type { PluginContext } from '../plugin/context.ts';
import { definePlugin } from '../plugin/definition.ts';
import { controlSocket } from '../plugin/directories.ts';
import { Access, type Guards } from './access.ts';
import { Authenticator, type Credentials } from './authenticate.ts';
import { defaultEndpoint, type HttpConfig, httpLegacyKeys, httpOptions, httpSchema } from './config.ts';
import { type Endpoint, parseEndpoint } from './endpoint.ts';
import { RateLimiter } from './limiter.ts';
import { type Listener, listenTcp, readTls, refuseOpenAddress } from './listener.ts';
import type { Role } from './role.ts';
import type { Mount, Route, RouteListing, RouteSchema } from './route.ts';
import { Router } from './router.ts';
import { Sessions } from './sessions.ts';
import { adminToken, readToken } from './token.ts';
import { LocalCallers } from './local-callers.ts';
import { listenUnix } from './unix-listener.ts';

/** What other plugins do with the HTTP server. */
export interface Http {
  /** Adds a route; only while plugins start. Errors: AppError `usage` afterwards, `conflict` when it is taken. */
  route<const S extends RouteSchema>(route: Route<S>): void;
  /** Hands all requests that `matches` takes to a handler of its own. Only while plugins start. */
  mount(mount: Mount): void;
  /** Who may do what: for servers of other protocols, which have the same callers. */
  readonly access: Access;
  readonly sessions: Sessions;
  /** Anybody may do anything (`ligato-compat-open`). */
  readonly isOpen: boolean;
  /** TCP callers come by TLS. */
  readonly isSecure: boolean;
  /** All routes, in the order in which they were added. */
  readonly routes: readonly RouteListing[];
  /** Where the TCP listener is; undefined before it is open, and when there is none. */
  readonly address: Endpoint | undefined;
  /** `http://127.0.0.1:9191`; undefined like `address`. */
  readonly url: string | undefined;
  /** Path of the unix socket; undefined when there is none. */
  readonly socketPath: string | undefined;
  /** Everybody may connect to unix sockets, and is judged by what the kernel knows of him (`socket-callers`). */
  readonly hasSharedSockets: boolean;
}

/** ms for requests under way when the server stops. */
const closeGrace = 2000;

class HttpServer implements Http {
  readonly routes: RouteListing[] = [];
  readonly socketPath: string | undefined;
  readonly hasSharedSockets: boolean;
  readonly #router: Router;
  readonly #config: HttpConfig;
  readonly #tls: SecureServerOptions | undefined;
  readonly access: Access;
  readonly sessions: Sessions;
  readonly isOpen: boolean;
  readonly #listeners: Listener[] = [];
  #fixed = false;

  constructor(
    router: Router,
    config: HttpConfig,
    tls: SecureServerOptions | undefined,
    access: Access,
    sessions: Sessions,
    socket: { readonly path: string | undefined; readonly isShared: boolean },
  ) {
    this.#router = router;
    this.#config = config;
    this.#tls = tls;
    this.access = access;
    this.sessions = sessions;
    this.isOpen = config['ligato-compat-open'];
    this.socketPath = socket.path;
    this.hasSharedSockets = socket.isShared;
  }

  route<const S extends RouteSchema>(route: Route<S>): void {
    const { method, path, role, summary = '' } = route;
    if (this.#fixed) throw new AppError('usage', `route ${method} ${path} comes too late: add routes in start()`);
    if (this.routes.some((other) => other.method === method && other.path === path)) {
      throw new AppError('conflict', `route ${method} ${path} exists already`);
    }
    // The router validates with the schema before it calls the handler, so that the request has the type it asks for.
    this.#router.add(route as unknown as Route);
    const { schema, body, answers } = route;
    this.routes.push({
      ...{ method, path, role, summary },
      ...(schema === undefined ? {} : { schema }),
      ...(body === undefined ? {} : { body }),
      ...(answers === undefined ? {} : { answers }),
    });
  }

  mount(mount: Mount): void {
    if (this.#fixed) throw new AppError('usage', 'a mount comes too late: add it in start()');
    this.#router.mount(mount);
  }

  get isSecure(): boolean {
    return this.#tls !== undefined;
  }

  get address(): Endpoint | undefined {
    const bound = this.#listeners.find(({ type }) => type === 'tcp')?.server.address() as
      | AddressInfo
      | null
      | undefined;
    return bound == null ? undefined : { host: bound.address, port: bound.port };
  }

  get url(): string | undefined {
    const { address } = this;
    if (address === undefined) return undefined;
    const host = address.host.includes(':') ? `[${address.host}]` : address.host;
    return `${this.#tls === undefined ? 'http' : 'https'}://${host}:${address.port}`;
  }

  async open(log: PluginContext['log']): Promise<void> {
    this.#fixed = true;
    await this.#router.open(this.access);
    if (this.socketPath !== undefined) {
      const handler = this.#router.serve.bind(this.#router, 'socket');
      this.#listeners.push(await listenUnix(this.socketPath, { handler, log, isShared: this.hasSharedSockets }));
    }
    if (!this.#config.disabled) {
      const handler = this.#router.serve.bind(this.#router, 'tcp');
      this.#listeners.push(await listenTcp(endpointOf(this.#config), this.#config, this.#tls, handler, log));
    }
    log.info({ url: this.url, socket: this.socketPath }, 'listening');
  }

  async close(): Promise<void> {
    this.#router.stop();
    await Promise.all(this.#listeners.splice(0).map((listener) => listener.close(closeGrace)));
  }

  async release(): Promise<void> {
    await this.close();
    await this.#router.close();
  }
}

/** The HTTP server. Closed by default; see README.md for who may do what. */
export const httpPlugin = definePlugin({
  name: 'http',
  description: 'HTTP server for REST, probes, metrics and the UI',
  config: httpSchema,
  options: httpOptions,
  legacyKeys: httpLegacyKeys,
  start: async (_needs, config, context): Promise<Http> => start(config, context),
  started: (api, { log }) => (api as HttpServer).open(log),
  stopping: (api) => (api as HttpServer).close(),
  stop: (api) => (api as HttpServer).release(),
});

async function start(config: HttpConfig, context: PluginContext): Promise<HttpServer> {
  const { log } = context;
  const open = config['ligato-compat-open'];
  const tls = await readTls(config);
  if (!config.disabled) refuseOpenAddress(endpointOf(config), tls !== undefined, open);
  if (open)
    log.warn('ligato-compat-open: ANYBODY who can reach this agent may do ANYTHING, without token or certificate');
  const limits = config['rate-limiter'];
  const sessions = new Sessions();
  const local = new LocalCallers(config['socket-callers']);
  const guards: Guards = {
    authenticator: new Authenticator(await credentialsOf(config, sessions, local, context)),
    // TLS proves the name by itself; an open agent is called by names nobody has listed.
    origin: {
      hosts: tls !== undefined || open ? undefined : config['allowed-hosts'],
      origins: config['allowed-origins'],
    },
    limiter: limits === undefined ? undefined : new RateLimiter(limits),
  };
  // Fastify takes a while to load: only applications with this plugin pay for it.
  const { fastify } = await import('fastify');
  const router = new Router(fastify(fastifyOptions), log, context.application.logs.logger('audit'));
  return new HttpServer(router, config, tls, new Access(guards), sessions, {
    path: socketPathOf(config, context),
    isShared: local.areMany,
  });
}

const fastifyOptions: FastifyServerOptions = {
  logger: false,
  exposeHeadRoutes: true,
  // Headers are limited, and with them the path.
  routerOptions: { ignoreTrailingSlash: true, maxParamLength: 65_536 },
  frameworkErrors: (error, _request, reply) => {
    const body = { Error: `the path cannot be read: ${error.message}`, code: 'invalid' };
    void (reply as FastifyReply).code(400).type('application/json; charset=utf-8').send(JSON.stringify(body));
  },
  // Routes are validated by their zod schemas. Without these, fastify loads ajv and a JSON compiler: 11 MB of memory, 40 ms.
  schemaController: {
    compilersFactory: {
      // Fastify's types know of no validator but ajv.
      buildValidator: (() => () => () => true) as never,
      buildSerializer: () => () => (value) => JSON.stringify(value),
    },
  },
};

function endpointOf(config: HttpConfig): Endpoint {
  return parseEndpoint(config.endpoint ?? (config['ligato-compat-open'] ? '0.0.0.0:9191' : defaultEndpoint));
}

function socketPathOf(config: HttpConfig, { application }: PluginContext): string | undefined {
  const path = config['socket-path'] ?? controlSocket(application.stateDirectory);
  return path === '' ? undefined : path;
}

async function credentialsOf(
  config: HttpConfig,
  sessions: Sessions,
  local: LocalCallers,
  { application, log }: PluginContext,
): Promise<Credentials> {
  const file = config['token-file'] ?? join(application.stateDirectory, 'http-token');
  const tokens: { name: string; role: Role; token: string }[] = [
    { name: 'admin', role: 'admin', token: await adminToken(file, log) },
  ];
  for (const { name, role, token, 'token-file': tokenFile } of config.tokens) {
    if ((token === undefined) === (tokenFile === undefined)) {
      throw new AppError('invalid-config', `http.conf: tokens: ${name} needs either token or token-file`, {
        field: 'tokens',
      });
    }
    tokens.push({ name, role, token: token ?? (await readToken(tokenFile ?? '', log)) });
  }
  for (const { token } of tokens) application.logs.addSecret(token);
  const certificates = new Map(config['client-certificates'].map(({ name, role }) => [name, role]));
  return {
    tokens,
    basic: config['client-basic-auth'],
    certificates,
    open: config['ligato-compat-open'],
    sessions,
    local,
  };
}
