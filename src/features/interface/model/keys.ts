/** Keys of VPP interfaces, their parts and what is told about them (vpp-agent's keys, unchanged). */

import { asKey } from '../../../model/key.ts';
import type { Key } from '../../../model/key.ts';

export const INTERFACE_PREFIX = 'config/vpp/v2/interfaces/';

export function interfaceKey(name: string): Key {
  return asKey(INTERFACE_PREFIX + name);
}

/** `static`: in the configuration; `alloc_ref`: from a netalloc allocation; `from_dhcp`: from a lease. */
export type AddressSource = 'static' | 'alloc_ref' | 'from_dhcp';

/** Prefix of all address keys of an interface. */
export function interfaceAddressPrefix(interfaceName: string): string {
  return `vpp/interface/${interfaceName}/address`;
}

/** `address` is canonical, with its prefix length, or a reference `alloc:...`. */
export function interfaceAddressKey(interfaceName: string, source: AddressSource, address: string): Key {
  return asKey(`vpp/interface/${interfaceName}/address/${source}/${address}`);
}

/** Prefix of the keys that say in which VRF an interface is. */
export function interfaceVrfPrefix(interfaceName: string): string {
  return `vpp/interface/${interfaceName}/vrf`;
}

export type IpVersions = 'v4' | 'v6' | 'both';

export function interfaceVrfKey(interfaceName: string, vrf: number, versions: IpVersions): Key {
  return asKey(`vpp/interface/${interfaceName}/vrf/${vrf}/ip-version/${versions}`);
}

/** The VRF of an unnumbered interface is that of the interface it borrows the address from. */
export function inheritedVrfKey(interfaceName: string, lender: string): Key {
  return asKey(`vpp/interface/${interfaceName}/vrf/from-interface/${lender}`);
}

export function unnumberedKey(interfaceName: string): Key {
  return asKey(`vpp/interface/unnumbered/${interfaceName}`);
}

export function hasIpAddressKey(interfaceName: string): Key {
  return asKey(`vpp/interface/${interfaceName}/has-IP-address`);
}

/** With the slash at its end that Ligato gives it. */
export function bondMemberKey(bond: string, member: string): Key {
  return asKey(`vpp/bond/${bond}/interface/${member}/`);
}

export function dhcpClientKey(interfaceName: string): Key {
  return asKey(`vpp/interface/dhcp-client/${interfaceName}`);
}

export function dhcpLeaseKey(interfaceName: string): Key {
  return asKey(`vpp/interface/dhcp-lease/${interfaceName}`);
}

export function ip6ndKey(interfaceName: string): Key {
  return asKey(`vpp/interface/ip6nd/${interfaceName}`);
}

export function rxModesKey(interfaceName: string): Key {
  return asKey(`vpp/interface/${interfaceName}/rx-modes`);
}

export function rxPlacementKey(interfaceName: string, queue: number): Key {
  return asKey(`vpp/interface/${interfaceName}/rx-placement/queue/${queue}`);
}

/** Of all cards of the host that the switch has. */
export const TAKEN_CARD_PREFIX = 'vpp/interface/taken-card';

/** `device`: name of the card's device. */
export function takenCardKey(device: string): Key {
  return asKey(`${TAKEN_CARD_PREFIX}/${device}`);
}

export function linkStateKey(interfaceName: string, state: 'UP' | 'DOWN'): Key {
  return asKey(`vpp/interface/${interfaceName}/link-state/${state}`);
}
