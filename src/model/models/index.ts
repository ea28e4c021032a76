/** The built-in models, in the order in which their objects stand in configuration files. */

import type { ModelDefinition } from '../model.ts';
import { ModelRegistry } from '../registry.ts';
import { interfaceModels, l2Models } from './interfaces.ts';
import { l3Models } from './l3.ts';
import { linuxModels, netallocModels } from './linux.ts';
import { metricsModels } from './metrics.ts';
import { natModels } from './nat.ts';
import { aclModels, ipsecModels, wireguardModels } from './security.ts';
import { hostServiceModels, ipfixModels, puntModels, srv6Models } from './services.ts';

export const builtInModels: readonly ModelDefinition[] = [
  ...netallocModels,
  ...linuxModels,
  ...interfaceModels,
  ...aclModels,
  ...l2Models,
  ...l3Models,
  ...natModels,
  ...ipsecModels,
  ...puntModels,
  ...srv6Models,
  ...hostServiceModels,
  ...ipfixModels,
  ...wireguardModels,
  ...metricsModels,
];

/** A registry with the built-in models and, after them, the given ones. */
export function createModelRegistry(more: readonly ModelDefinition[] = []): ModelRegistry {
  const registry = new ModelRegistry();
  for (const definition of [...builtInModels, ...more]) registry.register(definition);
  return registry;
}
