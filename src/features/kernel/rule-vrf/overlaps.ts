/**
 * Subnets of the router's interfaces, by VRF. Where VRFs have no devices, the kernel has one list of own addresses, and one of
 * connections: what is in two VRFs could not be told apart.
 */

import { formatPrefix, isLinkLocal, networkOf, overlaps } from '../../../model/address.ts';
import type { Ip, Prefix } from '../../../model/address.ts';
import type { Key } from '../../../model/key.ts';

export interface Subnet {
  readonly vrf: number;
  /** With the address in it. */
  readonly prefix: Prefix;
  /** Name of the interface. */
  readonly owner: string;
}

export class Subnets {
  readonly #byVrf = new Map<number, Map<Key, Subnet>>();
  readonly #vrfs = new Map<Key, number>();
  readonly #refused = new Map<Key, string>();

  /** What it overlaps with, in which case it is not taken. */
  claim(key: Key, subnet: Subnet): Subnet | undefined {
    this.release(key);
    const other = this.#overlapping(subnet);
    if (other) {
      this.#refused.set(key, subnet.owner);
      return other;
    }
    this.#refused.delete(key);
    const subnets = this.#byVrf.get(subnet.vrf) ?? new Map<Key, Subnet>();
    this.#byVrf.set(subnet.vrf, subnets.set(key, subnet));
    this.#vrfs.set(key, subnet.vrf);
    return undefined;
  }

  /** True when it was taken. */
  release(key: Key): boolean {
    this.#refused.delete(key);
    const vrf = this.#vrfs.get(key);
    if (vrf === undefined) return false;
    this.#vrfs.delete(key);
    const subnets = this.#byVrf.get(vrf)!;
    subnets.delete(key);
    if (subnets.size === 0) this.#byVrf.delete(vrf);
    return true;
  }

  /** Names of interfaces with an address that was refused. */
  get refused(): ReadonlySet<string> {
    return new Set(this.#refused.values());
  }

  #overlapping({ vrf, prefix }: Subnet): Subnet | undefined {
    if (isEverywhere(prefix.address)) return undefined;
    const network = networkOf(prefix);
    for (const [other, subnets] of this.#byVrf) {
      if (other === vrf) continue;
      for (const subnet of subnets.values()) if (overlaps(network, networkOf(subnet.prefix))) return subnet;
    }
    return undefined;
  }
}

export function overlapText({ vrf, prefix }: Omit<Subnet, 'owner'>, other: Subnet): string {
  return `kernel: ${formatPrefix(prefix)} in VRF ${vrf} overlaps with ${formatPrefix(other.prefix)} of ${other.owner} in VRF ${other.vrf}: only vrf devices (kernel module vrf) keep subnets that overlap apart`;
}

/** Link-local addresses of IPv6 are those of a link, whatever VRF it is in. */
export function isEverywhere(address: Ip): boolean {
  return address.family === 6 && isLinkLocal(address);
}
