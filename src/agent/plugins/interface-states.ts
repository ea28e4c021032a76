import { definePlugin, optional } from '../../app/index.ts';
import { InterfaceStates } from '../interfaces/interface-states.ts';
import { kernelPlugin } from './kernel.ts';
import { schedulerPlugin } from './scheduler.ts';

/** State and counters of interfaces, of whichever engine; other engines add their readers with `addReader`. */
export const interfaceStatesPlugin = definePlugin({
  name: 'interface-states',
  description: 'reads states and counters of interfaces',
  needs: { scheduler: schedulerPlugin, kernel: optional(kernelPlugin) },
  async start({ scheduler, kernel }) {
    const states = new InterfaceStates();
    if (kernel !== undefined) {
      const { kernelInterfaces } = await import('../interfaces/kernel-interfaces.ts');
      states.addReader(kernelInterfaces(scheduler, kernel.driver));
    }
    return states;
  },
});
