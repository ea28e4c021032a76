import { AppError, messageOf } from '../errors.ts';
import { presentable, toYaml } from '../config/print.ts';
import { Health } from '../health/health.ts';
import { configureLogs, logsSchema } from '../log/config.ts';
import { type LogDestination, Logs } from '../log/logs.ts';
import { measureEventLoop } from '../metrics/event-loop.ts';
import { Metrics } from '../metrics/metrics.ts';
import { addProcessMetrics, type BuildInfo } from '../metrics/process.ts';
import type { ApplicationInfo } from './context.ts';
import type { Plugin, Substitution } from './definition.ts';
import { arrange, type PluginNode, replacements } from './graph.ts';
import { startAll, stopAll } from './lifecycle.ts';
import { pluginsOff } from './off.ts';
import { type StartReport, startReport, type StopReport } from './report.ts';
import { PluginRuntime } from './runtime.ts';
import { loadSettings, type Settings } from './settings.ts';
import { exitCodeOf, onSignals } from './signals.ts';
import type * as z from 'zod';

export interface ApplicationOptions {
  /** Default: `ligature`. Part of the default state directory. */
  readonly name?: string;
  /** What to run; what these need is added by itself. */
  readonly plugins: readonly Plugin[];
  /** One plugin in place of another. */
  readonly substitutions?: readonly Substitution[];
  /** Flags, without the name of the program. Default: none. */
  readonly args?: readonly string[];
  /** Default: the environment of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly build?: Partial<BuildInfo>;
  /** Signals that stop the application; the second one ends the process at once. Default: SIGINT and SIGTERM; `[]`: none. */
  readonly signals?: readonly NodeJS.Signals[];
  /** Gives up the start, later stops the application. */
  readonly signal?: AbortSignal;
  /** Default: standard error. */
  readonly logDestination?: LogDestination;
  /** Ends the process on the second signal. Default: `process.exit`. */
  readonly exit?: (code: number) => void;
}

/** A running application. */
export interface Application extends AsyncDisposable {
  readonly info: ApplicationInfo;
  readonly report: StartReport;
  /** The api of a plugin. Errors: AppError `usage` when it is off or not part of the application. */
  api<Api>(plugin: Plugin<Api>): Api;
  /** The effective configuration as YAML, secrets masked. */
  printConfig(): string;
  /** Stops everything, in reverse. Once: further calls get the same report. */
  stop(reason?: string): Promise<StopReport>;
  /** Resolves when the application has stopped, whatever the reason. */
  readonly stopped: Promise<StopReport>;
}

/**
 * Starts an application. Errors: AppError `usage`, `cycle`, `invalid-config` before anything runs; `start-failed`,
 * `start-timeout`, `aborted` after everything that had started was stopped again.
 *
 * @example
 * const application = await startApplication({ plugins: [httpPlugin, greeter], args: process.argv.slice(2) });
 * await application.stopped;
 */
export async function startApplication(options: ApplicationOptions): Promise<Application> {
  const begin = performance.now();
  const nodes = arrange(options.plugins, options.substitutions);
  const cancel = new AbortController();
  let stop: ((reason: string) => void) | undefined;
  const end = (reason: string): void => {
    if (stop === undefined) cancel.abort(new AppError('aborted', `start given up: ${reason}`));
    else stop(reason);
  };
  const unlisten = listen(options, end);
  try {
    const settings = await loadSettings(nodes, {
      name: nameOf(options),
      args: options.args ?? [],
      env: envOf(options),
    });
    cancel.signal.throwIfAborted();
    const application = new RunningApplication(options, nodes, settings, unlisten);
    await application.start(begin, cancel.signal);
    stop = (reason) => void application.stop(reason);
    if (cancel.signal.aborted) await application.stop(messageOf(cancel.signal.reason));
    return application;
  } catch (error) {
    unlisten();
    throw error;
  }
}

/** What {@link startApplication} would run on, without starting anything: YAML, secrets masked. */
export async function printConfig(options: ApplicationOptions): Promise<string> {
  const nodes = arrange(options.plugins, options.substitutions);
  const settings = await loadSettings(nodes, { name: nameOf(options), args: options.args ?? [], env: envOf(options) });
  return effectiveConfig(nodes, settings);
}

function nameOf(options: ApplicationOptions): string {
  return options.name ?? 'ligature';
}

function envOf(options: ApplicationOptions): Readonly<Record<string, string | undefined>> {
  return options.env ?? process.env;
}

function listen(options: ApplicationOptions, end: (reason: string) => void): () => void {
  const exit = options.exit ?? ((code: number) => process.exit(code));
  const off = onSignals(options.signals ?? ['SIGINT', 'SIGTERM'], end, (signal) => exit(exitCodeOf(signal)));
  const onAbort = (): void => end(messageOf(options.signal?.reason));
  if (options.signal?.aborted === true) onAbort();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  return () => {
    off();
    options.signal?.removeEventListener('abort', onAbort);
  };
}

function effectiveConfig(nodes: readonly PluginNode[], settings: Settings): string {
  const entries: [string, unknown][] = [['logs', presentable(logsSchema, settings.logs.value)]];
  for (const { name, definition } of nodes) {
    const config = settings.plugins.get(name);
    if (definition.config !== undefined)
      entries.push([name, config?.off ?? presentable(definition.config, config?.value)]);
  }
  const { label, stateDirectory, inputs } = settings;
  const core = { 'microservice-label': label, 'config-dir': inputs.directory, 'state-dir': stateDirectory };
  return toYaml({ ...core, ...Object.fromEntries(entries) });
}

class RunningApplication implements Application {
  readonly info: ApplicationInfo;
  readonly stopped: Promise<StopReport>;
  readonly #nodes: readonly PluginNode[];
  readonly #settings: Settings;
  readonly #unlisten: () => void;
  readonly #runtimes: readonly PluginRuntime[];
  readonly #off: ReadonlyMap<PluginNode, string>;
  readonly #eventLoop = measureEventLoop(20);
  readonly #settle: (report: StopReport) => void;
  readonly #substitutions: readonly Substitution[];
  #started: readonly PluginRuntime[] = [];
  #report: StartReport | undefined;
  #stopping: Promise<StopReport> | undefined;
  #failure: { readonly error: unknown } | undefined;
  /** Gives up the start. */
  #cancelStart: ((error: unknown) => void) | undefined;

  constructor(options: ApplicationOptions, nodes: readonly PluginNode[], settings: Settings, unlisten: () => void) {
    this.#nodes = nodes;
    this.#settings = settings;
    this.#unlisten = unlisten;
    this.#substitutions = options.substitutions ?? [];
    const stopped = Promise.withResolvers<StopReport>();
    this.stopped = stopped.promise;
    this.#settle = stopped.resolve;
    this.#off = pluginsOff(nodes, settings.plugins);
    this.info = makeInfo(options, settings);
    addProcessMetrics(this.info.metrics, this.info.build, this.#eventLoop);
    this.#runtimes = nodes
      .filter((node) => !this.#off.has(node))
      .map((node) => new PluginRuntime(this.#runtimeOptions(node, envOf(options))));
  }

  get report(): StartReport {
    if (this.#report === undefined) throw new AppError('usage', 'the application has not started');
    return this.#report;
  }

  async start(begin: number, signal: AbortSignal): Promise<void> {
    const log = this.info.logs.logger(this.info.name);
    for (const warning of this.#settings.warnings) log.warn(warning);
    for (const [node, reason] of this.#off) log.info({ plugin: node.name, reason }, 'plugin is off');
    try {
      const cancel = new AbortController();
      this.#cancelStart = (error) => cancel.abort(error);
      const running = await startAll(this.#runtimes, AbortSignal.any([signal, cancel.signal]));
      this.#started = running.started;
    } catch (error) {
      this.#eventLoop.stop();
      throw error;
    }
    const ms = performance.now() - begin;
    this.#report = startReport(this.#nodes, this.#runtimes, this.#settings.plugins, this.#off, ms);
    const { plugins } = this.#report;
    log.info(
      { ms: this.#report.ms, plugins: Object.fromEntries(plugins.map((plugin) => [plugin.plugin, plugin.ms])) },
      'started',
    );
    if (this.#failure !== undefined) void this.stop('failed');
  }

  api<Api>(plugin: Plugin<Api>): Api {
    const wanted = replacements(this.#substitutions)(plugin);
    const runtime = this.#runtimes.find(({ node }) => node.plugin === wanted);
    if (runtime !== undefined) return runtime.api as Api;
    const node = this.#nodes.find(({ plugin: candidate }) => candidate === wanted);
    const why = node === undefined ? 'is not part of this application' : `is off: ${this.#off.get(node)}`;
    throw new AppError('usage', `plugin ${plugin.name} ${why}`, { plugin: plugin.name });
  }

  printConfig(): string {
    return effectiveConfig(this.#nodes, this.#settings);
  }

  stop(reason = 'stop'): Promise<StopReport> {
    this.#stopping ??= this.#stop(reason);
    return this.#stopping;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #runtimeOptions(node: PluginNode, env: Readonly<Record<string, string | undefined>>) {
    return {
      node,
      application: this.info,
      config: this.#settings.plugins.get(node.name)?.value,
      env,
      fail: (error: unknown) => this.#fail(node.name, error),
    };
  }

  #fail(plugin: string, error: unknown): void {
    if (this.#failure !== undefined || this.#stopping !== undefined) return;
    this.#failure = { error };
    this.info.logs.logger(plugin).fatal({ err: error }, 'failed; stopping the application');
    this.info.health.report(plugin, 'error', messageOf(error));
    if (this.#report === undefined) {
      const message = `plugin ${plugin} failed: ${messageOf(error)}`;
      this.#cancelStart?.(new AppError('start-failed', message, { plugin, cause: error }));
    } else void this.stop('failed');
  }

  async #stop(reason: string): Promise<StopReport> {
    const begin = performance.now();
    const log = this.info.logs.logger(this.info.name);
    log.info({ reason }, 'stopping');
    const errors = await stopAll(this.#started);
    for (const error of errors) log.error({ err: error }, 'could not be stopped properly');
    this.#eventLoop.stop();
    this.#unlisten();
    const ms = Math.round(performance.now() - begin);
    log.info({ ms }, 'stopped');
    const report: StopReport = { reason, failure: this.#failure?.error, errors, ms };
    this.#settle(report);
    return report;
  }
}

function makeInfo(options: ApplicationOptions, settings: Settings): ApplicationInfo {
  const destination = options.logDestination;
  const logs = new Logs(destination === undefined ? {} : { destination });
  configureLogs(logs, settings.logs.value as z.output<typeof logsSchema>);
  const { version = '0.0.0-dev', date = '', commit = '' } = options.build ?? {};
  return {
    name: nameOf(options),
    build: { version, date, commit },
    label: settings.label,
    stateDirectory: settings.stateDirectory,
    configDirectory: settings.inputs.directory,
    startTime: Date.now(),
    logs,
    health: new Health(),
    metrics: new Metrics(),
  };
}
