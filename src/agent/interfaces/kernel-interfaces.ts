/** Interfaces of the kernel engine: their devices, one list a namespace. */

import type { KernelInterface } from '../../features/interface/kernel-metadata.ts';
import type { KernelLinuxInterface } from '../../features/linux-interface/kernel-metadata.ts';
import type { KernelDriver } from '../../kernel/driver.ts';
import type { Namespace } from '../../kernel/namespace/namespace.ts';
import { isKernelError } from '../../kernel/errors.ts';
import { type Link, listLinks } from '../../kernel/netlink/link.ts';
import { formatMac } from '../../model/address.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { InterfaceReader, InterfaceState, LinkStatus } from './interface-states.ts';

interface Device {
  readonly key: string;
  readonly model: string;
  readonly name: string;
  readonly ifindex: number;
  readonly namespace: Namespace;
  readonly shared: boolean;
}

export function kernelInterfaces(scheduler: Scheduler, driver: KernelDriver): InterfaceReader {
  return {
    async read(signal) {
      const states: Omit<InterfaceState, 'since'>[] = [];
      for (const devices of byNamespace([...devicesOf(scheduler, driver)])) {
        signal.throwIfAborted();
        const links = await linksOf(driver, devices[0]!.namespace);
        for (const device of devices) {
          const link = links.get(device.ifindex);
          if (link !== undefined) states.push(stateOf(device, link));
        }
      }
      return states;
    },
    watch: (listener) => driver.events.subscribe(({ type }) => type === 'link' && listener()),
  };
}

function* devicesOf(scheduler: Scheduler, driver: KernelDriver): Generator<Device> {
  const snapshot = scheduler.snapshot();
  for (const { key, label, metadata } of snapshot.nodes({ kind: 'vpp.interfaces' })) {
    // Where VPP is the switch they have no device.
    const { ifindex, shared = false } = (metadata as Partial<KernelInterface> | undefined) ?? {};
    if (ifindex === undefined) continue;
    yield { key, model: 'vpp.interfaces', name: label, ifindex, namespace: driver.vswitch, shared };
  }
  for (const { key, label, metadata } of snapshot.nodes({ kind: 'linux.interfaces.interface' })) {
    const device = metadata as KernelLinuxInterface | undefined;
    if (device === undefined) continue;
    const { ifindex, namespace } = device;
    yield { key, model: 'linux.interfaces.interface', name: label, ifindex, namespace, shared: false };
  }
}

function byNamespace(devices: readonly Device[]): Iterable<readonly Device[]> {
  return Map.groupBy(devices, ({ namespace }) => namespace.id).values();
}

async function linksOf(driver: KernelDriver, namespace: Namespace): Promise<ReadonlyMap<number, Link>> {
  try {
    const links = await driver.rtnl(namespace).dump(listLinks({ statistics: true }));
    return new Map(links.map((link) => [link.index, link]));
  } catch (error) {
    // A container has gone; the scheduler learns of it by itself.
    if (isKernelError(error, 'ENOENT', 'ESRCH')) return new Map();
    throw error;
  }
}

function stateOf(device: Device, link: Link): Omit<InterfaceState, 'since'> {
  const { key, model, name, namespace, shared } = device;
  const statistics = link.statistics;
  return {
    key,
    model,
    name,
    device: link.name,
    index: link.index,
    place: namespace.label,
    admin: link.up ? 'UP' : 'DOWN',
    operational: operationalOf(link),
    mac: link.address.length === 6 ? formatMac(link.address) : '',
    mtu: link.mtu,
    shared,
    counters: {
      rxPackets: statistics?.rxPackets ?? 0n,
      rxBytes: statistics?.rxBytes ?? 0n,
      rxErrors: statistics?.rxErrors ?? 0n,
      rxDropped: statistics?.rxDropped ?? 0n,
      txPackets: statistics?.txPackets ?? 0n,
      txBytes: statistics?.txBytes ?? 0n,
      txErrors: statistics?.txErrors ?? 0n,
      txDropped: statistics?.txDropped ?? 0n,
      rxMulticast: statistics?.multicast ?? 0n,
      rxUnhandled: statistics?.rxNoHandler ?? 0n,
    },
  };
}

/** Loopbacks, tunnels and the like never say "up": RFC 2863 "unknown" with a carrier is what they are when they work. */
function operationalOf({ operationalState, lowerUp, up }: Link): LinkStatus {
  if (operationalState === 6) return 'UP';
  if (operationalState === 0) return up && lowerUp ? 'UP' : 'DOWN';
  return 'DOWN';
}
