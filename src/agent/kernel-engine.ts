/** Puts the kernel engine together: driver, nftables ports, the vswitch namespace. */

import type { KernelEngine } from '../features/kernel-engine.ts';
import { createKernelDriver } from '../kernel/create.ts';
import type { KernelLog } from '../kernel/driver.ts';
import type { Ledger } from '../kernel/ledger.ts';
import { prepareVswitch } from '../kernel/vswitch/prepare.ts';

export interface KernelEngineOptions {
  readonly owner: string;
  readonly namespace?: string;
  readonly namespaceDirectory: string;
  readonly adopt: ReadonlySet<string>;
  readonly ledger: Ledger;
  readonly log: KernelLog;
}

export async function openKernelEngine(options: KernelEngineOptions): Promise<KernelEngine> {
  const { owner, adopt, ledger, log, namespace, namespaceDirectory } = options;
  const driver = await createKernelDriver({
    namespaceDirectory,
    ledger,
    log,
    ...(namespace === undefined ? {} : { namespace }),
  });
  try {
    await prepareVswitch(driver, log);
  } catch (error) {
    await driver.close();
    throw error;
  }
  return { driver, owner, adopt };
}
