import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type * as z from 'zod';
import type { Arrival } from './access.ts';
import type { Identity, RouteRole } from './role.ts';

export type HttpMethod = 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';

/** Schemas of the parts of a request; what does not fit is answered with 400 and the field. */
export interface RouteSchema {
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
}

type Part<S extends RouteSchema, Name extends keyof RouteSchema, Otherwise> = S[Name] extends z.ZodType
  ? z.output<S[Name]>
  : Otherwise;

export interface HttpRequest<S extends RouteSchema = RouteSchema> {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly params: Part<S, 'params', Readonly<Record<string, string>>>;
  readonly query: Part<S, 'query', Readonly<Record<string, string | readonly string[]>>>;
  /** Parsed JSON, text or bytes: as the route asks. Undefined when there is none. */
  readonly body: Part<S, 'body', unknown>;
  readonly headers: IncomingHttpHeaders;
  /** Undefined on public routes. */
  readonly identity: Identity | undefined;
  /** The caller in words, for logs and the history. */
  readonly by: string;
  /** How the request came in. */
  readonly arrival: Arrival;
  /** Aborts when the caller has gone or the server stops. */
  readonly signal: AbortSignal;
}

export interface Route<S extends RouteSchema = RouteSchema> {
  readonly method: HttpMethod;
  /** `/log/:logger/:level`; `*` at the end takes the rest. */
  readonly path: string;
  /** The least role that may call it. */
  readonly role: RouteRole;
  /** One line for people, shown in the index of routes. */
  readonly summary?: string;
  readonly schema?: S;
  /** What the handler gets as body. Default: `json`. */
  readonly body?: 'json' | 'text' | 'bytes';
  /** Content type of the answer, for descriptions. Default: `application/json`. */
  readonly answers?: string;
  /** Default: 1 MiB. */
  readonly maxBodyBytes?: number;
  /**
   * What it returns is sent as JSON with status 200; {@link HttpReply} says anything else; undefined is 204. What it throws
   * becomes `{"Error": ..., "code": ..., "field": ...}` with the status that belongs to the code.
   */
  readonly handler: (request: HttpRequest<S>) => unknown;
}

/** An answer that is not plain JSON with status 200. */
export class HttpReply {
  readonly status: number;
  readonly body: unknown;
  /** Content type of a text, bytes or stream. */
  readonly type: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    body: string | Uint8Array | Readable | object | undefined,
    options: {
      readonly status?: number;
      readonly type?: string;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    this.body = body;
    this.status = options.status ?? 200;
    this.type = options.type;
    this.headers = options.headers ?? {};
  }
}

/** A handler of its own for all requests that it takes, past the routes and their guards: it asks `http.access` itself. */
export interface Mount {
  /** By path and query. Called for each request. */
  readonly matches: (url: string) => boolean;
  readonly handle: (request: IncomingMessage, response: ServerResponse, listener: 'tcp' | 'socket') => void;
}

/** A route as lists and descriptions show it. */
export type RouteListing = Pick<Route, 'method' | 'path' | 'role' | 'schema' | 'body' | 'answers'> & {
  readonly summary: string;
};
