/**
 * Models that came as descriptors: from files named in the configuration, and from callers; those are kept in the agent's store.
 * Nothing programs them. Objects are UNIMPLEMENTED, or, where the model is said to be virtual, CONFIGURED as soon as they are wanted:
 * they are there for others to read and to depend on.
 *
 * Layout in the store: `model/<name>`, JSON {set (base64), choice, virtual}.
 */

import { createHash } from 'node:crypto';
import { virtualHandler } from '../../features/virtual.ts';
import { type Model, type ModelDefinition, ModelError, ModelRegistry } from '../../model/index.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { Store } from '../../store/store.ts';
import { modelsOf, type ModelChoice } from './descriptor-set.ts';

export interface Registration {
  /** A FileDescriptorSet with all imports. */
  readonly descriptorSet: Uint8Array;
  readonly models?: readonly ModelChoice[];
  readonly virtual?: boolean;
}

export interface Registered {
  readonly model: string;
  /** `restart`: the agent has another version of it, and takes this one at its next start. */
  readonly effect: 'registered' | 'unchanged' | 'restart';
}

interface Stored {
  readonly set: string;
  readonly choice: ModelChoice;
  readonly virtual: boolean;
}

const folder = 'model/';
const engine = 'virtual';

export class DescribedModels {
  readonly #models: ModelRegistry;
  readonly #scheduler: Scheduler;
  readonly #store: Store;
  /** By name: what its objects are read with. */
  readonly #fingerprints = new Map<string, string>();
  readonly #isWanted: (prefix: string) => boolean;
  readonly #listeners = new Set<(model: Model) => void>();
  #hasEngine = false;

  constructor(needs: {
    readonly models: ModelRegistry;
    readonly scheduler: Scheduler;
    readonly store: Store;
    /** Whether some source wants an object below a prefix. */
    readonly isWanted: (prefix: string) => boolean;
  }) {
    this.#models = needs.models;
    this.#scheduler = needs.scheduler;
    this.#store = needs.store;
    this.#isWanted = needs.isWanted;
  }

  /** Takes up what was kept. What cannot be read is told to `failed`, and kept. */
  async restore(failed: (name: string, error: unknown) => void): Promise<void> {
    for (const { key, value } of (await this.#store.list(folder)).entries) {
      const name = key.slice(folder.length);
      try {
        const { set, choice, virtual } = JSON.parse(new TextDecoder().decode(value)) as Stored;
        const bytes = Buffer.from(set, 'base64');
        for (const definition of modelsOf(bytes, [choice]))
          if (definition.message.typeName === choice.message) this.#take(definition, bytes, virtual);
      } catch (error) {
        failed(name, error);
      }
    }
  }

  /** For this run only; whoever calls this brings them again at the next start. Throws ModelError. */
  include({ descriptorSet, models, virtual = false }: Registration): readonly Registered[] {
    return modelsOf(descriptorSet, models).map((definition) => this.#take(definition, descriptorSet, virtual));
  }

  /** For good. All or none; throws ModelError. */
  async register({ descriptorSet, models, virtual = false }: Registration): Promise<readonly Registered[]> {
    const definitions = modelsOf(descriptorSet, models);
    const set = Buffer.from(descriptorSet).toString('base64');
    this.#check(definitions);
    const registered = definitions.map((definition) => this.#take(definition, descriptorSet, virtual));
    await this.#store.transaction(
      definitions.map((definition) => {
        const stored: Stored = { set, choice: choiceOf(definition), virtual };
        const value = new TextEncoder().encode(JSON.stringify(stored));
        return { type: 'put', key: `${folder}${nameOf(definition)}`, value } as const;
      }),
    );
    return registered;
  }

  /** Tells of each model that is new from now on, once its objects can be wanted. Returns what ends that. */
  onRegistered(listener: (model: Model) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Forgets a model from the next start on. Throws ModelError `unknown-model`, or `usage` while objects of it are wanted. */
  async forget(name: string): Promise<void> {
    const key = `${folder}${name}`;
    const kept = (await this.#store.list(key)).entries.some((entry) => entry.key === key);
    if (!kept) throw new ModelError('unknown-model', `no model ${name} was registered by descriptor`);
    const model = this.#models.findModel(name);
    if (model !== undefined && this.#isWanted(model.prefix))
      throw new ModelError('usage', `objects of ${name} are wanted: delete them first`);
    await this.#store.transaction([{ type: 'delete', key }]);
  }

  #take(definition: ModelDefinition, bytes: Uint8Array, virtual: boolean): Registered {
    const name = nameOf(definition);
    const fingerprint = createHash('sha256')
      .update(bytes)
      .update(JSON.stringify([choiceOf(definition), virtual]))
      .digest('hex');
    const known = this.#fingerprints.get(name);
    if (known !== undefined) return { model: name, effect: known === fingerprint ? 'unchanged' : 'restart' };
    const model = this.#models.register(definition);
    this.#serve(model, virtual);
    this.#fingerprints.set(name, fingerprint);
    for (const listener of this.#listeners) listener(model);
    return { model: name, effect: 'registered' };
  }

  #serve(model: Model, virtual: boolean): void {
    if (model.spec.class !== 'config') return;
    if (virtual && !this.#hasEngine) {
      this.#scheduler.addEngine({ name: engine, concurrency: 64, deadline: 5000 });
      this.#hasEngine = true;
    }
    this.#scheduler.register(
      { name: model.name, prefix: model.prefix },
      virtual ? virtualHandler(model.name, engine) : undefined,
    );
  }

  /** Nothing is taken of a set of which something clashes. Models of the agent itself are not for callers to change. */
  #check(definitions: readonly ModelDefinition[]): void {
    const trial = new ModelRegistry();
    for (const { spec, message, nameTemplate = null } of this.#models.models())
      trial.register({ spec, message, nameTemplate });
    for (const definition of definitions) if (!this.#fingerprints.has(nameOf(definition))) trial.register(definition);
  }
}

function nameOf({ spec }: ModelDefinition): string {
  return `${spec.module}.${spec.type}`;
}

function choiceOf({ spec, message, nameTemplate }: ModelDefinition): ModelChoice {
  return {
    message: message.typeName,
    module: spec.module,
    type: spec.type,
    version: spec.version,
    class: spec.class,
    nameTemplate,
  };
}
