import { definePlugin } from '../../app/index.ts';
import { createModelRegistry } from '../../model/index.ts';

/** The models that the agent understands. Applications add theirs with `models.register(...)` in a plugin that needs this one. */
export const modelsPlugin = definePlugin({
  name: 'models',
  description: 'knows keys and messages of all models',
  start: () => createModelRegistry(),
});
