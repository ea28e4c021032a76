/** Routes in the Linux kernel. */

import type { Handler } from '../../scheduler/handler.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { KernelEngine } from '../kernel/engine.ts';
import { routeHandler } from './kernel/route.ts';
import { Upkeep } from './kernel/upkeep.ts';

const upkeeps = new WeakMap<KernelEngine, Upkeep>();

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  return [routeHandler(engine, upkeepOf(engine))] as readonly Handler[];
}

/** Routes come back when what they need does. */
export function watch(engine: KernelEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  return upkeepOf(engine).watch(scheduler, signal);
}

function upkeepOf(engine: KernelEngine): Upkeep {
  let upkeep = upkeeps.get(engine);
  if (!upkeep) upkeeps.set(engine, (upkeep = new Upkeep(engine)));
  return upkeep;
}
