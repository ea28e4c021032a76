/** Any gRPC method of an agent by command line, with what the agent itself tells of it (server reflection). */

import type {
  DescMessage,
  DescMethod,
  DescMethodStreaming,
  DescMethodUnary,
  JsonValue,
  Message,
} from '@bufbuild/protobuf';
import type { Command } from 'commander';
import { dump, loadAll } from 'js-yaml';
import { compileDecoder } from '../../model/json/message.ts';
import { Context, grpcConnectionOf } from '../context.ts';
import { CliError } from '../errors.ts';
import type { GrpcConnection } from '../grpc.ts';
import { print, table, untilStopped } from '../output.ts';
import type { ServiceCatalogue } from '../reflection.ts';

export function addServiceCommands(program: Command): void {
  const service = program
    .command('service')
    .description('gRPC services of the agent, as it describes them itself; --socket is its gRPC socket here');
  service
    .command('ls [service]')
    .alias('list')
    .description('the services, or one of them')
    .option('-m, --methods', 'with their methods and what these take and give')
    .action(async (name: string | undefined, flags: { methods?: boolean }, command: Command) => {
      const context = new Context(command);
      await listServices(context, await connect(context), name, flags.methods ?? false);
    });
  service
    .command('call <service> <method>')
    .description(
      'calls a method: the request is YAML or JSON from --data or standard input (nothing: an empty one; several YAML documents ' +
        'for a method that takes a stream); answers are JSON, those of a stream one a line until it ends or is interrupted',
    )
    .option('-d, --data <request>', 'the request; default: standard input, unless that is a terminal')
    .action(async (name: string, method: string, flags: { data?: string }, command: Command) => {
      const context = new Context(command);
      const text = flags.data ?? (process.stdin.isTTY ? '' : await standardInput());
      await new Call(context, await connect(context)).run(name, method, documentsOf(text));
    });
}

interface Connected {
  readonly connection: GrpcConnection;
  readonly catalogue: ServiceCatalogue;
}

async function connect({ options }: Context): Promise<Connected> {
  const where = grpcConnectionOf(options, process.env);
  const [{ openGrpc }, { ServiceCatalogue: Catalogue }] = await Promise.all([
    import('../grpc.ts'),
    import('../reflection.ts'),
  ]);
  const connection = await openGrpc(where);
  return { connection, catalogue: new Catalogue(connection) };
}

async function listServices(
  context: Context,
  { catalogue }: Connected,
  name: string | undefined,
  methods: boolean,
): Promise<void> {
  const names = name === undefined ? await catalogue.names() : [(await catalogue.service(name)).typeName];
  if (!methods) {
    const rows = names.map((service) => ({ service }));
    return context.show(rows, () => table(rows, [{ title: 'SERVICE', text: ({ service }) => service }]));
  }
  const services = await Promise.all(names.map((one) => catalogue.service(one)));
  const rows = services.flatMap((service) =>
    service.methods.map((method) => ({
      service: service.typeName,
      method: method.name,
      request: method.input.typeName,
      response: method.output.typeName,
      ...streamsOf(method),
    })),
  );
  await context.show(rows, () =>
    table(rows, [
      { title: 'SERVICE', text: ({ service }) => service },
      { title: 'METHOD', text: ({ method }) => method },
      { title: 'REQUEST', text: ({ request, requestStream }) => `${requestStream ? 'stream ' : ''}${request}` },
      { title: 'RESPONSE', text: ({ response, responseStream }) => `${responseStream ? 'stream ' : ''}${response}` },
    ]),
  );
}

function streamsOf({ methodKind }: DescMethod): { readonly requestStream: boolean; readonly responseStream: boolean } {
  return {
    requestStream: methodKind === 'client_streaming' || methodKind === 'bidi_streaming',
    responseStream: methodKind === 'server_streaming' || methodKind === 'bidi_streaming',
  };
}

class Call {
  readonly #context: Context;
  readonly #connection: GrpcConnection;
  readonly #catalogue: ServiceCatalogue;

  constructor(context: Context, { connection, catalogue }: Connected) {
    this.#context = context;
    this.#connection = connection;
    this.#catalogue = catalogue;
  }

  async run(name: string, methodName: string, documents: readonly unknown[]): Promise<void> {
    const { methodOf } = await import('../reflection.ts');
    const method = methodOf(await this.#catalogue.service(name), methodName);
    const { requestStream } = streamsOf(method);
    if (documents.length > 1 && !requestStream)
      throw new CliError('usage', `${method.name} takes one request, not ${documents.length}`);
    const given = documents.length === 0 && !requestStream ? [{}] : documents;
    const requests: Message[] = [];
    for (const [index, json] of given.entries()) {
      const where = given.length > 1 ? `request ${index + 1}` : 'request';
      requests.push(await this.#request(method.input, json, where));
    }
    const { grpcFailure } = await import('../grpc.ts');
    try {
      if (method.methodKind === 'unary') await this.#unary(method as DescMethodUnary, requests[0] as Message);
      else await this.#stream(method as DescMethodStreaming, requests);
    } catch (error) {
      throw grpcFailure(error, this.#connection);
    }
  }

  async #unary(method: DescMethodUnary, request: Message): Promise<void> {
    const { transport, once } = this.#connection;
    const { message } = await transport.unary(method, undefined, once.timeoutMs, once.headers, request);
    const json = await this.#json(method.output, message);
    await print(this.#context.format === 'yaml' ? yaml(json) : `${JSON.stringify(json, null, 2)}\n`);
  }

  /** No time limit: a stream may be quiet for as long as nothing happens. */
  async #stream(method: DescMethodStreaming, requests: readonly Message[]): Promise<void> {
    const signal = untilStopped();
    const { transport, stream } = this.#connection;
    async function* all() {
      yield* requests;
    }
    try {
      const { message: answers } = await transport.stream(method, signal, undefined, stream.headers, all());
      for await (const answer of answers) {
        const json = await this.#json(method.output, answer);
        await print(this.#context.format === 'yaml' ? `---\n${yaml(json)}` : `${JSON.stringify(json)}\n`);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** Throws CliError `usage` with every field that is wrong. */
  async #request(desc: DescMessage, json: unknown, where: string): Promise<Message> {
    await this.#catalogue.loadTypesOf(json);
    if (hasAny(json)) return this.#requestWithAny(desc, json as JsonValue, where);
    const { value, problems } = compileDecoder(desc)(json);
    if (value !== undefined) return value;
    const lines = problems.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`));
    throw new CliError('usage', `the ${where} is no ${desc.typeName}`, [...lines, `its fields: ${fieldsOf(desc)}`]);
  }

  /** What an Any holds needs the types of the agent, which only the decoder of protobuf-es takes. */
  async #requestWithAny(desc: DescMessage, json: JsonValue, where: string): Promise<Message> {
    const { fromJson } = await import('@bufbuild/protobuf');
    try {
      return fromJson(desc, json, { registry: this.#catalogue.types });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new CliError('usage', `the ${where} is no ${desc.typeName}`, [message]);
    }
  }

  async #json(desc: DescMessage, message: Message): Promise<JsonValue> {
    const { toJson } = await import('@bufbuild/protobuf');
    await this.#catalogue.loadTypesIn(desc, message);
    return toJson(desc, message, { registry: this.#catalogue.types });
  }
}

function hasAny(json: unknown): boolean {
  if (typeof json !== 'object' || json === null) return false;
  return '@type' in json || Object.values(json).some(hasAny);
}

function fieldsOf({ fields }: DescMessage): string {
  return fields.map(({ name }) => name).join(', ') || 'none';
}

function yaml(json: JsonValue): string {
  return dump(json, { lineWidth: -1, noRefs: true });
}

function documentsOf(text: string): readonly unknown[] {
  try {
    return loadAll(text).filter((one) => one !== null && one !== undefined);
  } catch (cause) {
    throw new CliError('usage', `the request is neither YAML nor JSON: ${(cause as Error).message.split('\n')[0]}`);
  }
}

async function standardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
