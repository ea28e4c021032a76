/** Virtual routers in the Linux kernel, by keepalived. */

import type { Handler } from '../../scheduler/handler.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import { KernelDaemon } from '../kernel/daemon.ts';
import type { KernelEngine } from '../kernel/engine.ts';
import { vrrpHandler } from './kernel/router.ts';
import { VrrpStates } from './kernel/states.ts';
import { vrrpEntry } from './model.ts';

interface Shared {
  readonly daemon: KernelDaemon;
  readonly states: VrrpStates;
}

/** What handlers and watch of one engine share. */
const known = new WeakMap<KernelEngine, Shared>();

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  const { daemon, states } = sharedOf(engine);
  return [vrrpHandler(engine, daemon, states)] as readonly Handler[];
}

export function watch(engine: KernelEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  const { daemon, states } = sharedOf(engine);
  daemon.watch(scheduler, vrrpEntry.name, signal);
  states.watch(scheduler, signal);
  return Promise.resolve();
}

function sharedOf(engine: KernelEngine): Shared {
  let shared = known.get(engine);
  if (shared) return shared;
  const daemon = new KernelDaemon(engine, {
    name: 'vrrp',
    command: 'keepalived',
    debianPackage: 'keepalived',
    reloads: true,
    args: (file) => ['-n', '-l', '-P', '-f', file, '-p', `${file}.pid`, '-r', `${file}.vrrp.pid`],
  });
  known.set(engine, (shared = { daemon, states: new VrrpStates(engine) }));
  return shared;
}
