/** Requests to the agent that serves this page. */

import { sessionHeaders } from './session.ts';

/** One thing the agent found wrong, with its place when it knows one. */
export interface ApiProblem {
  readonly field?: string;
  readonly key?: string;
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}

/** The agent refused, failed, or cannot be reached (status 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly problems: readonly ApiProblem[];

  constructor(message: string, status: number, code: string, problems: readonly ApiProblem[] = []) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.problems = problems;
  }
}

interface Options {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly body?: string;
  readonly type?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Errors: {@link ApiError}; an aborted request rejects with the signal's reason. */
export async function request(path: string, options: Options = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, {
      method: options.method ?? 'GET',
      headers: {
        ...(options.method === undefined || options.method === 'GET' ? {} : sessionHeaders()),
        ...(options.body === undefined ? {} : { 'content-type': options.type ?? 'application/json' }),
      },
      ...(options.body === undefined ? {} : { body: options.body }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new ApiError('the agent cannot be reached', 0, 'unreachable');
  }
  if (!response.ok) throw await errorOf(response);
  return response;
}

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await request(path, { signal })).json() as Promise<T>;
}

export async function getText(path: string, signal?: AbortSignal): Promise<string> {
  return (await request(path, { signal })).text();
}

/** Sends a configuration or nothing, and returns the JSON answer (undefined where there is none). */
export async function send<T>(
  method: 'PUT' | 'POST' | 'DELETE',
  path: string,
  body?: string,
  type = 'application/yaml',
): Promise<T> {
  const response = await request(path, { method, ...(body === undefined ? {} : { body, type }) });
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

async function errorOf(response: Response): Promise<ApiError> {
  const text = await response.text();
  try {
    const body = JSON.parse(text) as { Error?: string; code?: string; problems?: readonly ApiProblem[] };
    return new ApiError(body.Error ?? text, response.status, body.code ?? 'failed', body.problems ?? []);
  } catch {
    return new ApiError(text === '' ? `status ${response.status}` : text, response.status, 'failed');
  }
}

/** `?a=1&b=2` of what is given; empty when nothing is. */
export function query(parameters: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}
