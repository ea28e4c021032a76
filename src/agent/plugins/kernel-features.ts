import { AppError, definePlugin } from '../../app/index.ts';
import { features } from '../../features/index.ts';
import { kernelEngine } from '../../features/kernel/engine.ts';
import { register } from '../../features/register.ts';
import { offUnless } from './engine.ts';
import { kernelPlugin } from './kernel.ts';
import { schedulerPlugin } from './scheduler.ts';

/** Everything the built-in models declare, made by the Linux kernel; what it cannot make is UNIMPLEMENTED. */
export const kernelFeaturesPlugin = definePlugin({
  name: 'kernel-features',
  description: 'interfaces, bridge domains, routes and the like, in the Linux kernel',
  off: offUnless('kernel'),
  needs: { scheduler: schedulerPlugin, kernel: kernelPlugin },
  async start({ scheduler, kernel }, _config, { signal }) {
    if (!kernel) throw new AppError('usage', 'the kernel engine is not open');
    scheduler.addEngine(kernelEngine);
    await register(scheduler, features, { kernel }, signal);
    return { scheduler, kernel };
  },
  // The driver goes next: nothing may be under way in it any more.
  stop: ({ scheduler }) => scheduler.close(),
});
