import type { LoadedConfig } from '../config/load.ts';
import type { AppError } from '../errors.ts';
import type { PluginNode } from './graph.ts';
import type { PluginRuntime } from './runtime.ts';

/** How one plugin started. */
export interface PluginReport {
  readonly plugin: string;
  readonly state: 'started' | 'off';
  /** Why it is off. */
  readonly reason: string | undefined;
  /** ms its `start` and `started` took, without the wait for others. */
  readonly ms: number;
  /** The file its configuration came from. */
  readonly file: string | undefined;
  readonly needs: readonly string[];
}

export interface StartReport {
  /** In dependency order. */
  readonly plugins: readonly PluginReport[];
  /** ms from the call to everything started. */
  readonly ms: number;
}

export interface StopReport {
  /** `stop`, a signal, or `failed`. */
  readonly reason: string;
  /** What a plugin said when it failed. */
  readonly failure: unknown;
  /** What went wrong while stopping. */
  readonly errors: readonly AppError[];
  readonly ms: number;
}

export function startReport(
  nodes: readonly PluginNode[],
  runtimes: readonly PluginRuntime[],
  configs: ReadonlyMap<string, LoadedConfig>,
  off: ReadonlyMap<PluginNode, string>,
  ms: number,
): StartReport {
  const plugins = nodes.map((node): PluginReport => {
    const runtime = runtimes.find((candidate) => candidate.node === node);
    return {
      plugin: node.name,
      state: runtime === undefined ? 'off' : 'started',
      reason: off.get(node),
      ms: round((runtime?.startMs ?? 0) + (runtime?.startedMs ?? 0)),
      file: configs.get(node.name)?.file,
      needs: node.needs.flatMap(({ node: needed }) => needed?.name ?? []),
    };
  });
  return { plugins, ms: round(ms) };
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
