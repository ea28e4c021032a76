/** What is counted, logged and turned into an error of gRPC at every call. */

import { Code, ConnectError, type Interceptor, type StreamRequest, type UnaryRequest } from '@connectrpc/connect';
import type { Logger } from '../log/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { callerKey } from './caller.ts';
import type { GrpcService, GrpcServices } from './service.ts';

export interface ObserveOptions {
  readonly offers: readonly GrpcServices[];
  readonly logCalls: boolean;
  readonly metrics: Metrics | undefined;
  readonly log: Logger;
  readonly audit: Logger;
}

type AnyRequest = UnaryRequest | StreamRequest;

export function observe({ offers, logCalls, metrics, log, audit }: ObserveOptions): Interceptor {
  const changes = changingMethods(offers.flatMap((offer) => offer.services));
  const counts = metrics && countersOf(metrics);
  const convert = (error: unknown): ConnectError => {
    for (const { errorOf } of offers) {
      const known = errorOf?.(error);
      if (known instanceof ConnectError) return known;
    }
    if (error instanceof ConnectError) return error;
    log.error({ err: error }, 'a call failed');
    // The message of an unforeseen error may hold anything, also secrets.
    return new ConnectError('internal error; the log has the details', Code.Internal, undefined, undefined, error);
  };
  const ended = (request: AnyRequest, started: number, error?: ConnectError): void => {
    const code = error === undefined ? 'OK' : nameOf(error.code);
    const name = `${request.service.typeName}/${request.method.name}`;
    counts?.(request, code, (performance.now() - started) / 1000);
    if (changes.has(name)) audit.info({ by: request.contextValues.get(callerKey).by, code }, `gRPC ${name}`);
    if (logCalls) log.info({ code, milliseconds: performance.now() - started }, name);
  };
  return (next) => async (request) => {
    const started = performance.now();
    try {
      const response = await next(request);
      if (!response.stream) {
        ended(request, started);
        return response;
      }
      const messages = watched(response.message, convert, (error) => ended(request, started, error));
      return { ...response, message: messages };
    } catch (error) {
      const converted = convert(error);
      ended(request, started, converted);
      throw converted;
    }
  };
}

async function* watched<T>(
  messages: AsyncIterable<T>,
  convert: (error: unknown) => ConnectError,
  ended: (error?: ConnectError) => void,
): AsyncGenerator<T> {
  let failure: ConnectError | undefined;
  try {
    yield* messages;
  } catch (error) {
    failure = convert(error);
    throw failure;
  } finally {
    ended(failure);
  }
}

function changingMethods(all: readonly GrpcService[]): ReadonlySet<string> {
  const names = all.flatMap(({ service, role, roles }) =>
    service.methods
      .filter(({ name }) => ['operate', 'admin'].includes(roles[name] ?? role))
      .map(({ name }) => `${service.typeName}/${name}`),
  );
  return new Set(names);
}

/** Names of grpc-ecosystem's Prometheus metrics, which Ligato had. */
function countersOf(metrics: Metrics): (request: AnyRequest, code: string, seconds: number) => void {
  const labels = ['grpc_type', 'grpc_service', 'grpc_method'] as const;
  const handled = metrics.counter({
    name: 'grpc_server_handled_total',
    help: 'Calls that were answered, by code.',
    labels: [...labels, 'grpc_code'],
  });
  const handling = metrics.histogram({
    name: 'grpc_server_handling_seconds',
    help: 'How long calls took.',
    labels,
    buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });
  return ({ service, method }, code, seconds) => {
    const where = { grpc_type: method.methodKind, grpc_service: service.typeName, grpc_method: method.name };
    handled.inc({ ...where, grpc_code: code });
    handling.observe(where, seconds);
  };
}

function nameOf(code: Code): string {
  return Code[code] ?? String(code);
}
