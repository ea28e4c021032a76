/** gRPC server reflection. v1alpha has the same questions and answers under another name: the same bytes. */

import { create, type DescFile, type DescMessage, type DescService, fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import {
  ErrorResponseSchema,
  ExtensionNumberResponseSchema,
  FileDescriptorResponseSchema,
  ListServiceResponseSchema,
  type ServerReflectionRequest,
  ServerReflectionRequestSchema,
  type ServerReflectionResponse,
  ServerReflectionResponseSchema,
} from '../../model/gen/grpc/reflection/v1/reflection_pb.js';
import {
  type ServerReflectionRequest as AlphaRequest,
  ServerReflectionRequestSchema as AlphaRequestSchema,
  type ServerReflectionResponse as AlphaResponse,
  ServerReflectionResponseSchema as AlphaResponseSchema,
} from '../../model/gen/grpc/reflection/v1alpha/reflection_pb.js';

type Answer = ServerReflectionResponse['messageResponse'];

export class Reflection {
  readonly #services: readonly DescService[];
  readonly #files = new Map<string, DescFile>();
  readonly #symbols = new Map<string, DescFile>();
  readonly #roots: () => Iterable<DescFile>;

  /** `roots`: files beside those of the services, now: those of models, which only Any carries. */
  constructor(services: readonly DescService[], roots: () => Iterable<DescFile>) {
    this.#services = services;
    this.#roots = roots;
    for (const { file } of services) this.#add(file);
  }

  async *answers(questions: AsyncIterable<ServerReflectionRequest>): AsyncGenerator<ServerReflectionResponse> {
    for await (const question of questions) yield this.#reply(question);
  }

  async *alphaAnswers(questions: AsyncIterable<AlphaRequest>): AsyncGenerator<AlphaResponse> {
    for await (const alpha of questions) {
      const question = fromBinary(ServerReflectionRequestSchema, toBinary(AlphaRequestSchema, alpha));
      yield fromBinary(AlphaResponseSchema, toBinary(ServerReflectionResponseSchema, this.#reply(question)));
    }
  }

  #reply(question: ServerReflectionRequest): ServerReflectionResponse {
    for (const file of this.#roots()) this.#add(file);
    return create(ServerReflectionResponseSchema, {
      validHost: question.host,
      originalRequest: question,
      messageResponse: this.#answer(question.messageRequest),
    });
  }

  #answer(question: ServerReflectionRequest['messageRequest']): Answer {
    switch (question.case) {
      case 'listServices':
        return {
          case: 'listServicesResponse',
          value: create(ListServiceResponseSchema, {
            service: this.#services.map(({ typeName }) => ({ name: typeName })),
          }),
        };
      case 'fileByFilename':
        return this.#found(this.#files.get(question.value.replace(/\.proto$/, '')), `file ${question.value}`);
      case 'fileContainingSymbol':
        return this.#found(this.#symbols.get(question.value.replace(/^\./, '')), `symbol ${question.value}`);
      case 'fileContainingExtension': {
        const { containingType, extensionNumber } = question.value;
        const file = this.#extensionsOf(containingType).find(({ number }) => number === extensionNumber)?.file;
        return this.#found(file, `extension ${extensionNumber} of ${containingType}`);
      }
      case 'allExtensionNumbersOfType':
        if (!this.#symbols.has(question.value)) return missing(`message ${question.value}`);
        return {
          case: 'allExtensionNumbersResponse',
          value: create(ExtensionNumberResponseSchema, {
            baseTypeName: question.value,
            extensionNumber: this.#extensionsOf(question.value).map(({ number }) => number),
          }),
        };
      default:
        return {
          case: 'errorResponse',
          value: create(ErrorResponseSchema, { errorCode: Code.InvalidArgument, errorMessage: 'nothing was asked' }),
        };
    }
  }

  #found(file: DescFile | undefined, what: string): Answer {
    if (file === undefined) return missing(what);
    const files = new Map<string, DescFile>();
    const collect = (one: DescFile): void => {
      if (files.has(one.name)) return;
      files.set(one.name, one);
      one.dependencies.forEach(collect);
    };
    collect(file);
    const bytes = [...files.values()].map(({ proto }) => toBinary(FileDescriptorProtoSchema, proto));
    return {
      case: 'fileDescriptorResponse',
      value: create(FileDescriptorResponseSchema, { fileDescriptorProto: bytes }),
    };
  }

  #extensionsOf(type: string): readonly { readonly number: number; readonly file: DescFile }[] {
    return [...this.#files.values()].flatMap((file) =>
      file.extensions.filter(({ extendee }) => extendee.typeName === type),
    );
  }

  #add(file: DescFile): void {
    if (this.#files.has(file.name)) return;
    this.#files.set(file.name, file);
    for (const one of file.dependencies) this.#add(one);
    for (const { typeName } of [...file.enums, ...file.extensions]) this.#symbols.set(typeName, file);
    for (const service of file.services) {
      this.#symbols.set(service.typeName, file);
      for (const method of service.methods) this.#symbols.set(`${service.typeName}.${method.name}`, file);
    }
    for (const one of file.messages) this.#addMessage(one, file);
  }

  #addMessage(one: DescMessage, file: DescFile): void {
    this.#symbols.set(one.typeName, file);
    for (const { name } of one.fields) this.#symbols.set(`${one.typeName}.${name}`, file);
    for (const { typeName } of [...one.nestedEnums, ...one.nestedExtensions]) this.#symbols.set(typeName, file);
    for (const nested of one.nestedMessages) this.#addMessage(nested, file);
  }
}

function missing(what: string): Answer {
  return {
    case: 'errorResponse',
    value: create(ErrorResponseSchema, { errorCode: Code.NotFound, errorMessage: `there is no ${what}` }),
  };
}
