import { secretsIn } from '../config/print.ts';
import { AppError, messageOf } from '../errors.ts';
import { formatDuration } from '../config/duration.ts';
import { runProbe } from '../health/probe.ts';
import type { Logger } from '../log/logger.ts';
import type { ApplicationInfo, PluginContext } from './context.ts';
import type { Hook } from './definition.ts';
import type { PluginNode } from './graph.ts';
import { type Outcome, TimeLimitExceeded, withinTime } from './limit.ts';

export interface RuntimeOptions {
  readonly node: PluginNode;
  readonly application: ApplicationInfo;
  readonly config: unknown;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called by `context.fail`. */
  readonly fail: (error: unknown) => void;
}

/** One plugin at run time: its api, its signal, its time limits. */
export class PluginRuntime {
  readonly node: PluginNode;
  readonly #config: unknown;
  readonly #application: ApplicationInfo;
  readonly #context: PluginContext;
  readonly #log: Logger;
  readonly #abort = new AbortController();
  #api: unknown;
  #probing: Promise<void> | undefined;
  /** Every plugin has started. */
  isUp = false;
  /** ms that `start` took. */
  startMs = 0;
  /** ms that `started` took. */
  startedMs = 0;

  constructor(options: RuntimeOptions) {
    const { node, application } = options;
    this.node = node;
    this.#config = options.config;
    this.#application = application;
    this.#log = application.logs.logger(node.name);
    for (const secret of secretsIn(node.definition.config, options.config)) application.logs.addSecret(secret);
    application.health.register(node.name, { fatal: node.definition.health.fatal ?? true });
    const isUp = (): boolean => this.isUp;
    this.#context = {
      get isUp() {
        return isUp();
      },
      name: node.name,
      log: this.#log,
      signal: this.#abort.signal,
      application,
      env: options.env,
      report: (state, reason) => application.health.report(node.name, state, reason),
      fail: (error) => options.fail(error),
    };
  }

  get api(): unknown {
    return this.#api;
  }

  /** Tells the plugin to give up. */
  abort(reason: unknown): void {
    this.#abort.abort(reason);
  }

  /** Errors: AppError `start-failed`, `start-timeout`. What a late start still makes is stopped. */
  async start(needs: Readonly<Record<string, unknown>>): Promise<void> {
    const { definition } = this.node;
    const begin = performance.now();
    const stopLate = (outcome: Outcome<unknown>): void => {
      if ('value' in outcome) void this.#stopLate(outcome.value);
      else this.#log.debug({ err: outcome.error }, 'the start that took too long has now failed');
    };
    this.#api = await this.#limited(
      'start',
      definition.startTimeout,
      () => definition.start(needs, this.#config, this.#context),
      stopLate,
    );
    this.startMs = performance.now() - begin;
  }

  /** Runs the second phase; from then on the plugin is `ok` unless it says otherwise itself. */
  async started(): Promise<void> {
    const { definition, name } = this.node;
    const begin = performance.now();
    await this.#hook('start', definition.started, definition.startTimeout);
    this.startedMs = performance.now() - begin;
    const { probe, timing, reportsItself } = definition.health;
    const { health } = this.#application;
    if (probe !== undefined) {
      this.#probing = runProbe(health, name, (signal) => probe(this.#api, signal), this.#abort.signal, timing);
    } else if (reportsItself !== true && health.get(name)?.state === 'init') health.report(name, 'ok');
  }

  /** Errors: AppError `stop-failed`, `stop-timeout`. */
  async stopping(): Promise<void> {
    await this.#hook('stop', this.node.definition.stopping, this.node.definition.stopTimeout);
  }

  /** Errors: AppError `stop-failed`, `stop-timeout`. */
  async stop(): Promise<void> {
    this.#abort.abort(new AppError('aborted', `plugin ${this.node.name} is stopping`, { plugin: this.node.name }));
    await this.#probing;
    await this.#hook('stop', this.node.definition.stop, this.node.definition.stopTimeout);
    this.#application.health.forget(this.node.name);
  }

  async #hook(phase: 'start' | 'stop', hook: Hook | undefined, limit: number): Promise<void> {
    if (hook === undefined) return;
    const late = (outcome: Outcome<void>): void => {
      if ('error' in outcome) this.#log.debug({ err: outcome.error }, `the ${phase} that took too long has now failed`);
    };
    await this.#limited(phase, limit, () => hook(this.#api, this.#context), late);
  }

  async #limited<T>(
    phase: 'start' | 'stop',
    limit: number,
    work: () => T | Promise<T>,
    late: (outcome: Outcome<T>) => void,
  ): Promise<T> {
    const plugin = this.node.name;
    try {
      return await withinTime(limit, work, late);
    } catch (cause) {
      if (!(cause instanceof TimeLimitExceeded)) {
        throw new AppError(`${phase}-failed`, `plugin ${plugin} did not ${phase}: ${messageOf(cause)}`, {
          plugin,
          cause,
        });
      }
      const error = new AppError(
        `${phase}-timeout`,
        `plugin ${plugin} did not ${phase} within ${formatDuration(limit)}`,
        { plugin },
      );
      this.abort(error);
      throw error;
    }
  }

  async #stopLate(api: unknown): Promise<void> {
    this.#log.warn('started after it was given up; stopping it');
    this.#api = api;
    try {
      await this.stop();
    } catch (error) {
      this.#log.error({ err: error }, 'could not be stopped');
    }
  }
}
