import { definePlugin, optional } from '../../app/index.ts';
import { Tracer } from '../trace/tracer.ts';
import type { TraceEngine } from '../trace/trace.ts';
import { interfaceStatesPlugin } from './interface-states.ts';
import { kernelPlugin } from './kernel.ts';
import { schedulerPlugin } from './scheduler.ts';
import { vppPlugin } from './vpp.ts';

/** Sends packets through the data plane, of whichever engine is the switch, and says what decides their way. */
export const tracerPlugin = definePlugin({
  name: 'tracer',
  description: 'sends packets through the data plane and tells their way',
  needs: {
    scheduler: schedulerPlugin,
    interfaces: interfaceStatesPlugin,
    kernel: optional(kernelPlugin),
    vpp: optional(vppPlugin),
  },
  start({ scheduler, interfaces, kernel, vpp }) {
    return new Tracer({ scheduler, interfaces, engine: engineOf() });

    /** Loaded when it is used. */
    function engineOf(): (() => Promise<TraceEngine>) | undefined {
      if (vpp !== undefined || kernel === undefined) return undefined;
      return async () => (await import('../trace/kernel/engine.ts')).kernelTraceEngine(kernel, scheduler);
    }
  },
});
