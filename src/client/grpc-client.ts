/** The client over gRPC. */

import type { Message } from '@bufbuild/protobuf';
import { createModelRegistry } from '../model/models/index.ts';
import type { ModelRegistry } from '../model/registry.ts';
import { ChangeRequest } from './change-request.ts';
import type {
  AppliedItem,
  ConfigurationClient,
  ConfigurationItem,
  ItemFilter,
  StateChange,
  StateFilter,
} from './configuration-client.ts';
import type { ObjectId } from './object-id.ts';
import type { Connection } from './http.ts';
import type { RemoteConfiguration } from './remote-configuration.ts';

export interface GrpcClientOptions extends Connection {
  /** Models of the agent. Default: the built-in ones, and what the agent tells of others when one is met. */
  readonly models?: ModelRegistry;
}

/**
 * A client of an agent by its gRPC socket (`socketPath`, no token needed) or port, by Ligato's services: it works with Ligato's
 * agents, too, as far as these implement them. gRPC is loaded with the first call.
 *
 * @example
 * const client = grpcClient({ host: '127.0.0.1', port: 9111, token });
 */
export function grpcClient(options: GrpcClientOptions): ConfigurationClient {
  return new GrpcConfigurationClient(options);
}

class GrpcConfigurationClient implements ConfigurationClient {
  readonly #options: GrpcClientOptions;
  #opening: Promise<RemoteConfiguration> | undefined;

  constructor(options: GrpcClientOptions) {
    this.#options = options;
  }

  change(): ChangeRequest {
    return new ChangeRequest(async (changes, options) => (await this.#remote).send(changes, options));
  }

  async items(filter?: ItemFilter): Promise<readonly ConfigurationItem[]> {
    return (await this.#remote).items(filter);
  }

  async get(filter?: ItemFilter): Promise<readonly Message[]> {
    return (await this.items(filter)).map(({ value }) => value);
  }

  async dump(ids?: readonly ObjectId[]): Promise<readonly AppliedItem[]> {
    return (await this.#remote).dump(ids);
  }

  async *watch(filter?: StateFilter, signal?: AbortSignal): AsyncGenerator<StateChange> {
    yield* (await this.#remote).watch(filter, signal);
  }

  async knownModels(): Promise<ModelRegistry> {
    return (await this.#remote).knownModels();
  }

  get #remote(): Promise<RemoteConfiguration> {
    return (this.#opening ??= this.#open());
  }

  async #open(): Promise<RemoteConfiguration> {
    const { models = createModelRegistry(), ...connection } = this.#options;
    const [{ openCalls }, { RemoteConfiguration: Remote }] = await Promise.all([
      import('./transport.ts'),
      import('./remote-configuration.ts'),
    ]);
    return new Remote(await openCalls('grpc', connection), models, 'grpc');
  }
}
