/** MAC addresses of interfaces by key, of the switch and of Linux, as they are now. Counters are not asked for: VPP keeps them elsewhere. */

import type { VppInterface } from '../../features/interface/vpp-metadata.ts';
import type { KernelDriver } from '../../kernel/driver.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { VppClient } from '../../vpp/index.ts';
import { kernelInterfaces } from '../interfaces/kernel-interfaces.ts';

export interface MacSources {
  readonly scheduler: Scheduler;
  readonly driver?: KernelDriver | undefined;
  readonly client?: VppClient | undefined;
}

export async function readMacs(
  { scheduler, driver, client }: MacSources,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const macs = new Map<string, string>();
  if (driver) for (const { key, mac } of await kernelInterfaces(scheduler, driver).read(signal)) macs.set(key, mac);
  if (!client) return macs;
  const found = await client.list('sw_interface_dump', {}, { signal });
  const addresses = new Map(found.map(({ sw_if_index, l2_address }) => [sw_if_index, l2_address]));
  for (const { key, metadata } of scheduler.snapshot().nodes({ kind: 'vpp.interfaces' })) {
    const address = addresses.get((metadata as VppInterface | undefined)?.swIfIndex ?? -1);
    if (address !== undefined) macs.set(key, address);
  }
  return macs;
}
