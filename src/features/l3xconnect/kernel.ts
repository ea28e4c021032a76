/** Cross-connects of IP packets in the Linux kernel. */

import type { Handler } from '../../scheduler/handler.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import { routingTables, rulePreferences } from '../../kernel/pipeline/numbers.ts';
import type { KernelEngine } from '../kernel/engine.ts';
import { PathUpkeep } from '../kernel/path-upkeep.ts';
import { l3xconnectHandler } from './kernel/handler.ts';
import { Marking } from './kernel/marking.ts';

interface Shared {
  readonly upkeep: PathUpkeep;
  readonly marking: Marking;
}

/** What handlers and watch of one engine share. */
const known = new WeakMap<KernelEngine, Shared>();

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  const { upkeep, marking } = sharedOf(engine);
  return [l3xconnectHandler(engine, upkeep, marking)] as readonly Handler[];
}

export function watch(engine: KernelEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  const { upkeep, marking } = sharedOf(engine);
  marking.watch(scheduler, signal);
  return upkeep.watch(scheduler, signal);
}

function sharedOf(engine: KernelEngine): Shared {
  let shared = known.get(engine);
  if (shared) return shared;
  const numbers = { tables: routingTables.l3CrossConnect, rules: rulePreferences.l3CrossConnect };
  const marking = new Marking(engine.driver.nft(engine.driver.vswitch));
  known.set(engine, (shared = { upkeep: new PathUpkeep(engine, numbers), marking }));
  return shared;
}
