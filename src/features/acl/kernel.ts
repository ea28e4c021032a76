/** Access lists in the Linux kernel: nftables on the ingress and egress of devices. */

import type { Handler } from '../../scheduler/handler.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { KernelEngine } from '../kernel/engine.ts';
import { aclHandler } from './kernel/acl.ts';
import { bindingHandler } from './kernel/binding.ts';
import { MacipBinding } from './kernel/macip.ts';
import { createAclTables } from './kernel/program.ts';
import type { SpreadTables } from '../kernel/spread-tables.ts';
import { watchTables } from './kernel/watch.ts';

interface Programs {
  readonly lists: SpreadTables;
  readonly macip: MacipBinding;
}

/** What handlers and watch of one engine share. */
const programs = new WeakMap<KernelEngine, Programs>();

function programsOf(engine: KernelEngine): Programs {
  let found = programs.get(engine);
  if (!found) {
    const nft = engine.driver.nft(engine.driver.vswitch);
    found = { lists: createAclTables(nft), macip: new MacipBinding(nft) };
    programs.set(engine, found);
  }
  return found;
}

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  const { lists, macip } = programsOf(engine);
  return [aclHandler(lists, macip), bindingHandler(lists, macip)] as readonly Handler[];
}

export function watch(engine: KernelEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  const { lists, macip } = programsOf(engine);
  watchTables([lists, macip.tables], scheduler, signal);
  return Promise.resolve();
}
