/** One trace at a time: packets of several would be told apart, but their tables are one. */

import { randomInt } from 'node:crypto';
import { formatMac } from '../../model/address.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import { probeOf } from './endpoints.ts';
import { headerOfProbe } from './packet.ts';
import { TraceError } from './trace-error.ts';
import type { Probe, Trace, TraceEngine, TraceRequest } from './trace.ts';

export interface TracerOptions {
  readonly scheduler: Scheduler;
  /** MAC addresses of interfaces, by key. */
  macs(signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** From the first on, below the second; for what tells packets apart. Default: random numbers. */
  readonly random?: (first: number, below: number) => number;
  /** Called at each trace. Undefined: this agent programs none that can. */
  readonly engine: (() => Promise<TraceEngine>) | undefined;
}

export class Tracer {
  readonly #options: TracerOptions;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: TracerOptions) {
    this.#options = options;
  }

  trace(request: TraceRequest, signal: AbortSignal): Promise<Trace> {
    const run = this.#turn.then(() => this.#trace(request, signal));
    this.#turn = run.catch(() => undefined);
    return run;
  }

  async #trace(request: TraceRequest, signal: AbortSignal): Promise<Trace> {
    signal.throwIfAborted();
    const { scheduler, engine: open, random = randomInt } = this.#options;
    if (!open) throw new TraceError('this agent programs neither the kernel nor VPP', undefined, 'unimplemented');
    const engine = await open();
    const probe = await probeOf(request, {
      snapshot: scheduler.snapshot(),
      macs: await this.#options.macs(signal),
      random,
      locate: (address, vrf) => engine.locate(address, vrf),
    });
    const result = await engine.send(probe, signal);
    return { engine: engine.name, packet: packetView(probe), ...result };
  }
}

function packetView(probe: Probe): Trace['packet'] {
  const { input, sourceMac, destinationMac } = probe;
  if (input === undefined) return headerOfProbe(probe);
  const macs = { sourceMac: formatMac(sourceMac), destinationMac: formatMac(destinationMac) };
  return { ...headerOfProbe(probe), interface: input, ...macs };
}
