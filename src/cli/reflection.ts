/** What an agent tells of its gRPC services (grpc.reflection.v1): names, then descriptors of what is asked for. */

import {
  create,
  createFileRegistry,
  createMutableRegistry,
  type DescMessage,
  type DescMethod,
  type DescService,
  fromBinary,
  type FileRegistry,
  type Message,
  type MessageInitShape,
  type Registry,
} from '@bufbuild/protobuf';
import { reflect, type ReflectMessage } from '@bufbuild/protobuf/reflect';
import { type Any, anyUnpack, FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { createClient } from '@connectrpc/connect';
import { didYouMean } from '../model/suggestion.ts';
import { ServerReflection, type ServerReflectionRequestSchema } from '../model/gen/grpc/reflection/v1/reflection_pb.js';
import { CliError } from './errors.ts';
import { type GrpcConnection, grpcFailure } from './grpc.ts';

type Question = MessageInitShape<typeof ServerReflectionRequestSchema>['messageRequest'];

export class ServiceCatalogue {
  readonly #connection: GrpcConnection;
  readonly #types = createMutableRegistry();

  constructor(connection: GrpcConnection) {
    this.#connection = connection;
  }

  /** Every type that was asked for so far. */
  get types(): Registry {
    return this.#types;
  }

  /** Full names, sorted. */
  async names(): Promise<readonly string[]> {
    const answer = await this.#ask({ case: 'listServices', value: '' });
    if (answer?.case !== 'listServicesResponse') throw this.#noSense();
    return answer.value.service.map(({ name }) => name).sort();
  }

  /** The service with this full name, or the only one with it as its last word. Throws CliError `usage`. */
  async service(name: string): Promise<DescService> {
    const names = await this.names();
    const found = names.includes(name) ? [name] : names.filter((one) => one.endsWith(`.${name}`));
    const [full] = found;
    if (full === undefined) throw new CliError('usage', `there is no service ${name}${suggest(name, names)}`, names);
    if (found.length > 1) throw new CliError('usage', `several services are called ${name}; say which`, found);
    const service = (await this.#load(full))?.getService(full);
    if (service === undefined) throw this.#noSense();
    return service;
  }

  /** Makes the types known that `Any`s in a request are of. Throws CliError `usage`. */
  async loadTypesOf(json: unknown): Promise<void> {
    if (typeof json !== 'object' || json === null) return;
    const url: unknown = (json as Readonly<Record<string, unknown>>)['@type'];
    if (typeof url === 'string' && (await this.#message(url)) === undefined)
      throw new CliError('usage', `"@type": the agent knows no message ${typeName(url)}`);
    for (const inner of Object.values(json)) await this.loadTypesOf(inner);
  }

  /** The same for an answer; what the agent does not know stays unknown. */
  async loadTypesIn(desc: DescMessage, message: Message): Promise<void> {
    for (const any of anysIn(reflect(desc, message))) {
      const inner = await this.#message(any.typeUrl);
      const unpacked = inner && anyUnpack(any, inner);
      if (inner && unpacked) await this.loadTypesIn(inner, unpacked);
    }
  }

  async #message(url: string): Promise<DescMessage | undefined> {
    const name = typeName(url);
    return this.#types.getMessage(name) ?? (await this.#load(name))?.getMessage(name);
  }

  /** The files that declare a symbol; undefined when the agent does not know it. */
  async #load(symbol: string): Promise<FileRegistry | undefined> {
    const answer = await this.#ask({ case: 'fileContainingSymbol', value: symbol });
    if (answer?.case === 'errorResponse') return undefined;
    if (answer?.case !== 'fileDescriptorResponse') throw this.#noSense();
    const file = answer.value.fileDescriptorProto.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes));
    const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: dependenciesFirst(file) }));
    for (const type of registry) this.#types.add(type);
    return registry;
  }

  async #ask(messageRequest: Question) {
    const { transport, once } = this.#connection;
    async function* question() {
      yield { messageRequest };
    }
    try {
      const answers = createClient(ServerReflection, transport).serverReflectionInfo(question(), once);
      for await (const { messageResponse } of answers) return messageResponse;
      return undefined;
    } catch (error) {
      throw grpcFailure(error, this.#connection);
    }
  }

  #noSense(): CliError {
    return new CliError('failed', `${this.#connection.target} did not answer as server reflection does`);
  }
}

/** Throws CliError `usage` that lists what there is. */
export function methodOf(service: DescService, name: string): DescMethod {
  const found = service.methods.find((method) => method.name === name);
  if (found !== undefined) return found;
  const names = service.methods.map((method) => method.name);
  throw new CliError('usage', `${service.typeName} has no method ${name}${didYouMean(name, names)}`, names);
}

/** Full names are compared by their last word, too, where only that was given. */
function suggest(name: string, names: readonly string[]): string {
  return name.includes('.')
    ? didYouMean(name, names)
    : didYouMean(
        name,
        names.map((one) => one.replace(/^.*\./, '')),
      );
}

function typeName(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

type File = ReturnType<typeof fromBinary<typeof FileDescriptorProtoSchema>>;

/** The order in which descriptors can be linked; the answer may have any. */
function dependenciesFirst(files: readonly File[]): File[] {
  const byName = new Map(files.map((file) => [file.name, file]));
  const ordered = new Set<File>();
  const add = (file: File): void => {
    byName.delete(file.name);
    for (const name of file.dependency) {
      const needed = byName.get(name);
      if (needed !== undefined) add(needed);
    }
    ordered.add(file);
  };
  for (const file of files) if (byName.has(file.name)) add(file);
  return [...ordered];
}

function* anysIn(message: ReflectMessage): Generator<Any> {
  if (message.desc.typeName === 'google.protobuf.Any') yield message.message as Any;
  for (const field of message.fields) {
    if (!message.isSet(field)) continue;
    if (field.fieldKind === 'message') yield* anysIn(message.get(field));
    else if (field.fieldKind === 'list' && field.listKind === 'message')
      for (const item of message.get(field)) yield* anysIn(item as ReflectMessage);
    else if (field.fieldKind === 'map' && field.mapKind === 'message')
      for (const item of message.get(field).values()) yield* anysIn(item as ReflectMessage);
  }
}
