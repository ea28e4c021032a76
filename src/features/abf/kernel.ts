/** Forwarding by access list in the Linux kernel. */

import type { Handler } from '../../scheduler/handler.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import { routingTables, rulePreferences } from '../../kernel/pipeline/numbers.ts';
import type { KernelEngine } from '../kernel/engine.ts';
import { PathUpkeep } from '../kernel/path-upkeep.ts';
import { SharedTable } from '../kernel/shared-table.ts';
import { bindingHandler } from './kernel/binding.ts';
import { policyHandler } from './kernel/policy.ts';
import { abfTable, sharedOperations } from './kernel/program.ts';

interface Shared {
  readonly upkeep: PathUpkeep;
  readonly table: SharedTable;
}

/** What handlers and watch of one engine share. */
const known = new WeakMap<KernelEngine, Shared>();

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  const { upkeep, table } = sharedOf(engine);
  return [policyHandler(engine, table, upkeep), bindingHandler(table)] as readonly Handler[];
}

export function watch(engine: KernelEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  const { upkeep, table } = sharedOf(engine);
  const stop = table.nft.watch(
    ({ name }) => name === abfTable.name,
    () => {
      table.forget();
      const kinds = ['vpp.abfs.abf', 'vpp.abfs.abf.interface'];
      const keys = kinds.flatMap((kind) => Array.from(scheduler.snapshot().nodes({ kind }), ({ key }) => key));
      if (keys.length > 0) scheduler.recheck(keys, 'ABF policies were changed by somebody else');
    },
  );
  signal.addEventListener('abort', stop, { once: true });
  return upkeep.watch(scheduler, signal);
}

function sharedOf(engine: KernelEngine): Shared {
  let shared = known.get(engine);
  if (shared) return shared;
  const upkeep = new PathUpkeep(engine, { tables: routingTables.abf, rules: rulePreferences.abf });
  const table = new SharedTable(engine.driver.nft(engine.driver.vswitch), abfTable, sharedOperations);
  known.set(engine, (shared = { upkeep, table }));
  return shared;
}
