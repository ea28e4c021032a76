/** The plugins: what brings models, kinds and engine together, and one that uses them. */

import { definePlugin, httpPlugin } from 'ligature/app';
import { ModelRegistry } from 'ligature/model';
import { modelsPlugin } from 'ligature/plugins/models';
import { schedulerPlugin } from 'ligature/plugins/scheduler';
import { resolve } from 'node:path';
import * as z from 'zod';
import { filesEngine, greetingsIn, peopleIn } from './files.ts';
import { greetingKind, personKind, registerModels } from './model.ts';

/** In place of the models of networks: none. Leave it out to have both. */
export const noNetworkModels = definePlugin({ name: 'models', start: () => new ModelRegistry() });

/** Configured by `greeter.conf`, `--greeter-directory` or GREETER_DIRECTORY. */
export const greeterPlugin = definePlugin({
  name: 'greeter',
  description: 'makes people and greetings of files',
  config: z.strictObject({
    directory: z.string().default('greeted').describe('where the files go'),
  }),
  options: [
    { key: 'directory', flag: 'greeter-directory', env: 'GREETER_DIRECTORY', description: 'where the files go' },
  ],
  needs: { models: modelsPlugin, scheduler: schedulerPlugin },
  start({ models, scheduler }, { directory }, { log }) {
    registerModels(models);
    scheduler.addEngine(filesEngine);
    scheduler.register(personKind, peopleIn(resolve(directory)));
    scheduler.register(greetingKind, greetingsIn(resolve(directory)));
    log.info({ directory: resolve(directory) }, 'ready to greet');
  },
});

/** A route and a metric. What it needs is typed: `scheduler` is a Scheduler, `http` an Http. */
export const greetingRoutesPlugin = definePlugin({
  name: 'greeting-routes',
  description: 'tells who is greeted',
  needs: { http: httpPlugin, scheduler: schedulerPlugin, greeter: greeterPlugin },
  start({ http, scheduler }, _config, { application }) {
    const asked = application.metrics.counter({ name: 'greeter_asked_total', help: 'Times somebody asked.' });
    http.route({
      method: 'GET',
      path: '/greetings',
      role: 'read',
      summary: 'greetings and their states',
      handler: () => {
        asked.inc();
        const statuses = scheduler.snapshot().statuses({ kind: greetingKind.name });
        return Array.from(statuses, ({ label, state, details }) => ({ name: label, state, waitsFor: details }));
      },
    });
  },
});
