import * as z from 'zod';
import { AppError, definePlugin } from '../../app/index.ts';

/** `--engine`: what is programmed. */
export const enginePlugin = definePlugin({
  name: 'engine',
  description: 'chooses the data plane',
  config: z.strictObject({
    engine: z.enum(['kernel', 'vpp']).default('kernel').describe('the data plane that is programmed: kernel'),
  }),
  options: [{ key: 'engine', flag: 'engine', env: 'LIGATURE_ENGINE', description: 'data plane: kernel (default)' }],
  start(_needs, { engine }) {
    if (engine === 'kernel') return engine;
    throw new AppError('invalid-config', 'the VPP engine is not part of this release; --engine kernel is', {
      field: 'engine',
    });
  },
});
