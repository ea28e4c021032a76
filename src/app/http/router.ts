import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { AppError, messageOf } from '../errors.ts';
import type { Logger } from '../log/logger.ts';
import { type Authenticator, authorize, type Caller } from './authenticate.ts';
import { decodeBody } from './body.ts';
import { isLoopback } from './endpoint.ts';
import { answerOf } from './errors.ts';
import type { RateLimiter } from './limiter.ts';
import type { Listener } from './listener.ts';
import { checkOrigin, type OriginRules } from './origin.ts';
import type { Identity } from './role.ts';
import { HttpReply, type Route } from './route.ts';
import { validatePart } from './validate.ts';

export interface Guards {
  readonly authenticator: Authenticator;
  readonly origin: OriginRules;
  readonly limiter: RateLimiter | undefined;
}

const defaultMaxBodyBytes = 1_048_576;

/** Routes, guards and the wire: everything between a listener and a handler. */
export class Router {
  readonly #fastify: FastifyInstance;
  readonly #log: Logger;
  readonly #listeners = new WeakMap<Socket, Listener['type']>();
  readonly #identities = new WeakMap<IncomingMessage, Identity>();
  readonly #stop = new AbortController();
  #guards: Guards | undefined;

  constructor(fastify: FastifyInstance, log: Logger) {
    this.#fastify = fastify;
    this.#log = log;
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    fastify.setNotFoundHandler((request) => {
      throw new AppError('not-found', `there is nothing at ${request.method} ${request.url.split('?')[0]}`);
    });
    fastify.setErrorHandler((error, request, reply) => this.#sendError(error, request, reply));
    fastify.addHook('onRequest', async (request, reply) => this.#guard(request, reply));
  }

  /** Fixes the routes. Requests are served from here on. */
  async open(guards: Guards): Promise<void> {
    this.#guards = guards;
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

  /** What a listener calls for each request. */
  serve(type: Listener['type'], request: IncomingMessage, response: ServerResponse): void {
    this.#listeners.set(request.socket, type);
    this.#fastify.routing(request, response);
  }

  /** Tells handlers that stream to come to an end. */
  stop(): void {
    this.#stop.abort(new AppError('aborted', 'the server is stopping'));
  }

  async close(): Promise<void> {
    await this.#fastify.close();
  }

  async #guard(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const guards = this.#guards;
    if (guards === undefined) throw new AppError('aborted', 'the agent is still starting');
    const caller = callerOf(request, this.#listeners.get(request.raw.socket) ?? 'tcp');
    if (caller.listener === 'tcp') checkOrigin(request.headers, guards.origin);
    const route = (request.routeOptions.config as { route?: Route }).route;
    const needs = route?.role ?? 'read';
    const identity = needs === 'public' ? undefined : this.#identify(guards, caller, request, reply);
    if (identity !== undefined) this.#identities.set(request.raw, identity);
    this.#limit(guards, caller, identity, request, reply);
    authorize(identity, needs);
  }

  /** Wrong credentials count against the address they come from: guessing is limited too. */
  #identify(guards: Guards, caller: Caller, request: FastifyRequest, reply: FastifyReply): Identity | undefined {
    try {
      return guards.authenticator.identify(caller);
    } catch (error) {
      this.#limit(guards, caller, undefined, request, reply);
      throw error;
    }
  }

  #limit(
    guards: Guards,
    caller: Caller,
    identity: Identity | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    if (caller.listener === 'socket') return;
    const name = identity === undefined || identity.name === 'anonymous' ? request.ip : `user ${identity.name}`;
    const wait = guards.limiter?.take(name) ?? 0;
    if (wait === 0) return;
    reply.header('retry-after', String(Math.ceil(wait / 1000)));
    throw new AppError('rate-limited', `too many requests; wait ${Math.ceil(wait)} ms`);
  }

  async #handle(route: Route, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const { schema = {} } = route;
    const gone = new AbortController();
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) gone.abort(new AppError('aborted', 'the caller has gone'));
    });
    const result = await route.handler({
      method: request.method,
      url: request.url,
      params: (await validatePart('params', schema.params, request.params)) as Readonly<Record<string, string>>,
      query: (await validatePart('query', schema.query, { ...(request.query as object) })) as Readonly<
        Record<string, string>
      >,
      body: await validatePart(
        'body',
        schema.body,
        decodeBody(request.body as Buffer | undefined, route.body ?? 'json'),
      ),
      headers: request.headers,
      identity: this.#identities.get(request.raw),
      signal: AbortSignal.any([gone.signal, this.#stop.signal]),
    });
    return send(result, reply);
  }

  #sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const { status, body, internal } = answerOf(error);
    const what = `${request.method} ${request.url.split('?')[0]}`;
    if (internal) this.#log.error({ err: error }, `${what} failed`);
    else this.#log.debug({ status }, `${what}: ${messageOf(error)}`);
    if (status === 401) reply.header('www-authenticate', 'Bearer');
    reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
  }
}

function callerOf(request: FastifyRequest, listener: Listener['type']): Caller {
  const socket = request.raw.socket as TLSSocket;
  const verified = socket.encrypted === true && socket.authorized;
  return {
    listener,
    loopback: isLoopback(socket.localAddress ?? '') && isLoopback(socket.remoteAddress ?? ''),
    certificate: verified ? commonName(socket) : undefined,
    headers: request.headers,
  };
}

function commonName(socket: TLSSocket): string | undefined {
  const name = socket.getPeerCertificate().subject?.CN as string | string[] | undefined;
  return Array.isArray(name) ? name[0] : name;
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
