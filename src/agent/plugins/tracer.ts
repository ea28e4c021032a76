import { definePlugin, optional } from '../../app/index.ts';
import { Tracer } from '../trace/tracer.ts';
import type { TraceEngine } from '../trace/trace.ts';
import { kernelPlugin } from './kernel.ts';
import { schedulerPlugin } from './scheduler.ts';
import { vppPlugin } from './vpp.ts';

/** Sends packets through the data plane, of whichever engine is the switch, and says what decides their way. */
export const tracerPlugin = definePlugin({
  name: 'tracer',
  description: 'sends packets through the data plane and tells their way',
  needs: { scheduler: schedulerPlugin, kernel: optional(kernelPlugin), vpp: optional(vppPlugin) },
  start({ scheduler, kernel, vpp }) {
    const macs = async (signal: AbortSignal) => {
      const { readMacs } = await import('../trace/macs.ts');
      return readMacs({ scheduler, driver: kernel?.driver, client: vpp?.client }, signal);
    };
    return new Tracer({ scheduler, macs, engine: engineOf() });

    /** Loaded when it is used. */
    function engineOf(): (() => Promise<TraceEngine>) | undefined {
      if (vpp) return async () => (await import('../trace/vpp/engine.ts')).vppTraceEngine(vpp, scheduler);
      if (!kernel) return undefined;
      return async () => (await import('../trace/kernel/engine.ts')).kernelTraceEngine(kernel, scheduler);
    }
  },
});
