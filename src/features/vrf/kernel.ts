/** VRF tables in the Linux kernel. */

import type { Handler } from '../../scheduler/handler.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { KernelEngine } from '../kernel/engine.ts';
import { RuleVrfs } from '../kernel/rule-vrf/rule-vrfs.ts';
import { upkeeps } from '../kernel/upkeep.ts';
import { learnVrfDevices } from '../kernel/vrf-devices.ts';
import { vrfHandler } from './kernel/vrf.ts';

const upkeepOf = upkeeps();

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  return [vrfHandler(engine, upkeepOf(engine))] as readonly Handler[];
}

export async function watch(engine: KernelEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  upkeepOf(engine).watch(scheduler, signal);
  RuleVrfs.of(engine).watch(scheduler, signal);
  await learnVrfDevices(engine);
}
