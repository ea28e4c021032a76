import * as z from 'zod';
import { definePlugin, type Plugin } from '../../app/index.ts';

const engines = ['kernel', 'vpp'] as const;
export type EngineName = (typeof engines)[number];

/** `--engine`: what is programmed. */
export const enginePlugin = definePlugin({
  name: 'engine',
  description: 'chooses the data plane',
  config: z.strictObject({
    engine: z.enum(engines).default('kernel').describe('the data plane that is programmed: kernel or vpp'),
  }),
  options: [
    { key: 'engine', flag: 'engine', env: 'LIGATURE_ENGINE', description: 'data plane: kernel (default) or vpp' },
  ],
  start: (_needs, { engine }) => engine,
});

/** For the plugins of one engine: off while another one is chosen. */
export function offUnless(
  engine: EngineName,
): (config: unknown, configOf: (plugin: Plugin) => unknown) => string | undefined {
  return (_config, configOf) => {
    const chosen = (configOf(enginePlugin) as { readonly engine: EngineName } | undefined)?.engine ?? engine;
    return chosen === engine ? undefined : `the engine is ${chosen}`;
  };
}
