import { definePlugin } from '../../app/index.ts';
import { Configurator } from '../configuration/configurator.ts';
import { intentPlugin } from './intent.ts';
import { modelsPlugin } from './models.ts';
import { schedulerPlugin } from './scheduler.ts';

/** Configurations as text, for whoever gets them: REST, files, clients in the same process. */
export const configuratorPlugin = definePlugin({
  name: 'configurator',
  description: 'reads, applies, previews and compares configurations',
  needs: { models: modelsPlugin, intent: intentPlugin, scheduler: schedulerPlugin },
  start: (needs) => new Configurator(needs),
});
