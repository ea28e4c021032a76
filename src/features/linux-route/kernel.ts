/** Linux routes in the Linux kernel. */

import type { Handler } from '../../scheduler/handler.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { KernelEngine } from '../kernel/engine.ts';
import { upkeeps } from '../kernel/upkeep.ts';
import { linuxRouteHandler } from './kernel/route.ts';

const upkeepOf = upkeeps();

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  return [linuxRouteHandler(engine, upkeepOf(engine))] as readonly Handler[];
}

export function watch(engine: KernelEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  upkeepOf(engine).watch(scheduler, signal);
  return Promise.resolve();
}
