/** The agent put together: which plugins it consists of, and how it is run. */

import '../app/process/node-version.ts';
import {
  type Application,
  type ApplicationOptions,
  helpText,
  httpPlugin,
  logRoutesPlugin,
  type Plugin,
  probePlugin,
  prometheusPlugin,
  runApplication,
  sessionRoutesPlugin,
  startApplication,
  type Substitution,
  substitute,
} from '../app/index.ts';
import { builtInConfigurationStorePlugin } from './plugins/configuration-store.ts';
import { describedModelsPlugin } from './plugins/described-models.ts';
import { driftPlugin } from './plugins/drift.ts';
import { enginePlugin } from './plugins/engine.ts';
import { fileSourcePlugin } from './plugins/file-source.ts';
import { grpcServicesPlugin } from './plugins/grpc-services.ts';
import { kernelFeaturesPlugin } from './plugins/kernel-features.ts';
import { memoryPlugin } from './plugins/memory.ts';
import { removalPlugin } from './plugins/removal.ts';
import { restPlugin } from './plugins/rest.ts';
import { statusPublisherPlugin } from './plugins/status-publisher.ts';
import { configurationStoreSlot, storeSourcePlugin } from './plugins/store-source.ts';
import { embeddedStorePlugin, storeSlot } from './plugins/store.ts';
import { vppStatsPlugin } from './plugins/vpp-stats.ts';
import { telemetryPlugin } from './plugins/telemetry.ts';
import { webPlugin } from './plugins/web.ts';
import { vppProcessPlugin } from './plugins/vpp-process.ts';
import { vppFeaturesPlugin } from './plugins/vpp-features.ts';

/** Plugins of the agent; what these need comes with them. Those of an engine are off when another one is chosen. */
export const agentPlugins: readonly Plugin[] = [
  httpPlugin,
  probePlugin,
  prometheusPlugin,
  logRoutesPlugin,
  sessionRoutesPlugin,
  enginePlugin,
  kernelFeaturesPlugin,
  vppProcessPlugin,
  vppFeaturesPlugin,
  describedModelsPlugin,
  vppStatsPlugin,
  telemetryPlugin,
  restPlugin,
  webPlugin,
  grpcServicesPlugin,
  fileSourcePlugin,
  storeSourcePlugin,
  statusPublisherPlugin,
  driftPlugin,
  memoryPlugin,
  removalPlugin,
];

/** What fills the agent's slots unless an application says otherwise. */
export const agentSubstitutions: readonly Substitution[] = [
  substitute(storeSlot, embeddedStorePlugin),
  substitute(configurationStoreSlot, builtInConfigurationStorePlugin),
];

/** Starts an agent in this process: for tests and applications that embed one. */
export function startAgent(options: Partial<ApplicationOptions> = {}): Promise<Application> {
  return startApplication(withDefaults(options));
}

/** Runs the agent until a signal ends it, or prints help or version. Resolves with the exit code. */
export async function runAgent(options: Partial<ApplicationOptions> = {}): Promise<number> {
  const complete = withDefaults(options);
  const [first = ''] = options.args ?? [];
  if (['--help', '-h', 'help'].includes(first)) process.stdout.write(helpText('ligature agent [FLAG...]', complete));
  else if (['--version', '-V'].includes(first)) process.stdout.write(`${options.build?.version ?? 'unknown'}\n`);
  else return runApplication(complete);
  return 0;
}

function withDefaults(options: Partial<ApplicationOptions>): ApplicationOptions {
  return {
    ...options,
    plugins: options.plugins ?? agentPlugins,
    substitutions: options.substitutions ?? agentSubstitutions,
  };
}
