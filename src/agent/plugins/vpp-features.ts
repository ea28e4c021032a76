import { definePlugin } from '../../app/index.ts';
import { features } from '../../features/index.ts';
import { register } from '../../features/register.ts';
import { vppEngine } from '../../features/vpp-engine.ts';
import { resyncWhenVppComesBack } from '../../features/vpp-resync.ts';
import { offUnless } from './engine.ts';
import { schedulerPlugin } from './scheduler.ts';
import { vppPlugin } from './vpp.ts';

/** Everything the built-in models declare, made by VPP; what it cannot make is UNIMPLEMENTED. */
export const vppFeaturesPlugin = definePlugin({
  name: 'vpp-features',
  description: 'interfaces, bridge domains, routes and the like, in FD.io VPP',
  off: offUnless('vpp'),
  needs: { scheduler: schedulerPlugin, vpp: vppPlugin },
  async start({ scheduler, vpp }, _config, { signal }) {
    scheduler.addEngine(vppEngine);
    await register(scheduler, features, { vpp }, signal);
    return { scheduler, vpp };
  },
  started({ scheduler, vpp }, { signal }) {
    if (vpp.resyncs) resyncWhenVppComesBack(vpp, scheduler, signal);
  },
  // The client goes next: nothing may be under way in it any more.
  stop: ({ scheduler }) => scheduler.close(),
});
