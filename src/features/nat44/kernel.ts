/** NAT44 in the Linux kernel: one nftables table of flat maps, connections tracked by the kernel. */

import type { Handler } from '../../scheduler/handler.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { KernelEngine } from '../kernel/engine.ts';
import { dnatHandler } from './kernel/dnat.ts';
import { globalHandler } from './kernel/global.ts';
import { interfaceHandlers } from './kernel/interface.ts';
import { Nat } from './kernel/nat.ts';
import { poolHandlers } from './kernel/pool.ts';
import { vrfHandlers } from './kernel/vrf.ts';
import { watchTable } from './kernel/watch.ts';

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  const nat = Nat.of(engine);
  return [
    globalHandler(nat),
    ...interfaceHandlers(nat),
    ...poolHandlers(nat),
    dnatHandler(nat),
    ...vrfHandlers(nat),
  ] as readonly Handler[];
}

export function watch(engine: KernelEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  watchTable(Nat.of(engine), scheduler, signal);
  return Promise.resolve();
}
