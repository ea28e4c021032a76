/** Whose MAC address a next hop has. */

import { formatIp, formatMac, type Ip } from '../../../model/address.ts';
import type { Hop } from '../trace.ts';
import type { Lookups } from './lookups.ts';
import type { KernelNames, NamedDevice } from './names.ts';

export interface FoundNeighbour {
  readonly hop: Hop;
  readonly mac: Uint8Array;
}

export async function neighbourHop(
  address: Ip,
  device: NamedDevice,
  { names, lookups }: { readonly names: KernelNames; readonly lookups: Lookups },
): Promise<FoundNeighbour | undefined> {
  const neighbour = await lookups.neighbour(address, device.index);
  if (!neighbour?.mac || neighbour.mac.length !== 6) return undefined;
  const key = neighbourKey(device.name, formatIp(address), names);
  const how = key === undefined ? `found by ${address.family === 6 ? 'ND' : 'ARP'}` : 'configured';
  const text = `${formatIp(address)} on ${device.name} is ${formatMac(neighbour.mac)} (${how})`;
  return { hop: { by: 'neighbour', text, observed: false, ...(key !== undefined && { key }) }, mac: neighbour.mac };
}

function neighbourKey(name: string, address: string, names: KernelNames): string | undefined {
  for (const { key, applied } of names.snapshot().nodes({ kind: 'vpp.arp' })) {
    const entry = applied as { interface: string; ipAddress: string } | null;
    if (entry?.interface === name && entry.ipAddress === address) return key;
  }
  return undefined;
}
