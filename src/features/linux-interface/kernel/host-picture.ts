/** What the scheduler was told of the devices of the agent's namespace; tells the differences. */

import { formatPrefix } from '../../../model/address.ts';
import type { KernelEvent } from '../../../kernel/events/events.ts';
import type { Link } from '../../../kernel/netlink/link.ts';
import type { Notification } from '../../../scheduler/scheduler.ts';
import { pciAddressOfLink } from '../../kernel/pci-address.ts';
import { hostAddressKey, hostNameKey, hostVrfKey } from '../model/keys.ts';
import { hostAddress, hostInterface, hostVrf } from '../model/parts.ts';

interface Device {
  readonly name: string;
  /** Index of the vrf device it belongs to. */
  readonly vrf: number | undefined;
  readonly addresses: Set<string>;
}

export class HostPicture {
  readonly #tell: (notification: Notification) => void;
  readonly #devices = new Map<number, Device>();

  constructor(tell: (notification: Notification) => void) {
    this.#tell = tell;
  }

  take(event: KernelEvent): void {
    if (event.type === 'link') {
      if (event.action === 'set') this.#see(event.value);
      else this.#forget(event.value.index);
    } else if (event.type === 'address') {
      const device = this.#devices.get(event.value.link);
      if (device) this.#address(device, formatPrefix(event.value.address), event.action === 'set');
    }
  }

  /** Everything was read anew. */
  replace(links: readonly Link[], addresses: readonly (readonly [number, string])[]): void {
    const there = new Set(links.map((link) => link.index));
    for (const index of this.#devices.keys()) if (!there.has(index)) this.#forget(index);
    // A vrf device has to be known before its members.
    for (const link of links) this.#see({ ...link, portKind: '' });
    for (const link of links) this.#see(link);
    const found = new Map<number, Set<string>>(links.map((link) => [link.index, new Set()]));
    for (const [link, address] of addresses) found.get(link)?.add(address);
    for (const [index, device] of this.#devices) {
      const now = found.get(index);
      for (const address of [...device.addresses]) if (!now?.has(address)) this.#address(device, address, false);
      for (const address of now ?? []) this.#address(device, address, true);
    }
  }

  #see(link: Link): void {
    const vrf = link.portKind === 'vrf' ? link.master : undefined;
    const known = this.#devices.get(link.index);
    if (known && known.name !== link.name) {
      const addresses = new Set(known.addresses);
      this.#forget(link.index);
      return this.#meet(link, vrf, addresses);
    }
    if (!known) return this.#meet(link, vrf, new Set());
    if (known.vrf === vrf) return;
    this.#vrf(known, false);
    const device = { ...known, vrf };
    this.#devices.set(link.index, device);
    this.#vrf(device, true);
  }

  #meet(link: Link, vrf: number | undefined, addresses: ReadonlySet<string>): void {
    const { index, name } = link;
    const device = { name, vrf, addresses: new Set<string>() };
    this.#devices.set(index, device);
    const pciAddress = pciAddressOfLink(link);
    const value = { hostName: name, index, ...(pciAddress !== undefined && { pciAddress }) };
    this.#tell({ key: hostNameKey(name), kind: hostInterface.name, value });
    this.#vrf(device, true);
    for (const address of addresses) this.#address(device, address, true);
  }

  #forget(index: number): void {
    const device = this.#devices.get(index);
    if (!device) return;
    this.#devices.delete(index);
    for (const address of [...device.addresses]) this.#address(device, address, false);
    this.#vrf(device, false);
    this.#tell({ key: hostNameKey(device.name), kind: hostInterface.name, value: null });
  }

  #address({ name, addresses }: Device, address: string, there: boolean): void {
    if (addresses.has(address) === there) return;
    if (there) addresses.add(address);
    else addresses.delete(address);
    const value = there ? { hostName: name, address } : null;
    this.#tell({ key: hostAddressKey(name, address), kind: hostAddress.name, value });
  }

  #vrf({ name, vrf }: Device, there: boolean): void {
    const vrfHostName = vrf === undefined ? undefined : this.#devices.get(vrf)?.name;
    if (vrfHostName === undefined) return;
    const value = there ? { hostName: name, vrfHostName } : null;
    this.#tell({ key: hostVrfKey(name, vrfHostName), kind: hostVrf.name, value });
  }
}
