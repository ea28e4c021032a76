/** Bridge domains in the Linux kernel. */

import type { Handler } from '../../scheduler/handler.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { KernelEngine } from '../kernel/engine.ts';
import { arpEntryHandler } from './kernel/arp-entry.ts';
import { AttachedPorts } from './kernel/attached-ports.ts';
import { BridgeRules } from './kernel/bridge-rules.ts';
import { domainHandler } from './kernel/domain.ts';
import { portHandler } from './kernel/port.ts';
import { watchBridges } from './kernel/watch.ts';

/** What the handlers and the watch of one engine share. */
const attached = new WeakMap<KernelEngine, AttachedPorts>();

function portsOf(engine: KernelEngine): AttachedPorts {
  const ports = attached.get(engine) ?? new AttachedPorts();
  attached.set(engine, ports);
  return ports;
}

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  const rules = new BridgeRules(engine);
  return [
    domainHandler(engine, rules),
    portHandler(engine, rules, portsOf(engine)),
    arpEntryHandler(engine, rules),
  ] as readonly Handler[];
}

export function watch(engine: KernelEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  watchBridges(engine, portsOf(engine), scheduler, signal);
  return Promise.resolve();
}
