/** Linux interfaces in the Linux kernel. */

import type { Handler } from '../../scheduler/handler.ts';
import type { Capabilities } from '../../kernel/probe/capabilities.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { KernelEngine } from '../kernel/engine.ts';
import { linuxAddressHandler } from './kernel/address.ts';
import { linuxInterfaceHandler } from './kernel/interface.ts';
import { watchHost } from './kernel/watch.ts';
import { linuxVrfHandler } from './kernel/vrf.ts';

/** What this kernel can do; known before the first commit. */
const capabilities = new WeakMap<KernelEngine, Capabilities>();

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  return [
    linuxInterfaceHandler(engine, (feature) => capabilities.get(engine)?.missing(feature)),
    linuxVrfHandler(engine),
    linuxAddressHandler(engine),
  ] as readonly Handler[];
}

export async function watch(engine: KernelEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  capabilities.set(engine, await engine.driver.capabilities());
  await watchHost(engine, scheduler, signal);
}
