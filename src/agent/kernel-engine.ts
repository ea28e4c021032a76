/** Puts the kernel engine together: driver, nftables ports, the vswitch namespace. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { KernelEngine } from '../features/kernel/engine.ts';
import { AppError } from '../app/index.ts';
import { createKernelDriver } from '../kernel/create.ts';
import { isKernelError } from '../kernel/errors.ts';
import type { KernelLog } from '../kernel/driver.ts';
import type { Ledger } from '../kernel/ledger.ts';
import { prepareVswitch } from '../kernel/vswitch/prepare.ts';
import { lockNamespace } from './namespace-lock.ts';

export interface KernelEngineOptions {
  readonly owner: string;
  /** False: VPP is the switch, and the namespace is left as it is. */
  readonly isSwitch: boolean;
  readonly namespace?: string;
  readonly namespaceDirectory: string;
  readonly adopt: ReadonlySet<string>;
  readonly ledger: Ledger;
  readonly log: KernelLog;
}

export interface OpenKernelEngine extends KernelEngine {
  /** Lets another agent program the vswitch namespace. */
  unlock?(): Promise<void>;
}

/** Rejects with AppError `conflict` when another agent programs the vswitch namespace. */
export async function openKernelEngine(options: KernelEngineOptions): Promise<OpenKernelEngine> {
  const { owner, isSwitch, adopt, ledger, log, namespace, namespaceDirectory } = options;
  const { made, isNew } = await rememberNamespace(options);
  const driver = await createKernelDriver({
    namespaceDirectory,
    ledger,
    log,
    ...(namespace === undefined ? {} : { namespace }),
  }).catch(explain);
  let unlock = (): Promise<void> => Promise.resolve();
  try {
    if (isSwitch) {
      unlock = await lockNamespace(driver.vswitch, { label: owner, log });
      await prepareVswitch(driver, log);
    }
  } catch (error) {
    await unlock();
    if (isNew && made !== undefined) await removeVswitch({ driver, ledger, madeNamespace: made });
    await driver.close();
    throw error;
  }
  const namespaceOfOurs = made === undefined ? {} : { madeNamespace: made };
  return { driver, owner, adopt, ledger, unlock, ...namespaceOfOurs, ...(isNew ? { isNew } : {}) };
}

/** Takes away the vswitch namespace that the agent made, with everything in it, and what is remembered of it. */
export async function removeVswitch({
  driver,
  ledger,
  madeNamespace,
}: Pick<KernelEngine, 'driver' | 'ledger' | 'madeNamespace'>): Promise<void> {
  if (madeNamespace === undefined || !driver.namespaces.find({ type: 'name', name: madeNamespace })) return;
  await driver.sysctl(driver.vswitch).restoreAll();
  await driver.idle();
  driver.namespaces.delete(madeNamespace);
  await ledger?.delete(entryOf(madeNamespace));
}

/** The name of the namespace if it is the agent's own: not there before, or noted in the ledger by an earlier run. */
async function rememberNamespace({
  namespace,
  namespaceDirectory,
  ledger,
}: KernelEngineOptions): Promise<{ readonly made?: string; readonly isNew: boolean }> {
  if (namespace === undefined) return { isNew: false };
  const isNew = !existsSync(join(namespaceDirectory, namespace));
  if (isNew) await ledger.set(entryOf(namespace), 'made');
  return { isNew, ...(ledger.get(entryOf(namespace)) === undefined ? {} : { made: namespace }) };
}

/** In the ledger. */
function entryOf(namespace: string): string {
  return `namespace/${namespace}`;
}

function explain(error: unknown): never {
  if (!isKernelError(error, 'EPERM', 'EACCES')) throw error;
  const hint = 'run the agent as root, or in namespaces of your own: unshare -Urnm ligature agent ...';
  throw new AppError('insecure', `${error.message}; ${hint}`, { cause: error });
}
