/** The PCI address of a network card, whichever namespace it is in. */

import { readlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Link } from '../../kernel/netlink/link.ts';

/** `0000:0b:00.0`; undefined: there is no card behind the device. A virtio card is one step further from it. */
export function pciAddressOfLink(
  { parentBus, parentDevice }: Pick<Link, 'parentBus' | 'parentDevice'>,
  virtioDevices = '/sys/bus/virtio/devices',
): string | undefined {
  if (parentDevice === undefined) return undefined;
  if (parentBus === 'pci') return parentDevice;
  if (parentBus !== 'virtio') return undefined;
  try {
    const parent = basename(dirname(readlinkSync(join(virtioDevices, parentDevice))));
    return PCI.test(parent) ? parent : undefined;
  } catch {
    return undefined;
  }
}

const PCI = /^[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/;
