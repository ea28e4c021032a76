import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import * as z from 'zod';
import { AppError } from '../../app/errors.ts';
import { definePlugin } from '../../app/index.ts';
import { DescribedModels } from '../described-models/described-models.ts';
import { intentPlugin } from './intent.ts';
import { modelsPlugin } from './models.ts';
import { schedulerPlugin } from './scheduler.ts';
import { storeSlot } from './store.ts';

const choice = z.strictObject({
  message: z.string().describe('full name of the message'),
  module: z.string(),
  type: z.string(),
  version: z.string().optional(),
  class: z.string().optional(),
  'name-template': z.string().nullable().optional().describe('Go template of names; null: a singleton'),
});

/** Models that are known by descriptor only; taken up before anything is decoded. */
export const describedModelsPlugin = definePlugin({
  name: 'described-models',
  description: 'models that come as descriptors, without code',
  config: z.strictObject({
    'descriptor-sets': z
      .array(
        z.strictObject({
          file: z.string().describe('a FileDescriptorSet; relative to the configuration directory'),
          virtual: z.boolean().default(false).describe('objects count as configured as soon as they are wanted'),
          models: z
            .array(choice)
            .default([])
            .describe('which messages are models; those with the option ligato.generic.model are without being named'),
        }),
      )
      .default([])
      .describe('models that this agent has besides the built-in ones'),
  }),
  needs: { models: modelsPlugin, scheduler: schedulerPlugin, store: storeSlot, intent: intentPlugin },
  async start({ models, scheduler, store, intent }, config, { log, application }) {
    const isWanted = (prefix: string): boolean => [...intent.sources.all()].some(([key]) => key.startsWith(prefix));
    const described = new DescribedModels({ models, scheduler, store, isWanted });
    for (const [index, { file, virtual, models: named }] of config['descriptor-sets'].entries()) {
      const path = isAbsolute(file) ? file : join(application.configDirectory, file);
      try {
        described.include({
          descriptorSet: await readFile(path),
          virtual,
          models: named.map(({ 'name-template': nameTemplate, ...rest }) => ({ ...rest, nameTemplate })),
        });
      } catch (cause) {
        const field = `descriptor-sets[${index}].file`;
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new AppError('invalid-config', `described-models.conf: ${field}: ${why}`, { field, file: path, cause });
      }
    }
    await described.restore((model, error) =>
      log.error({ model, err: error }, 'a model that was registered by descriptor cannot be taken up; kept'),
    );
    return described;
  },
});
