/** VRF tables in the Linux kernel. */

import type { Handler } from '../../scheduler/handler.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { KernelEngine } from '../kernel/engine.ts';
import { upkeeps } from '../kernel/upkeep.ts';
import { vrfHandler } from './kernel/vrf.ts';

const upkeepOf = upkeeps();
/** Why this kernel has no vrf devices; known before the first commit. */
const lacking = new WeakMap<KernelEngine, string>();

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  return [vrfHandler(engine, upkeepOf(engine), () => lacking.get(engine))] as readonly Handler[];
}

export async function watch(engine: KernelEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  upkeepOf(engine).watch(scheduler, signal);
  const reason = (await engine.driver.capabilities()).missing('vrf');
  if (reason !== undefined) lacking.set(engine, reason);
}
