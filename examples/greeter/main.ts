/** The agent: chosen plugins and what fills their slots. */

import { httpPlugin, logRoutesPlugin, probePlugin, prometheusPlugin, runApplication, substitute } from 'ligature/app';
import { driftPlugin } from 'ligature/plugins/drift';
import { fileSourcePlugin } from 'ligature/plugins/file-source';
import { modelsPlugin } from 'ligature/plugins/models';
import { restPlugin } from 'ligature/plugins/rest';
import { embeddedStorePlugin, storeSlot } from 'ligature/plugins/store';
import { greeterPlugin, greetingRoutesPlugin, noNetworkModels } from './plugin.ts';

process.exitCode = await runApplication({
  name: 'greeter',
  args: process.argv.slice(2),
  plugins: [
    greeterPlugin,
    greetingRoutesPlugin,
    restPlugin, // configuration, states, history by REST and for the `ligature` command
    httpPlugin,
    probePlugin, // /liveness, /readiness
    prometheusPlugin, // /metrics
    logRoutesPlugin, // /log
    fileSourcePlugin, // conf/initial-config.yaml
    driftPlugin, // compares with the files from time to time, and heals
  ],
  substitutions: [
    substitute(modelsPlugin, noNetworkModels),
    substitute(storeSlot, embeddedStorePlugin), // memoryStorePlugin: forget everything at the end
  ],
});
