/** Keys of NAT44 objects and their parts (vpp-agent's keys, unchanged). */

import { asKey } from '../../../model/key.ts';
import type { Key } from '../../../model/key.ts';

/** The whole key: one object on an agent. */
export const NAT44_GLOBAL_KEY: Key = asKey('config/vpp/nat/v2/nat44-global');
export const NAT44_INTERFACE_PREFIX = 'config/vpp/nat/v2/nat44-interface/';
export const NAT44_POOL_PREFIX = 'config/vpp/nat/v2/nat44-pool/';
export const DNAT44_PREFIX = 'config/vpp/nat/v2/dnat44/';
export const NAT44_VRF_PREFIX = 'config/vpp/nat/v2/nat44-vrf/';
export const NAT44_VRF_ROUTE_PREFIX = 'config/vpp/nat/v2/nat44-vrf-route/';

/** Property of the global object: sessions are told apart by all five parts of the flow. */
export const ENDPOINT_DEPENDENT_KEY: Key = asKey('vpp/nat44/endpoint-dependent');
/** Prefix of the properties of twice-NAT pools. */
export const TWICE_NAT_POOL_PREFIX = 'vpp/nat44/twiceNAT-pool';

export function nat44InterfaceKey(interfaceName: string): Key {
  return asKey(NAT44_INTERFACE_PREFIX + interfaceName);
}

export function dnat44Key(label: string): Key {
  return asKey(DNAT44_PREFIX + label);
}

export function nat44VrfKey(sourceVrf: number): Key {
  return asKey(`${NAT44_VRF_PREFIX}vrfid/${sourceVrf}`);
}

export function nat44VrfRouteKey(sourceVrf: number, destinationVrf: number): Key {
  return asKey(`${NAT44_VRF_ROUTE_PREFIX}vrfid/${sourceVrf}/destvrfid/${destinationVrf}`);
}

/** Part of the global object (deprecated list of interfaces). */
export function globalInterfaceKey(interfaceName: string, inside: boolean): Key {
  return asKey(`vpp/nat44/interface/${interfaceName}/feature/${inside ? 'in' : 'out'}`);
}

/** Part of the global object (deprecated list of addresses). */
export function globalAddressKey(address: string, twiceNat: boolean): Key {
  return asKey(`vpp/nat44/address/${address}/twice-nat/${twiceNat ? 'on' : 'off'}`);
}

/** A pool of one address has it as first and last. */
export function twiceNatPoolKey(vrf: number, first: string, last: string): Key {
  return asKey(`${TWICE_NAT_POOL_PREFIX}/vrf/${vrf}/addresses/${last === first ? first : `${first}-${last}`}`);
}
