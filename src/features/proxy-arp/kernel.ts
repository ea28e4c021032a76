/** Proxy ARP in the Linux kernel. */

import type { Handler } from '../../scheduler/handler.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { KernelEngine } from '../kernel/engine.ts';
import { proxyInterfaceHandler } from './kernel/interface.ts';
import { rangesHandler } from './kernel/ranges.ts';
import { proxyTable } from './kernel/table.ts';
import { PROXY_ARP_KEY } from './model.ts';

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  return [rangesHandler(engine), proxyInterfaceHandler(engine)] as readonly Handler[];
}

export function watch({ driver }: KernelEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  const stop = driver.nft(driver.vswitch).watch(
    ({ name }) => name === proxyTable.name,
    () => scheduler.recheck([PROXY_ARP_KEY], 'nftables changed'),
  );
  signal.addEventListener('abort', stop, { once: true });
  return Promise.resolve();
}
