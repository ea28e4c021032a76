/** The client over HTTP. */

import type { Message } from '@bufbuild/protobuf';
import { createModelRegistry } from '../model/models/index.ts';
import { formatConfiguration } from '../model/config/format.ts';
import { parseConfiguration } from '../model/config/parse.ts';
import type { ModelRegistry } from '../model/registry.ts';
import type {
  AgentClient,
  ApplyOptions,
  AskedOptions,
  ChangeOptions,
  ConfigurationInput,
  ValueFilter,
} from './agent-client.ts';
import { ChangeRequest } from './change-request.ts';
import type { AppliedItem, ConfigurationItem, ItemFilter } from './configuration-client.ts';
import type { ObjectId } from './object-id.ts';
import type { RemoteConfiguration } from './remote-configuration.ts';
import type {
  ApplyAnswer,
  DiffAnswer,
  DriftAnswer,
  ExplainAnswer,
  PlanAnswer,
  RecordAnswer,
  StatusAnswer,
  VppEventAnswer,
} from './answers.ts';
import { type Connection, HttpClient } from './http.ts';

export interface HttpClientOptions extends Connection {
  /** Models of the agent, when it has others than the built-in ones: messages are written and read with them. */
  readonly models?: ModelRegistry;
}

/**
 * A client of an agent by its unix socket (`socketPath`, no token needed) or by TCP.
 *
 * @example
 * const client = httpClient({ host: '127.0.0.1', port: 9191, token: readFileSync('/var/lib/ligature/vpp1/http-token', 'utf8').trim() });
 */
export function httpClient(options: HttpClientOptions): AgentClient {
  return new HttpAgentClient(options);
}

const configuration = '/api/v1/configuration';

class HttpAgentClient implements AgentClient {
  readonly #http: HttpClient;
  readonly #connection: Connection;
  #models: ModelRegistry | undefined;
  #opening: Promise<RemoteConfiguration> | undefined;

  constructor({ models, ...connection }: HttpClientOptions) {
    this.#http = new HttpClient(connection);
    this.#connection = connection;
    this.#models = models;
  }

  /** Objects one by one go by the agent's ManagerService, which the HTTP port has, too. Loaded when it is used. */
  get #remote(): Promise<RemoteConfiguration> {
    return (this.#opening ??= (async () => {
      const [{ openCalls }, { RemoteConfiguration: Remote }] = await Promise.all([
        import('./transport.ts'),
        import('./remote-configuration.ts'),
      ]);
      return new Remote(await openCalls('connect', this.#connection), this.#registry, 'rest');
    })());
  }

  apply(input: ConfigurationInput, options?: ApplyOptions): Promise<ApplyAnswer> {
    return this.#http.json({ method: 'PUT', path: configuration, query: query(options), body: this.#text(input) });
  }

  delete(input: ConfigurationInput, options?: ApplyOptions): Promise<ApplyAnswer> {
    return this.#http.json({ method: 'DELETE', path: configuration, query: query(options), body: this.#text(input) });
  }

  plan(input: ConfigurationInput, options?: ChangeOptions): Promise<PlanAnswer> {
    const path = `${configuration}/plan`;
    return this.#http.json({ method: 'POST', path, query: query(options), body: this.#text(input) });
  }

  diff(input: ConfigurationInput, options?: ChangeOptions): Promise<readonly DiffAnswer[]> {
    const path = `${configuration}/diff`;
    return this.#http.json({ method: 'POST', path, query: query(options), body: this.#text(input) });
  }

  change(): ChangeRequest {
    return new ChangeRequest(async (changes, options) => (await this.#remote).send(changes, options));
  }

  async items(filter?: ItemFilter): Promise<readonly ConfigurationItem[]> {
    return (await this.#remote).items(filter);
  }

  async get(filter: ItemFilter = {}): Promise<readonly Message[]> {
    return (await this.items(filter)).map(({ value }) => value);
  }

  async dump(ids?: readonly ObjectId[]): Promise<readonly AppliedItem[]> {
    return (await this.#remote).dump(ids);
  }

  async knownModels(): Promise<ModelRegistry> {
    return (await this.#remote).knownModels();
  }

  async retrieve(): Promise<readonly Message[]> {
    return this.#messages(await this.#http.text({ path: `${configuration}/retrieved` }));
  }

  values({ prefix, model, state }: ValueFilter & { readonly state?: string } = {}): Promise<readonly StatusAnswer[]> {
    return this.#http.json({ path: '/api/v1/values', query: { prefix, model, state } });
  }

  explain(key: string): Promise<ExplainAnswer> {
    return this.#http.json({ path: '/api/v1/explain', query: { key } });
  }

  async *watch({ prefix, model }: ValueFilter = {}, signal?: AbortSignal): AsyncGenerator<StatusAnswer> {
    const call = { path: '/api/v1/events', query: { prefix, model }, ...(signal ? { signal } : {}) };
    for await (const line of this.#http.lines<StatusAnswer | VppEventAnswer>(call)) if (!('event' in line)) yield line;
  }

  history(limit = 100): Promise<readonly RecordAnswer[]> {
    return this.#http.json({ path: '/api/v1/transactions', query: { limit } });
  }

  async confirm(seqNum: number): Promise<void> {
    await this.#http.json({ method: 'POST', path: `/api/v1/transactions/${seqNum}/confirm` });
  }

  rollback(seqNum: number, { acknowledge }: AskedOptions = {}): Promise<RecordAnswer> {
    const path = `/api/v1/transactions/${seqNum}/rollback`;
    return this.#http.json({ method: 'POST', path, query: { acknowledge } });
  }

  check(model?: string): Promise<readonly DriftAnswer[]> {
    return this.#http.json({ method: 'POST', path: '/api/v1/check', query: { model } });
  }

  resync({ acknowledge }: AskedOptions = {}): Promise<RecordAnswer> {
    return this.#http.json({ method: 'POST', path: '/api/v1/resync', query: { acknowledge } });
  }

  #text(input: ConfigurationInput): string | Uint8Array {
    if (typeof input === 'string' || input instanceof Uint8Array) return input;
    return formatConfiguration(input, 'json', { registry: this.#registry });
  }

  #messages(text: string): readonly Message[] {
    return parseConfiguration(text, { registry: this.#registry }).values.map(({ value }) => value);
  }

  get #registry(): ModelRegistry {
    return (this.#models ??= createModelRegistry());
  }
}

function query({ source, replace, file, ...rest }: ApplyOptions = {}) {
  const { acknowledge, revert, retry, confirmWithin, description } = rest;
  return {
    source,
    replace,
    file,
    acknowledge,
    revert,
    retry: retry === false ? 'false' : undefined,
    confirm: confirmWithin === undefined ? undefined : `${confirmWithin}ms`,
    description,
  };
}
