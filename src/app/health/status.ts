import type { BuildInfo } from '../metrics/process.ts';
import type { HealthSnapshot, HealthState, PluginHealth } from './health.ts';

/** Ligato's numbers of the states. */
const numberOf: Readonly<Record<HealthState, number>> = { init: 0, ok: 1, error: 2 };

/** Ligato's PluginStatus. Times in seconds since the epoch. */
export interface PluginStatus {
  readonly name: string;
  readonly state: number;
  readonly last_change: number;
  readonly last_update: number;
  readonly error?: string;
}

/** What Ligato's probes answer: its AgentStatus, and the plugins beside it. Times in seconds since the epoch. */
export interface AgentStatus {
  readonly build_version: string;
  readonly build_date: string;
  readonly state: number;
  readonly start_time: number;
  readonly last_change: number;
  readonly last_update: number;
  readonly commit_hash: string;
  readonly PluginStatus: Readonly<Record<string, PluginStatus>>;
  readonly NonFatalPlugins: readonly string[];
}

export function agentStatus(health: HealthSnapshot, build: BuildInfo): AgentStatus {
  return {
    build_version: build.version,
    build_date: build.date,
    state: numberOf[health.state],
    start_time: seconds(health.startTime),
    last_change: seconds(health.lastChange),
    last_update: seconds(health.lastUpdate),
    commit_hash: build.commit,
    PluginStatus: Object.fromEntries(health.plugins.map((plugin) => [plugin.plugin, pluginStatus(plugin)])),
    NonFatalPlugins: health.plugins.filter(({ fatal }) => !fatal).map(({ plugin }) => plugin),
  };
}

function pluginStatus(plugin: PluginHealth): PluginStatus {
  return {
    name: plugin.plugin,
    state: numberOf[plugin.state],
    last_change: seconds(plugin.lastChange),
    last_update: seconds(plugin.lastUpdate),
    ...(plugin.reason === undefined ? {} : { error: plugin.reason }),
  };
}

export function stateNumber(state: HealthState): number {
  return numberOf[state];
}

/** Liveness: only an error says that a restart would help; starting up does not. */
export function isLive(state: HealthState): boolean {
  return state !== 'error';
}

export function isReady(state: HealthState): boolean {
  return state === 'ok';
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
