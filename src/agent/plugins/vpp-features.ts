import { definePlugin } from '../../app/index.ts';
import { features } from '../../features/index.ts';
import { kernelEngine } from '../../features/kernel/engine.ts';
import { register } from '../../features/register.ts';
import { vppEngine } from '../../features/vpp/engine.ts';
import type { VppEngine } from '../../features/vpp/engine.ts';
import { resyncWhenVppComesBack, type VppCondition } from '../../features/vpp/resync.ts';
import { VppLife } from '../vpp-process/life.ts';
import { offUnless } from './engine.ts';
import { kernelPlugin } from './kernel.ts';
import { schedulerPlugin } from './scheduler.ts';
import { type ConnectedVpp, vppPlugin } from './vpp.ts';

/**
 * Everything the built-in models declare, made by VPP, and the Linux models by the kernel of its host; what they cannot make is
 * UNIMPLEMENTED.
 */
export const vppFeaturesPlugin = definePlugin({
  name: 'vpp-features',
  description: 'interfaces, bridge domains, routes and the like, in FD.io VPP',
  off: offUnless('vpp'),
  needs: { scheduler: schedulerPlugin, vpp: vppPlugin, kernel: kernelPlugin },
  async start({ scheduler, vpp, kernel }, _config, { signal }) {
    scheduler.addEngine(vppEngine);
    scheduler.addEngine(kernelEngine);
    // Nothing can be read of a VPP that is not there, nor is it known what it can do.
    if (!vpp.client.isConnected) scheduler.hold(() => absence(vpp), vpp.client.connected);
    const engine: VppEngine = kernel ? { ...vpp, host: { ...kernel, besideVpp: true } } : vpp;
    await register(scheduler, features, { vpp: engine }, signal);
    return { scheduler, vpp, kernel };
  },
  started({ scheduler, vpp }, { signal, application: { metrics }, log, report }) {
    const { client, process, resyncs } = vpp;
    const absent = client.version === '' ? absence(vpp) : undefined;
    const life = new VppLife({ client, process, metrics, log, report, absent });
    const tell = (condition: VppCondition): void => {
      life.tell(condition);
      vpp.conditions.tell(condition);
    };
    resyncWhenVppComesBack(vpp, scheduler, signal, { heals: resyncs, tell });
    signal.addEventListener('abort', () => life.close(), { once: true });
  },
  // The client goes next: nothing may be under way in it any more.
  stop: ({ scheduler }) => scheduler.close(),
  health: { reportsItself: true },
});

function absence({ apiSocket, process }: ConnectedVpp): string {
  return `VPP is not there yet: ${process?.trouble ?? apiSocket}`;
}
