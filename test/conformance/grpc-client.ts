/** A client of Ligato's services that shares nothing with the agent: grpc-js, protobufjs and descriptors of its own. */

import {
  type ChannelCredentials,
  Client,
  type ClientOptions,
  credentials,
  Metadata,
  type ServiceDefinition,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer, type MessageTypeDefinition } from '@grpc/proto-loader';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const descriptors = readFileSync(join(import.meta.dirname, 'ligato.binpb'));
const definitions = loadFileDescriptorSetFromBuffer(descriptors, {
  keepCase: true,
  longs: String,
  enums: String,
  defaults: true,
});

/** A message to send, fields in proto spelling. */
export type Fields = Readonly<Record<string, unknown>>;

/** A message that came: every field by its name, whatever it holds; `list` and `text` say what that is. */
export interface Data {
  readonly [name: string]: Data;
}

export function list(field: Data | undefined): readonly Data[] {
  return (field ?? []) as unknown as readonly Data[];
}

export function text(field: Data | undefined): string {
  return String(field);
}

export function bytes(field: Data | undefined): Uint8Array {
  return field as unknown as Uint8Array;
}

export interface Answer {
  readonly message: Data;
  readonly headers: Metadata;
}

export interface CallOptions {
  readonly metadata?: Readonly<Record<string, string>>;
  /** ms */
  readonly deadline?: number;
  readonly signal?: AbortSignal;
}

/** Bytes of a message by its full name. */
export function encode(type: string, value: Fields): Buffer {
  return (definitions[type] as MessageTypeDefinition<Fields, Data>).serialize(value);
}

export function decode(type: string, encoded: Uint8Array): Data {
  return (definitions[type] as MessageTypeDefinition<Fields, Data>).deserialize(Buffer.from(encoded));
}

/** An item of `ligato.generic` with content. */
export function item(type: string, value: Fields): Fields {
  return { data: { any: { type_url: `models.ligato.io/${type}`, value: encode(type, value) } } };
}

/** A map: protobufjs has them as lists of entries when it works from descriptors. */
export function entries(map: Readonly<Record<string, string>>): readonly Fields[] {
  return Object.entries(map).map(([key, value]) => ({ key, value }));
}

export function fromEntries(map: Data | undefined): Record<string, string> {
  return Object.fromEntries(list(map).map(({ key, value }) => [text(key), text(value)]));
}

export class GrpcClient implements Disposable {
  readonly #client: Client;

  constructor(
    address: string,
    security: ChannelCredentials = credentials.createInsecure(),
    options: ClientOptions = {},
  ) {
    this.#client = new Client(address, security, { 'grpc.max_receive_message_length': -1, ...options });
  }

  /** `method`: `ligato.generic.ManagerService/GetConfig`. Rejects with grpc-js's ServiceError. */
  call(method: string, request: Fields = {}, { metadata = {}, deadline, signal }: CallOptions = {}): Promise<Answer> {
    const { path, requestSerialize, responseDeserialize } = this.#definition(method);
    return new Promise((resolve, reject) => {
      let headers = new Metadata();
      const call = this.#client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        metadataOf(metadata),
        deadline === undefined ? {} : { deadline: Date.now() + deadline },
        (error: ServiceError | null, message?: object) =>
          error === null ? resolve({ message: message as Data, headers }) : reject(error),
      );
      call.once('metadata', (got: Metadata) => (headers = got));
      signal?.addEventListener('abort', () => call.cancel(), { once: true });
    });
  }

  /** The bytes of an answer. */
  raw(method: string, request: Fields): Promise<Buffer> {
    const { path, requestSerialize } = this.#definition(method);
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(
        path,
        requestSerialize,
        (bytes) => bytes,
        request,
        (error, bytes) =>
          error === null && bytes !== undefined ? resolve(bytes) : reject(error ?? new Error('no answer')),
      );
    });
  }

  /** Messages of a stream until it ends; leaving the loop cancels it. */
  async *stream(method: string, request: Fields = {}, { metadata = {} }: CallOptions = {}): AsyncGenerator<Data> {
    const { path, requestSerialize, responseDeserialize } = this.#definition(method);
    const call = this.#client.makeServerStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      metadataOf(metadata),
    );
    try {
      for await (const message of call) yield message as Data;
    } finally {
      call.on('error', () => undefined);
      call.cancel();
    }
  }

  /** Sends all, reads all. */
  async exchange(method: string, requests: readonly Fields[]): Promise<Data[]> {
    const { path, requestSerialize, responseDeserialize } = this.#definition(method);
    const call = this.#client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, {});
    for (const request of requests) call.write(request);
    call.end();
    const answers: Data[] = [];
    for await (const message of call) answers.push(message as Data);
    return answers;
  }

  close(): void {
    this.#client.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #definition(method: string): ServiceDefinition[string] {
    const [service = '', name = ''] = method.split('/');
    const found = (definitions[service] as ServiceDefinition | undefined)?.[name];
    if (found === undefined) throw new Error(`the published contract has no ${method}`);
    return found;
  }
}

function metadataOf(entries: Readonly<Record<string, string>>): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(entries)) metadata.set(name, value);
  return metadata;
}
