/** Kinds of the parts of a VPP interface: what each waits for and takes. */

import type { DHCPLease } from '../../../model/gen/ligato/vpp/interfaces/dhcp_pb.js';
import type { Dependency, Kind } from '../../../scheduler/kind.ts';
import { sameSet, spelledPrefix } from '../../equality.ts';
import { allocationDependency } from '../../netalloc/model.ts';
import { anyVrfDependency, vrfDependency } from '../../vrf/model.ts';
import * as keys from './keys.ts';
import { interfaceAddressPart } from './parts.ts';
import type * as parts from './parts.ts';

export const interfaceAddress: Kind<parts.InterfaceAddress> = {
  name: 'vpp.interfaces.address',
  dependencies(_key, { interface: name, address }) {
    const allocation = allocationDependency(address, name);
    const assigned = vrfAssigned(name);
    return allocation === undefined ? [assigned] : [assigned, allocation];
  },
};

export const interfaceVrf: Kind<parts.InterfaceVrf> = {
  name: 'vpp.interfaces.vrf',
  dependencies(_key, { vrf, certain }) {
    const wanted = certain.length === 0 ? [anyVrfDependency(vrf)] : certain.map((family) => vrfDependency(vrf, family));
    return wanted.filter((dependency) => dependency !== undefined);
  },
};

export const inheritedVrf: Kind<parts.InheritedVrf> = {
  name: 'vpp.interfaces.inherited-vrf',
  dependencies: (_key, { lender }) => [{ ...vrfAssigned(lender), watches: 'change' }],
};

export const unnumbered: Kind<parts.Unnumbered> = {
  name: 'vpp.interfaces.unnumbered',
  dependencies: (_key, { interface: name, lender }) => [
    { label: `an address on ${lender}`, key: keys.hasIpAddressKey(lender) },
    { label: `VRF of interface ${name}`, key: keys.inheritedVrfKey(name, lender) },
  ],
};

/** Knowledge only (see `Feature.virtual`): an unnumbered interface may borrow from this one. */
export const hasIp: Kind<parts.HasIp> = {
  name: 'vpp.interfaces.has-ip',
  dependencies: (_key, { interface: name }) => [addressDependency(name)],
};

export const bondMember: Kind<parts.BondMember> = {
  name: 'vpp.interfaces.bond-member',
  dependencies: (_key, { interface: name }) => [interfaceDependency(name)],
  claims: (_key, { interface: name }) => [`interface ${name} in a bond`],
};

export const dhcpClient: Kind<parts.DhcpClient> = {
  name: 'vpp.interfaces.dhcp-client',
  dependencies: (_key, { interface: name }) => [vrfAssigned(name)],
};

export const ip6nd: Kind<parts.Ip6Nd> = {
  name: 'vpp.interfaces.ip6nd',
};

export const rxModes: Kind<parts.RxModes> = {
  name: 'vpp.interfaces.rx-modes',
  dependencies: (_key, { interface: name }) => [linkUp(name)],
  equivalent(_key, left, right) {
    const identity = (mode: parts.RxModes['modes'][number]) => `${mode.defaultMode} ${mode.queue} ${mode.mode}`;
    return left.type === right.type && sameSet(left.modes, right.modes, identity);
  },
};

export const rxPlacement: Kind<parts.RxPlacement> = {
  name: 'vpp.interfaces.rx-placement',
  dependencies: (_key, { interface: name }) => [linkUp(name)],
};

/** Told by the engine: the link of an interface is up, or down. */
export interface LinkState {
  readonly interface: string;
  readonly state: 'UP' | 'DOWN';
}

export const linkState: Kind<LinkState> = { name: 'vpp.interfaces.link-state' };

/** Told by the kernel engine: a network card of the host is in the switch, and not seen among the host's devices. */
export interface TakenCard {
  readonly device: string;
  /** As `0000:0b:00.0`; undefined: there is no card behind the device. */
  readonly pciAddress?: string;
}

export const takenCard: Kind<TakenCard> = { name: 'vpp.interfaces.taken-card' };

/** Told by the engine: what a DHCP server gave. Its address is an address of the interface. */
export const dhcpLease: Kind<DHCPLease> = {
  name: 'vpp.interfaces.dhcp-lease',
  parts(_key, { interfaceName, hostIpAddress }) {
    if (hostIpAddress === '') return [];
    const address = spelledPrefix(hostIpAddress);
    return [interfaceAddressPart({ interface: interfaceName, address, source: 'from_dhcp' })];
  },
};

/** The interface has to be there first. */
export function interfaceDependency(name: string): Dependency {
  return { label: `interface ${name}`, key: keys.interfaceKey(name) };
}

/** At least one address has to be assigned to the interface. */
export function addressDependency(name: string): Dependency {
  return { label: `an address on ${name}`, anyOf: { prefixes: [keys.interfaceAddressPrefix(name)] } };
}

function vrfAssigned(name: string): Dependency {
  return { label: `VRF of interface ${name}`, anyOf: { prefixes: [keys.interfaceVrfPrefix(name)] } };
}

function linkUp(name: string): Dependency {
  return { label: `link of ${name} up`, key: keys.linkStateKey(name, 'UP') };
}
