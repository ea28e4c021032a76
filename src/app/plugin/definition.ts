import type * as z from 'zod';
import type { ConfigOption, ConfigSchema, LegacyKey } from '../config/declaration.ts';
import { AppError } from '../errors.ts';
import type { HealthProbe, ProbeOptions } from '../health/probe.ts';
import type { PluginContext } from './context.ts';

/** Exists in types only: carries what `start` returns to those who need the plugin. */
declare const apiOf: unique symbol;

/** A part of an application. Made by {@link definePlugin}; `Api` is what others that need it get. */
export interface Plugin<out Api = unknown> {
  readonly name: string;
  readonly description: string;
  /** The rest, for the framework. Undefined for a slot, which an application has to fill. */
  readonly definition: AnyDefinition | undefined;
  readonly [apiOf]?: Api;
}

/** A need that may be absent: its api is undefined when the plugin is off or not part of the application. */
export interface OptionalNeed<out Api> {
  readonly optional: Plugin<Api>;
}

export type Needs = Readonly<Record<string, Plugin | OptionalNeed<unknown>>>;

/** The apis of what a plugin needs. */
export type ApisOf<N extends Needs> = {
  readonly [Name in keyof N]: N[Name] extends OptionalNeed<infer Api>
    ? Api | undefined
    : N[Name] extends Plugin<infer Api>
      ? Api
      : never;
};

/** How the health of a plugin shows. */
export interface HealthDeclaration<Api> {
  /** False: an error of this plugin does not make the agent unhealthy. Default: true. */
  readonly fatal?: boolean;
  /** Called again and again once everything has started; throws when the plugin is not well. */
  readonly probe?: (api: Api, signal: AbortSignal) => ReturnType<HealthProbe>;
  /** Period and time limit of the probe. */
  readonly timing?: ProbeOptions;
  /** The plugin reports its state itself through its context; starting up alone does not make it `ok`. Default: false. */
  readonly reportsItself?: boolean;
}

export interface PluginDefinition<N extends Needs, S extends ConfigSchema, Api> {
  /** Also the name of its `<name>.conf`, flags and logger. Lower-case letters, digits and hyphens. */
  readonly name: string;
  /** One line for people. */
  readonly description?: string;
  /** The schema of `<name>.conf`. Without it the plugin has no configuration. */
  readonly config?: S;
  /** Flags and environment variables that set single keys. */
  readonly options?: readonly ConfigOption[];
  /** Older spellings of keys, accepted with a warning. */
  readonly legacyKeys?: Readonly<Record<string, LegacyKey>>;
  /** The plugin is off when nothing configures it, and can be switched off with `<NAME>_CONFIG=disabled`. Default: false. */
  readonly optionalConfig?: boolean;
  /**
   * Says why the plugin is off, or undefined when it is on: from its configuration, or from that of another plugin
   * (undefined when that is not part of the application).
   */
  readonly off?: (config: z.output<S>, configOf: (plugin: Plugin) => unknown) => string | undefined;
  /** Other plugins, by reference: they are started before, and stopped after. */
  readonly needs?: N;
  /** Makes the plugin run. What it returns is its api. Gives up when `context.signal` aborts. */
  readonly start: (needs: ApisOf<N>, config: z.output<S>, context: PluginContext) => Api | Promise<Api>;
  /** Called when every plugin has started, in order: open listeners, begin work that calls others. */
  readonly started?: (api: NoInfer<Api>, context: PluginContext) => void | Promise<void>;
  /** Called before any plugin stops, in reverse order: close listeners, let no new work in. */
  readonly stopping?: (api: NoInfer<Api>, context: PluginContext) => void | Promise<void>;
  /** Gives back everything. Called for whatever started, also when the start of another failed. */
  readonly stop?: (api: NoInfer<Api>, context: PluginContext) => void | Promise<void>;
  /** ms for `start` and `started`, each. Default: 60000; a machine that is busy or slow is no reason to give up. */
  readonly startTimeout?: number;
  /** ms for `stopping` and `stop`, each. Default: 5000. */
  readonly stopTimeout?: number;
  readonly health?: HealthDeclaration<NoInfer<Api>>;
}

/** A definition whose types have been checked and are no longer needed. */
export interface AnyDefinition {
  readonly config: ConfigSchema | undefined;
  readonly options: readonly ConfigOption[];
  readonly legacyKeys: Readonly<Record<string, LegacyKey>>;
  readonly optionalConfig: boolean;
  readonly off: ((config: unknown, configOf: (plugin: Plugin) => unknown) => string | undefined) | undefined;
  readonly needs: Needs;
  readonly start: (needs: Readonly<Record<string, unknown>>, config: unknown, context: PluginContext) => unknown;
  readonly started: Hook | undefined;
  readonly stopping: Hook | undefined;
  readonly stop: Hook | undefined;
  readonly startTimeout: number;
  readonly stopTimeout: number;
  readonly health: HealthDeclaration<unknown>;
}

export type Hook = (api: unknown, context: PluginContext) => void | Promise<void>;

const validName = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * Defines a plugin. Errors: AppError `usage` for a name that does not fit.
 *
 * @example
 * const greeter = definePlugin({
 *   name: 'greeter',
 *   config: z.strictObject({ greeting: z.string().default('hello') }),
 *   needs: { http: httpPlugin },
 *   start({ http }, config) {
 *     http.route({ method: 'GET', path: '/greet', role: 'read', handler: () => ({ text: config.greeting }) });
 *   },
 * });
 */
export function definePlugin<
  Api = void,
  S extends ConfigSchema = z.ZodObject<Record<never, never>>,
  const N extends Needs = Record<never, never>,
>(definition: PluginDefinition<N, S, Api>): Plugin<Api> {
  checkName(definition.name);
  const { config, options, legacyKeys, optionalConfig, needs, startTimeout, stopTimeout, health } = definition;
  // The types tie these functions to their plugin; the framework passes what it got from the same plugin.
  const erased = definition as unknown as AnyDefinition;
  return {
    name: definition.name,
    description: definition.description ?? '',
    definition: {
      config,
      options: options ?? [],
      legacyKeys: legacyKeys ?? {},
      optionalConfig: optionalConfig ?? false,
      off: erased.off,
      needs: needs ?? {},
      start: erased.start,
      started: erased.started,
      stopping: erased.stopping,
      stop: erased.stop,
      startTimeout: startTimeout ?? 60_000,
      stopTimeout: stopTimeout ?? 5000,
      health: (health ?? {}) as HealthDeclaration<unknown>,
    },
  };
}

/** A need that may be absent. */
export function optional<Api>(plugin: Plugin<Api>): OptionalNeed<Api> {
  return { optional: plugin };
}

/**
 * A place for a plugin that provides `Api`, to be filled by the application: a plugin that needs a store need not know which.
 *
 * @example
 * const storeSlot = slot<Store>('store');
 * await startApplication({ plugins: [agent], substitutions: [substitute(storeSlot, memoryStorePlugin)] });
 */
export function slot<Api>(name: string, description = ''): Plugin<Api> {
  checkName(name);
  return { name, description, definition: undefined };
}

/** One plugin in place of another, for everybody who needs it. */
export interface Substitution {
  readonly original: Plugin;
  readonly replacement: Plugin;
}

/** Types check that the replacement provides at least what the original did. */
export function substitute<Api>(original: Plugin<Api>, replacement: Plugin<NoInfer<Api>>): Substitution {
  return { original, replacement };
}

function checkName(name: string): void {
  if (validName.test(name)) return;
  throw new AppError('usage', `plugin name ${JSON.stringify(name)} must match ${validName.source}`, { plugin: name });
}
