import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { AppError, messageOf } from '../errors.ts';
import type { Logger } from '../log/logger.ts';
import type { Access, Arrival } from './access.ts';
import { decodeBody } from './body.ts';
import { answerOf } from './errors.ts';
import type { Listener } from './listener.ts';
import { describeIdentity, type Identity } from './role.ts';
import { HttpReply, type Mount, type Route } from './route.ts';
import { securityHeaders } from './security-headers.ts';
import { refuseUnknown, validatePart } from './validate.ts';

const defaultMaxBodyBytes = 1_048_576;

/** Routes, guards and the wire: everything between a listener and a handler. */
/** Where a parameter that nobody knows is an error. Ligato's paths ignore those, as its clients may count on. */
const ownPaths = '/api/v1/';

export class Router {
  readonly #fastify: FastifyInstance;
  readonly #log: Logger;
  readonly #listeners = new WeakMap<Socket, Listener['type']>();
  readonly #identities = new WeakMap<IncomingMessage, Identity>();
  readonly #stop = new AbortController();
  readonly #mounts: Mount[] = [];
  readonly #audit: Logger;
  #access: Access | undefined;

  constructor(fastify: FastifyInstance, log: Logger, audit: Logger) {
    this.#fastify = fastify;
    this.#log = log;
    this.#audit = audit;
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    fastify.setNotFoundHandler((request) => {
      throw new AppError('not-found', `there is nothing at ${request.method} ${request.url.split('?')[0]}`);
    });
    fastify.setErrorHandler((error, request, reply) => this.#sendError(error, request, reply));
    fastify.addHook('onRequest', async (request, reply) => {
      reply.headers(securityHeaders(request.raw.socket));
      await this.#guard(request);
    });
    fastify.addHook('onResponse', async (request, reply) => this.#note(request, reply));
  }

  /** Fixes the routes. Requests are served from here on. */
  async open(access: Access): Promise<void> {
    this.#access = access;
    await this.#fastify.ready();
  }

  add(route: Route): void {
    this.#fastify.route({
      method: route.method,
      url: route.path,
      bodyLimit: route.maxBodyBytes ?? defaultMaxBodyBytes,
      config: { route },
      handler: (request, reply) => this.#handle(route, request, reply),
    });
  }

  mount(mount: Mount): void {
    this.#mounts.push(mount);
  }

  /** What a listener calls for each request. */
  serve(type: Listener['type'], request: IncomingMessage, response: ServerResponse): void {
    this.#listeners.set(request.socket, type);
    const mount = this.#access && this.#mounts.find(({ matches }) => matches(request.url ?? ''));
    if (mount !== undefined) return mount.handle(request, response, type);
    this.#fastify.routing(request, response);
  }

  /** Tells handlers that stream to come to an end. */
  stop(): void {
    this.#stop.abort(new AppError('aborted', 'the server is stopping'));
  }

  async close(): Promise<void> {
    await this.#fastify.close();
  }

  async #guard(request: FastifyRequest): Promise<void> {
    if (this.#access === undefined) throw new AppError('aborted', 'the agent is still starting');
    const route = (request.routeOptions.config as { route?: Route }).route;
    const identity = this.#access.admit(this.#arrivalOf(request.raw), route?.role ?? 'read');
    if (identity !== undefined) this.#identities.set(request.raw, identity);
  }

  #arrivalOf({ socket, headers, method = 'GET' }: IncomingMessage): Arrival {
    return { listener: this.#listeners.get(socket) ?? 'tcp', socket, headers, method };
  }

  async #handle(route: Route, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const { schema = {} } = route;
    const gone = new AbortController();
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) gone.abort(new AppError('aborted', 'the caller has gone'));
    });
    const query = { ...(request.query as object) };
    if (route.path.startsWith(ownPaths)) refuseUnknown(schema.query, query);
    const result = await route.handler({
      method: request.method,
      url: request.url,
      params: (await validatePart('params', schema.params, request.params)) as Readonly<Record<string, string>>,
      query: (await validatePart('query', schema.query, query)) as Readonly<Record<string, string>>,
      body: await validatePart(
        'body',
        schema.body,
        decodeBody(request.body as Buffer | undefined, route.body ?? 'json'),
      ),
      headers: request.headers,
      identity: this.#identities.get(request.raw),
      by: describeIdentity(this.#identities.get(request.raw), request.raw.socket.remoteAddress),
      arrival: this.#arrivalOf(request.raw),
      signal: AbortSignal.any([gone.signal, this.#stop.signal]),
    });
    return send(result, reply);
  }

  /** Who changed what, and who tried to. */
  #note(request: FastifyRequest, reply: FastifyReply): void {
    const { route } = request.routeOptions.config as { route?: Route };
    if (route?.role !== 'operate' && route?.role !== 'admin') return;
    const identity = this.#identities.get(request.raw);
    const { name = 'nobody', role, via } = identity ?? {};
    this.#audit.info(
      { by: name, role, via, from: request.ip, status: reply.statusCode },
      `${request.method} ${request.url.slice(0, 512)}`,
    );
  }

  #sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const { status, body, internal } = answerOf(error);
    const what = `${request.method} ${request.url.split('?')[0]}`;
    if (internal) this.#log.error({ err: error }, `${what} failed`);
    else this.#log.debug({ status }, `${what}: ${messageOf(error)}`);
    if (status === 401) reply.header('www-authenticate', 'Bearer');
    const { retryAfter } = error as { retryAfter?: unknown };
    if (typeof retryAfter === 'number') reply.header('retry-after', String(Math.ceil(retryAfter / 1000)));
    reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
  }
}

function send(result: unknown, reply: FastifyReply): unknown {
  if (!(result instanceof HttpReply)) {
    if (result === undefined) return reply.code(204).send();
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(result));
  }
  reply.code(result.status).headers({ ...result.headers });
  const { body, type } = result;
  if (type !== undefined) return reply.type(type).send(body);
  if (body === undefined) return reply.send();
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(body));
}
