import { definePlugin, httpPlugin, optional } from '../../app/index.ts';
import { addApiRoutes } from '../rest/api-routes.ts';
import { addConfigurationRoutes } from '../rest/configuration-routes.ts';
import { addDumpRoutes } from '../rest/dump-routes.ts';
import { addGraphRoutes } from '../rest/graph-routes.ts';
import { addInfoRoutes } from '../rest/info-routes.ts';
import { Kvdb } from '../kvdb/kvdb.ts';
import { addInterfaceRoutes } from '../rest/interface-routes.ts';
import { addKernelRoutes } from '../rest/kernel-routes.ts';
import { addKvdbRoutes } from '../rest/kvdb-routes.ts';
import { addModelRoutes } from '../rest/model-routes.ts';
import { addObjectRoutes } from '../rest/object-routes.ts';
import { addOtherEngineRoutes } from '../rest/other-engine-routes.ts';
import { addSchedulerGraphRoutes } from '../rest/scheduler-graph-routes.ts';
import { addSchedulerRoutes } from '../rest/scheduler-routes.ts';
import { addStatisticsRoutes } from '../rest/statistics-routes.ts';
import { addTopologyRoutes } from '../rest/topology-routes.ts';
import { addTraceRoutes } from '../rest/trace-routes.ts';
import { addVppRoutes } from '../rest/vpp-routes.ts';
import { valueJsonOf } from '../rest/value-json.ts';
import { addWatchRoutes } from '../rest/watch-routes.ts';
import { configuratorPlugin } from './configurator.ts';
import { describedModelsPlugin } from './described-models.ts';
import { feedPlugin } from './feed.ts';
import { intentPlugin } from './intent.ts';
import { interfaceStatesPlugin } from './interface-states.ts';
import { kernelPlugin } from './kernel.ts';
import { modelsPlugin } from './models.ts';
import { schedulerPlugin } from './scheduler.ts';
import { sourceOf } from './sources.ts';
import { configurationStoreSlot } from './store-source.ts';
import { tracerPlugin } from './tracer.ts';
import { vppPlugin } from './vpp.ts';

/** REST: Ligato's paths and `/api/v1`; what only one engine has comes with that engine. */
export const restPlugin = definePlugin({
  name: 'restapi',
  description: 'REST for configuration, states, history and dumps',
  needs: {
    http: httpPlugin,
    models: modelsPlugin,
    described: describedModelsPlugin,
    scheduler: schedulerPlugin,
    intent: intentPlugin,
    configurator: configuratorPlugin,
    feed: feedPlugin,
    interfaces: interfaceStatesPlugin,
    tracer: tracerPlugin,
    store: optional(configurationStoreSlot),
    kernel: optional(kernelPlugin),
    vpp: optional(vppPlugin),
  },
  start(
    { http, models, described, scheduler, intent, configurator, feed, interfaces, tracer, store, kernel, vpp },
    _config,
    { application },
  ) {
    const values = valueJsonOf(models, scheduler);
    addSchedulerRoutes(http, { scheduler, intent, values });
    addSchedulerGraphRoutes(http, scheduler, values);
    addStatisticsRoutes(http, { interfaces, configurator, vpp });
    addConfigurationRoutes(http, { configurator, intent, values, sourceOf });
    addApiRoutes(http, { scheduler, intent, models, values, kernel, vpp });
    addModelRoutes(http, { scheduler, intent, models, values, kernel, described });
    addObjectRoutes(http, { scheduler, intent, models, values });
    addGraphRoutes(http, scheduler);
    addTopologyRoutes(http, { scheduler, label: application.label });
    addInterfaceRoutes(http, interfaces);
    addTraceRoutes(http, tracer);
    addWatchRoutes(http, feed);
    if (store !== undefined)
      addKvdbRoutes(http, new Kvdb({ store, label: application.label, models, scheduler, intent, values }));
    addInfoRoutes(http, { application, models, scheduler, vswitch: vpp ? undefined : kernel?.driver.vswitch.label });
    addDumpRoutes(http, scheduler, values);
    if (kernel) addKernelRoutes(http, kernel);
    if (vpp) addVppRoutes(http, vpp);
    if (kernel && !vpp) addOtherEngineRoutes(http, 'kernel');
    if (vpp && !kernel) addOtherEngineRoutes(http, 'vpp');
  },
});
