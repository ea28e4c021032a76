/** Network cards by the names that VPP gives them: the PCI address in them leads to the kernel's device. */

import { readdirSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * PCI address (`0000:0b:00.0`) that a name contains: `GigabitEthernet0/8/0` (bus/slot/function, hexadecimal), with the domain before
 * it where that is not 0, or `vmxnet3-0/b/0/0`. Undefined: the name contains none.
 */
export function pciAddressOf(name: string): string | undefined {
  const found = /^(?:vmxnet3-|[A-Za-z0-9]*Ethernet|[A-Za-z]+E)((?:[0-9a-f]{1,4}\/){2,3}[0-7])$/i.exec(name);
  if (!found) return undefined;
  const numbers = found[1]!.split('/').map((part) => Number.parseInt(part, 16));
  const [domain, bus, slot, fn] = numbers.length === 4 ? numbers : [0, ...numbers];
  if (bus! > 0xff || slot! > 0x1f) return undefined;
  const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, '0');
  return `${hex(domain!, 4)}:${hex(bus!, 2)}:${hex(slot!, 2)}.${fn}`;
}

/** Name of the network device of a PCI address, where `directory` lists devices with a link `device` each. */
export function deviceAtPci(address: string, directory = '/sys/class/net'): string | undefined {
  for (const name of list(directory)) if (parentOf(join(directory, name, 'device')) === address) return name;
  return undefined;
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Undefined: it has no device behind it, or went in this moment. A virtio card is one step further from its PCI address. */
function parentOf(link: string): string | undefined {
  try {
    const target = readlinkSync(link);
    return /^virtio\d+$/.test(basename(target)) ? basename(join(target, '..')) : basename(target);
  } catch {
    return undefined;
  }
}
