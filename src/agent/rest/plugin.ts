import { definePlugin } from '../../app/index.ts';
import { httpPlugin } from '../../app/http/plugin.ts';
import { configuratorPlugin } from '../plugins/configurator.ts';
import { intentPlugin } from '../plugins/intent.ts';
import { kernelPlugin } from '../plugins/kernel.ts';
import { modelsPlugin } from '../plugins/models.ts';
import { schedulerPlugin } from '../plugins/scheduler.ts';
import { sourceOf } from '../plugins/sources.ts';
import { addApiRoutes } from './api-routes.ts';
import { addConfigurationRoutes } from './configuration-routes.ts';
import { addDumpRoutes } from './dump-routes.ts';
import { addInfoRoutes } from './info-routes.ts';
import { addSchedulerRoutes } from './scheduler-routes.ts';
import { ValueJson } from './value-json.ts';

/** REST: Ligato's paths and `/api/v1`. */
export const restPlugin = definePlugin({
  name: 'restapi',
  description: 'REST for configuration, states, history and dumps',
  needs: {
    http: httpPlugin,
    models: modelsPlugin,
    scheduler: schedulerPlugin,
    intent: intentPlugin,
    configurator: configuratorPlugin,
    kernel: kernelPlugin,
  },
  start({ http, models, scheduler, intent, configurator, kernel }, _config, { application }) {
    const secrets = new Map<string, readonly string[]>();
    for (const { kind } of scheduler.kinds()) {
      const message = kind.prefix === undefined ? undefined : models.findModel(kind.name)?.message.typeName;
      if (message !== undefined && kind.secrets !== undefined) secrets.set(message, kind.secrets);
    }
    const values = new ValueJson(models, secrets);
    addSchedulerRoutes(http, { scheduler, values });
    addConfigurationRoutes(http, { configurator, scheduler, values, sourceOf });
    addApiRoutes(http, { scheduler, intent, models, values });
    addDumpRoutes(http, scheduler, values);
    addInfoRoutes(http, { application, models, kernel });
  },
});
