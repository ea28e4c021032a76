import type { HealthState } from '../health/health.ts';
import type { Health } from '../health/health.ts';
import type { Logger } from '../log/logger.ts';
import type { Logs } from '../log/logs.ts';
import type { BuildInfo } from '../metrics/process.ts';
import type { Metrics } from '../metrics/metrics.ts';

/** What every plugin of one application shares. */
export interface ApplicationInfo {
  readonly name: string;
  readonly build: BuildInfo;
  /** The microservice label: tells instances apart in stores, on one host, in logs. */
  readonly label: string;
  /** A directory of this instance alone, mode 0700, made on first use by `ensureStateDirectory`. */
  readonly stateDirectory: string;
  readonly configDirectory: string;
  /** ms since the epoch. */
  readonly startTime: number;
  readonly logs: Logs;
  readonly health: Health;
  readonly metrics: Metrics;
}

/** What one plugin gets beside its needs and its configuration. */
export interface PluginContext {
  readonly name: string;
  readonly log: Logger;
  /** Aborts when the start is given up and when the plugin is to stop. */
  readonly signal: AbortSignal;
  readonly application: ApplicationInfo;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Every plugin has started. False until then, and for good when one could not: what was made has to be given back. */
  readonly isUp: boolean;
  /** Reports the health of this plugin, with the reason when it is not `ok`. */
  report(state: HealthState, reason?: string): void;
  /** This plugin cannot go on and the application should not go on without it: stops the application with the error. */
  fail(error: unknown): void;
}
