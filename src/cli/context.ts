/** What every command works with: the agent it talks to, the format it prints, how it ends. */

import type { Command } from 'commander';
import { controlSocket, grpcSocket, stateDirectory } from '../app/plugin/directories.ts';
import { ClientError } from '../client/errors.ts';
import { type Call, HttpClient } from '../client/http.ts';
import { CliError } from './errors.ts';
import { readGiven } from './given-files.ts';
import { type Format, formats, type Picture, print, render } from './output.ts';

export interface GlobalOptions {
  readonly host?: string;
  readonly httpPort?: string;
  readonly grpcPort?: string;
  readonly serviceLabel?: string;
  readonly format?: Format | Picture;
  readonly timeout: string;
  readonly stateDir?: string;
  readonly socket?: string;
  readonly token?: string;
  readonly httpBasicAuth?: string;
  readonly tlsCa?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsSkipVerify?: boolean;
  readonly tls?: boolean;
  readonly debug?: boolean;
}

export class Context {
  readonly options: GlobalOptions;
  #client: HttpClient | undefined;

  constructor(command: Command) {
    this.options = command.optsWithGlobals<GlobalOptions>();
  }

  /** Throws CliError `usage` for a picture: who draws one asks `options` first. */
  get format(): Format {
    const { format = 'table' } = this.options;
    if (format !== 'dot' && format !== 'svg') return format;
    throw new CliError(
      'usage',
      `--format: ${format} is a format of \`ligature graph\`; expected ${formats.join(', ')}`,
    );
  }

  get client(): HttpClient {
    this.#client ??= new HttpClient(connectionOf(this.options, process.env));
    return this.#client;
  }

  /** The answer to a question that the command line has asked: what the agent calls wrong in it is wrong usage. */
  async ask<T>(call: Call): Promise<T> {
    try {
      return await this.client.json<T>(call);
    } catch (error) {
      throw asUsage(error);
    }
  }

  /** The same, line by line. */
  async *lines<T>(call: Call): AsyncGenerator<T> {
    try {
      yield* this.client.lines<T>(call);
    } catch (error) {
      throw asUsage(error);
    }
  }

  /** Prints data in the format asked for. */
  async show(data: unknown, human: () => string): Promise<void> {
    await print(render(this.format, data, human));
  }
}

function asUsage(error: unknown): unknown {
  const isWrong = error instanceof ClientError && error.code === 'refused' && error.status === 400;
  return isWrong ? new CliError('usage', error.message) : error;
}

const defaultPort = 9191;
const defaultGrpcPort = 9111;

/** The unix socket of the agent with this label on this host, unless a host, a port or TLS is asked for. */
export function connectionOf(
  options: GlobalOptions,
  env: NodeJS.ProcessEnv,
): ConstructorParameters<typeof HttpClient>[0] {
  return connection(options, env, {
    port: options.httpPort === undefined ? undefined : port(options.httpPort, '--http-port'),
    defaultPort,
    socket: controlSocket,
  });
}

/** The same for gRPC, with `--grpc-port`. */
export function grpcConnectionOf(options: GlobalOptions, env: NodeJS.ProcessEnv): ReturnType<typeof connectionOf> {
  return connection(options, env, {
    port: options.grpcPort === undefined ? undefined : port(options.grpcPort, '--grpc-port'),
    defaultPort: defaultGrpcPort,
    socket: grpcSocket,
  });
}

interface Protocol {
  readonly port: number | undefined;
  readonly defaultPort: number;
  /** Its unix socket in a state directory. */
  readonly socket: (directory: string) => string;
}

function connection(
  options: GlobalOptions,
  env: NodeJS.ProcessEnv,
  protocol: Protocol,
): ConstructorParameters<typeof HttpClient>[0] {
  const timeout = milliseconds(options.timeout);
  const host = options.host ?? nonEmpty(env['AGENT_HOST']);
  const tls = options.tls || options.tlsCa !== undefined || options.tlsCert !== undefined;
  if (host === undefined && protocol.port === undefined && !tls) {
    return { socketPath: options.socket ?? protocol.socket(directoryOf(options, env)), timeout };
  }
  return {
    host: host ?? '127.0.0.1',
    port: protocol.port ?? protocol.defaultPort,
    timeout,
    ...tokenOf(options, env),
    ...(options.httpBasicAuth === undefined ? {} : { basicAuth: options.httpBasicAuth }),
    ...(tls ? { tls: tlsOf(options) } : {}),
  };
}

function directoryOf(options: GlobalOptions, env: NodeJS.ProcessEnv): string {
  const label = options.serviceLabel ?? nonEmpty(env['MICROSERVICE_LABEL']) ?? 'vpp1';
  const asked = options.stateDir === undefined ? {} : { stateDirectory: options.stateDir };
  return stateDirectory({ label, env, ...asked });
}

function tokenOf(options: GlobalOptions, env: NodeJS.ProcessEnv): { token?: string } {
  const token = options.token ?? nonEmpty(env['LIGATURE_TOKEN']);
  return token === undefined ? {} : { token };
}

function tlsOf(options: GlobalOptions): { ca?: Buffer; cert?: Buffer; key?: Buffer; rejectUnauthorized: boolean } {
  return {
    ...(options.tlsCa === undefined ? {} : { ca: readGiven(options.tlsCa, 'usage') }),
    ...(options.tlsCert === undefined ? {} : { cert: readGiven(options.tlsCert, 'usage') }),
    ...(options.tlsKey === undefined ? {} : { key: readGiven(options.tlsKey, 'usage') }),
    rejectUnauthorized: !options.tlsSkipVerify,
  };
}

function port(text: string, flag: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0 && number < 65_536) return number;
  throw new CliError('usage', `${flag}: ${JSON.stringify(text)} is no port, expected 1-65535`);
}

/** ms of `500ms`, `30s`, `2m`, `1h`. */
export function milliseconds(text: string, flag = '--timeout'): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match?.[2] ?? ''];
  if (!match || unit === undefined)
    throw new CliError('usage', `${flag}: expected a time such as 500ms, 30s, 2m, not ${JSON.stringify(text)}`);
  return Number(match[1]) * unit;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
