import type { LoadedConfig } from '../config/load.ts';
import { AppError } from '../errors.ts';
import type { PluginNode } from './graph.ts';

/**
 * Which plugins are off, and why: by their configuration. Errors: AppError `invalid-config` when a plugin that is on cannot
 * do without one that is off.
 */
export function pluginsOff(
  nodes: readonly PluginNode[],
  configs: ReadonlyMap<string, LoadedConfig>,
): Map<PluginNode, string> {
  const off = new Map<PluginNode, string>();
  for (const node of nodes) {
    const config = configs.get(node.name);
    const reason = config?.off ?? node.definition.off?.(config?.value, (plugin) => configs.get(plugin.name)?.value);
    if (reason !== undefined) off.set(node, reason);
  }
  for (const node of nodes) if (!off.has(node)) refuseMissingNeeds(node, off);
  return off;
}

function refuseMissingNeeds(node: PluginNode, off: ReadonlyMap<PluginNode, string>): void {
  for (const { optional, node: needed } of node.needs) {
    const reason = needed === undefined ? undefined : off.get(needed);
    if (optional || needed === undefined || reason === undefined) continue;
    throw new AppError('invalid-config', `plugin ${node.name} needs ${needed.name}, which is off: ${reason}`, {
      plugin: node.name,
      field: needed.name,
    });
  }
}
