import { definePlugin, optional } from '../../app/index.ts';
import { InterfaceStates } from '../interfaces/interface-states.ts';
import { kernelPlugin } from './kernel.ts';
import { vppStatsPlugin } from './vpp-stats.ts';
import { vppPlugin } from './vpp.ts';
import { schedulerPlugin } from './scheduler.ts';

/** State and counters of interfaces, of whichever engine; other engines add their readers with `addReader`. */
export const interfaceStatesPlugin = definePlugin({
  name: 'interface-states',
  description: 'reads states and counters of interfaces',
  needs: {
    scheduler: schedulerPlugin,
    kernel: optional(kernelPlugin),
    vpp: optional(vppPlugin),
    stats: optional(vppStatsPlugin),
  },
  async start({ scheduler, kernel, vpp, stats }) {
    const states = new InterfaceStates();
    if (kernel !== undefined) {
      const { kernelInterfaces } = await import('../interfaces/kernel-interfaces.ts');
      states.addReader(kernelInterfaces(scheduler, kernel.driver));
    }
    if (vpp !== undefined && stats !== undefined) {
      const { vppInterfaces } = await import('../interfaces/vpp-interfaces.ts');
      states.addReader(vppInterfaces(scheduler, vpp.client, stats));
    }
    return states;
  },
});
