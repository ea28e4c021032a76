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
    const macs = async (signal: AbortSignal) => {
      const reading = await interfaces.read(signal);
      return new Map(reading.interfaces.map(({ key, mac }) => [key, mac]));
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
