/** HTTP to one agent, over its unix socket or TCP. */

import type { Agent, IncomingMessage, RequestOptions } from 'node:http';
import { createInterface } from 'node:readline';
import type { SecureContextOptions } from 'node:tls';
import { ClientError } from './errors.ts';

export interface Connection {
  /** Unix socket of an agent on this host; needs no token. */
  readonly socketPath?: string;
  /** Otherwise host and port. */
  readonly host?: string;
  readonly port?: number;
  /** Bearer token. */
  readonly token?: string;
  /** `user:password`, for agents that still ask for it. */
  readonly basicAuth?: string;
  /** HTTPS, with these certificates. */
  readonly tls?: SecureContextOptions & { readonly rejectUnauthorized?: boolean };
  /** ms until an answer has to begin. Default 120000. */
  readonly timeout?: number;
}

export interface Call {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: string | Uint8Array;
  /** Content type of the body. Default: `application/octet-stream`. */
  readonly type?: string;
  readonly signal?: AbortSignal;
}

export class HttpClient {
  readonly #connection: Connection;
  #agent: Agent | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Where it connects to, for people. */
  get target(): string {
    const { socketPath, host, port, tls } = this.#connection;
    return socketPath ?? `${tls ? 'https' : 'http'}://${host}:${port}`;
  }

  /** The parsed JSON of the answer. Throws ClientError. */
  async json<T>(call: Call): Promise<T> {
    const text = await this.text(call);
    try {
      return (text === '' ? undefined : JSON.parse(text)) as T;
    } catch (cause) {
      throw new ClientError('protocol', `${this.target}${call.path} did not answer with JSON`, { cause });
    }
  }

  async text(call: Call): Promise<string> {
    const response = await this.#send(call);
    response.setEncoding('utf8');
    let text = '';
    for await (const chunk of response) text += chunk as string;
    if ((response.statusCode ?? 500) >= 400) throw refusal(response.statusCode ?? 500, text);
    return text;
  }

  /** The lines of an answer that goes on (NDJSON), parsed. Ends when the agent ends it or the signal aborts. */
  async *lines<T>(call: Call): AsyncGenerator<T> {
    const response = await this.#send(call).catch((error: unknown) => {
      if (call.signal?.aborted) return undefined;
      throw error;
    });
    if (response === undefined) return;
    // It may be quiet for as long as nothing happens.
    response.setTimeout(0);
    if ((response.statusCode ?? 500) >= 400) {
      let text = '';
      for await (const chunk of response) text += String(chunk);
      throw refusal(response.statusCode ?? 500, text);
    }
    try {
      for await (const line of createInterface({ input: response, crlfDelay: Number.POSITIVE_INFINITY })) {
        if (line !== '') yield JSON.parse(line) as T;
      }
    } catch (error) {
      if (!call.signal?.aborted) throw error;
    }
  }

  #send({
    method = 'GET',
    path,
    query,
    body,
    type = 'application/octet-stream',
    signal,
  }: Call): Promise<IncomingMessage> {
    const { socketPath, host, port, token, basicAuth, tls, timeout = 120_000 } = this.#connection;
    const options: RequestOptions = {
      method,
      path: path + queryText(query),
      ...(socketPath === undefined ? { host, port } : { socketPath }),
      headers: {
        host: socketPath === undefined ? `${host}:${port}` : 'localhost',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(basicAuth === undefined ? {} : { authorization: `Basic ${Buffer.from(basicAuth).toString('base64')}` }),
        ...(body === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(body) }),
      },
      ...(signal ? { signal } : {}),
    };
    return new Promise((resolve, reject) => {
      const request = tls
        ? process.getBuiltinModule('node:https').request({ ...options, ...tls })
        : this.#plain.request({ ...options, agent: (this.#agent ??= new this.#plain.Agent({ keepAlive: false })) });
      request.once('response', resolve);
      request.once('error', (cause) => reject(this.#failure(cause)));
      request.setTimeout(timeout, () => {
        request.destroy(new ClientError('timeout', `${this.target} did not answer within ${timeout / 1000} s`));
      });
      request.end(body);
    });
  }

  /** `import` would load what node:http exports besides, 13 MB of it, into every process that uses this room. */
  get #plain() {
    return process.getBuiltinModule('node:http');
  }

  #failure(cause: Error): ClientError {
    if (cause instanceof ClientError) return cause;
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    const hint = hints[code];
    return new ClientError(
      'unreachable',
      `no agent answers at ${this.target}${hint ? `: ${hint}` : `: ${cause.message}`}`,
      { cause },
    );
  }
}

const hints: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such socket; is the agent running with this --service-label, or on another host (-H)?',
  ECONNREFUSED: 'connection refused; is the agent running, and is this its port?',
  EACCES: 'permission denied; run as the user of the agent, or give -H and --token',
  ENOTFOUND: 'the host name is unknown',
  EHOSTUNREACH: 'the host cannot be reached',
  ETIMEDOUT: 'the host does not answer',
};

function queryText(query: Call['query']): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== false) parameters.set(name, value === true ? 'true' : String(value));
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

interface Refusal {
  readonly Error?: string;
  readonly code?: string;
  readonly field?: string;
  readonly problems?: readonly unknown[];
}

function refusal(status: number, text: string): ClientError {
  let answer: Refusal = {};
  try {
    answer = JSON.parse(text) as Refusal;
  } catch {
    // Not JSON: the text itself says what is wrong.
  }
  const message = answer.Error ?? (text.slice(0, 500) || `HTTP status ${status}`);
  const hint = status === 401 || status === 403 ? '; give --token, or use the socket of the agent on its own host' : '';
  return new ClientError('refused', message + hint, { status, problems: answer.problems ?? [] });
}
