/** The client of an agent in the same process: no sockets, no text, the same answers. */

import type { Message } from '@bufbuild/protobuf';
import type { Configurator } from '../agent/configuration/configurator.ts';
import { configuratorPlugin } from '../agent/plugins/configurator.ts';
import type { Intent } from '../agent/intent/intent.ts';
import { intentPlugin } from '../agent/plugins/intent.ts';
import { modelsPlugin } from '../agent/plugins/models.ts';
import { schedulerPlugin } from '../agent/plugins/scheduler.ts';
import { sourceOf } from '../agent/plugins/sources.ts';
import { applyView, attempt, diffView, planView } from '../agent/rest/configuration-views.ts';
import { explain } from '../agent/rest/explain.ts';
import { committedView, driftView, recordView } from '../agent/rest/record-view.ts';
import { statusView } from '../agent/rest/status-view.ts';
import { type ValueJson, valueJsonOf } from '../agent/rest/value-json.ts';
import { type Application, definePlugin } from '../app/index.ts';
import { answerOf } from '../app/http/errors.ts';
import { asKey, type ModelRegistry } from '../model/index.ts';
import type { CommitResult, Scheduler } from '../scheduler/scheduler.ts';
import { ChangeRequest } from './change-request.ts';
import type { AppliedItem, ConfigurationItem, ItemFilter } from './configuration-client.ts';
import type { ObjectId } from './object-id.ts';
import { LocalConfiguration } from './local-configuration.ts';
import type {
  AgentClient,
  ApplyOptions,
  AskedOptions,
  ChangeOptions,
  ConfigurationInput,
  ValueFilter,
} from './agent-client.ts';
import type {
  ApplyAnswer,
  DiffAnswer,
  DriftAnswer,
  ExplainAnswer,
  PlanAnswer,
  RecordAnswer,
  StatusAnswer,
} from './answers.ts';
import { ClientError } from './errors.ts';

interface Parts {
  readonly configurator: Configurator;
  readonly scheduler: Scheduler;
  readonly intent: Intent;
  readonly models: ModelRegistry;
}

/**
 * A client of an application in this process that consists of the agent's plugins.
 *
 * @example
 * const application = await startAgent({ args: ['--config-dir', 'conf'] });
 * const client = localClient(application);
 */
export function localClient(application: Application): AgentClient {
  return new LocalClient({
    configurator: application.api(configuratorPlugin),
    scheduler: application.api(schedulerPlugin),
    intent: application.api(intentPlugin),
    models: application.api(modelsPlugin),
  });
}

/** The same for plugins: need it, and use it once everything has started. */
export const localClientPlugin = definePlugin({
  name: 'local-client',
  description: 'lets other plugins apply configurations',
  needs: {
    configurator: configuratorPlugin,
    scheduler: schedulerPlugin,
    intent: intentPlugin,
    models: modelsPlugin,
  },
  start: (parts): AgentClient => new LocalClient(parts),
});

class LocalClient implements AgentClient {
  readonly #parts: Parts;
  readonly #json: ValueJson;
  readonly #objects: LocalConfiguration;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#json = valueJsonOf(parts.models, parts.scheduler);
    this.#objects = new LocalConfiguration({ ...parts, values: this.#json });
  }

  apply(input: ConfigurationInput, options: ApplyOptions = {}): Promise<ApplyAnswer> {
    return asked(async () => applyView(await this.#parts.configurator.apply(input, applyOptions(options))));
  }

  delete(input: ConfigurationInput, options: Omit<ApplyOptions, 'replace'> = {}): Promise<ApplyAnswer> {
    return asked(async () => applyView(await this.#parts.configurator.delete(input, applyOptions(options))));
  }

  plan(input: ConfigurationInput, options: ChangeOptions = {}): Promise<PlanAnswer> {
    return asked(async () => planView(await this.#parts.configurator.plan(input, changeOptions(options)), this.#json));
  }

  diff(input: ConfigurationInput, options: ChangeOptions = {}): Promise<readonly DiffAnswer[]> {
    return asked(async () => diffView(await this.#parts.configurator.diff(input, changeOptions(options)), this.#json));
  }

  change(): ChangeRequest {
    return new ChangeRequest((changes, options) => asked(() => this.#objects.send(changes, applyOptions(options))));
  }

  items(filter?: ItemFilter): Promise<readonly ConfigurationItem[]> {
    return asked(() => this.#objects.items(filter));
  }

  async get(filter?: ItemFilter): Promise<readonly Message[]> {
    return (await this.items(filter)).map(({ value }) => value);
  }

  dump(ids?: readonly ObjectId[]): Promise<readonly AppliedItem[]> {
    return asked(() => this.#objects.dump(ids));
  }

  knownModels(): Promise<ModelRegistry> {
    return Promise.resolve(this.#parts.models);
  }

  retrieve(): Promise<readonly Message[]> {
    return asked(async () => this.#json.maskedAll(await this.#parts.configurator.retrieved()));
  }

  values({ state, ...filter }: ValueFilter & { readonly state?: string } = {}): Promise<readonly StatusAnswer[]> {
    return asked(() =>
      [...this.#parts.scheduler.snapshot().statuses(filterOf(filter))]
        .filter((status) => state === undefined || status.state === state)
        .map(statusView),
    );
  }

  explain(key: string): Promise<ExplainAnswer> {
    return asked(() => explain(asKey(key), { ...this.#parts, values: this.#json }));
  }

  async *watch(filter: ValueFilter = {}, signal?: AbortSignal): AsyncGenerator<StatusAnswer> {
    for await (const status of this.#parts.scheduler.watch(filterOf(filter), signal))
      yield statusView(status) as StatusAnswer;
  }

  history(limit = 100): Promise<readonly RecordAnswer[]> {
    return asked(() =>
      this.#parts.scheduler
        .history()
        .slice(-limit)
        .map((record) => recordView(record, this.#json)),
    );
  }

  async confirm(seqNum: number): Promise<void> {
    await asked(() => this.#parts.intent.confirm(seqNum));
  }

  rollback(seqNum: number, options?: AskedOptions): Promise<RecordAnswer> {
    return asked(async () => this.#record(await this.#parts.intent.rollback(seqNum, options)));
  }

  check(model?: string): Promise<readonly DriftAnswer[]> {
    const filter = model === undefined ? {} : { kinds: [model] };
    return asked(async () => driftView(await this.#parts.scheduler.compare(filter), this.#json) as DriftAnswer[]);
  }

  resync(options?: AskedOptions): Promise<RecordAnswer> {
    return asked(async () => this.#record(await this.#parts.intent.resync(options)));
  }

  #record(result: CommitResult | undefined): object | null {
    return result === undefined ? null : committedView(result, this.#json);
  }
}

/** The views are the shapes of `answers.ts`, which a test holds both clients to. */
async function asked<T>(work: () => unknown): Promise<T> {
  try {
    return (await attempt(work)) as T;
  } catch (error) {
    throw refusal(error);
  }
}

function refusal(cause: unknown): ClientError {
  if (cause instanceof ClientError) return cause;
  const { status, body, internal } = answerOf(cause);
  // In the same process there is nobody to hide an unforeseen error from.
  const message = internal && cause instanceof Error ? cause.message : body.Error;
  return new ClientError('refused', message, { status, problems: body.problems ?? [], cause });
}

function changeOptions({ source = 'localclient', file, replace }: ChangeOptions) {
  return {
    source: sourceOf(source),
    ...(file === undefined ? {} : { file }),
    ...(replace ? { replace: true } : {}),
  };
}

function applyOptions(options: ApplyOptions) {
  const { acknowledge, revert, retry, confirmWithin, description } = options;
  return {
    ...changeOptions(options),
    ...(acknowledge === undefined ? {} : { acknowledge }),
    options: {
      ...(description === undefined ? {} : { description }),
      ...(revert ? { revert: true } : {}),
      ...(retry === false ? { retry: false as const } : {}),
      ...(confirmWithin === undefined ? {} : { confirmWithin }),
    },
  };
}

function filterOf({ prefix, model }: ValueFilter) {
  return { ...(prefix === undefined ? {} : { prefix }), ...(model === undefined ? {} : { kind: model }) };
}
