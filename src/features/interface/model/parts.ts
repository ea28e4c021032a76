/** The pieces of a VPP interface that come and go on their own. */

import { parsePrefix } from '../../../model/address.ts';
import type { Family } from '../../../model/address.ts';
import type { Interface_Type as Type } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface, Interface_RxMode } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Part } from '../../../scheduler/kind.ts';
import { spelledPrefix } from '../../equality.ts';
import { isReference } from '../../netalloc/model.ts';
import * as keys from './keys.ts';
import type { AddressSource, IpVersions } from './keys.ts';

/** An address of an interface (`vpp.interfaces.address`). */
export interface InterfaceAddress {
  readonly interface: string;
  /** Canonical, with prefix length; or a reference `alloc:...` (see netalloc's `resolveAddress`). */
  readonly address: string;
  readonly source: AddressSource;
}

/** An interface in a VRF (`vpp.interfaces.vrf`). */
export interface InterfaceVrf {
  readonly interface: string;
  readonly vrf: number;
  /** Families it is in the VRF for; both when some are not known before a reference is resolved. */
  readonly ipv4: boolean;
  readonly ipv6: boolean;
  /** The families that are certain: their tables are waited for, or when there are none, any table of that number. */
  readonly certain: readonly Family[];
  /** True: a tunnel without addresses of its own; only the packets that it makes are routed in the VRF. */
  readonly outerOnly: boolean;
}

/** An unnumbered interface in the VRF of another one (`vpp.interfaces.inherited-vrf`). */
export interface InheritedVrf {
  readonly interface: string;
  readonly lender: string;
}

/** An interface that uses the addresses of another one (`vpp.interfaces.unnumbered`). */
export interface Unnumbered {
  readonly interface: string;
  readonly lender: string;
}

/** At least one address is assigned to the interface (`vpp.interfaces.has-ip`). */
export interface HasIp {
  readonly interface: string;
}

/** A member of a bond (`vpp.interfaces.bond-member`). */
export interface BondMember {
  readonly bond: string;
  readonly interface: string;
  readonly isPassive: boolean;
  readonly isLongTimeout: boolean;
}

/** The interface asks a DHCP server for an address (`vpp.interfaces.dhcp-client`). */
export interface DhcpClient {
  readonly interface: string;
}

/** IPv6 neighbour discovery of an interface (`vpp.interfaces.ip6nd`). */
export interface Ip6Nd {
  readonly interface: string;
  readonly addressAutoconfig: boolean;
  readonly installDefaultRoutes: boolean;
}

/** Receive modes of all queues of an interface (`vpp.interfaces.rx-modes`). */
export interface RxModes {
  readonly interface: string;
  readonly type: Type;
  readonly modes: readonly Pick<Interface_RxMode, 'queue' | 'mode' | 'defaultMode'>[];
}

/** The thread of one receive queue (`vpp.interfaces.rx-placement`). */
export interface RxPlacement {
  readonly interface: string;
  readonly queue: number;
  readonly worker: number;
  readonly mainThread: boolean;
}

/** Every part of a right interface. */
export function interfaceParts(value: Interface): readonly Part[] {
  const parts: Part[] = [];
  addAddressing(parts, value);
  addBondMembers(parts, value);
  addReceiving(parts, value);
  const { name } = value;
  if (value.setDhcpClient) {
    const client: DhcpClient = { interface: name };
    parts.push({ key: keys.dhcpClientKey(name), kind: 'vpp.interfaces.dhcp-client', value: client });
  }
  if (value.ip6Nd !== undefined) {
    const { addressAutoconfig, installDefaultRoutes } = value.ip6Nd;
    const discovery: Ip6Nd = { interface: name, addressAutoconfig, installDefaultRoutes };
    parts.push({ key: keys.ip6ndKey(name), kind: 'vpp.interfaces.ip6nd', value: discovery });
  }
  return parts;
}

function addAddressing(parts: Part[], value: Interface): void {
  const { name, ipAddresses, unnumbered } = value;
  if (unnumbered !== undefined) {
    const borrowed: Unnumbered & InheritedVrf = { interface: name, lender: unnumbered.interfaceWithIp };
    const vrfKey = keys.inheritedVrfKey(name, borrowed.lender);
    parts.push({ key: vrfKey, kind: 'vpp.interfaces.inherited-vrf', value: borrowed });
    parts.push({ key: keys.unnumberedKey(name), kind: 'vpp.interfaces.unnumbered', value: borrowed });
    return;
  }
  const vrf = interfaceVrf(value);
  if (vrf !== undefined) {
    parts.push({ key: keys.interfaceVrfKey(name, vrf.vrf, versionsOf(vrf)), kind: 'vpp.interfaces.vrf', value: vrf });
  }
  for (let index = 0; index < ipAddresses.length; index++) parts.push(addressPart(name, ipAddresses[index]!));
  if (ipAddresses.length > 0 || value.setDhcpClient) {
    const property: HasIp = { interface: name };
    parts.push({ key: keys.hasIpAddressKey(name), kind: 'vpp.interfaces.has-ip', value: property });
  }
}

/** The part for one configured address. */
function addressPart(name: string, text: string): Part {
  const source: AddressSource = isReference(text) ? 'alloc_ref' : 'static';
  return interfaceAddressPart({ interface: name, address: spelledPrefix(text), source });
}

export function interfaceAddressPart(value: InterfaceAddress): Part {
  const key = keys.interfaceAddressKey(value.interface, value.source, value.address);
  return { key, kind: 'vpp.interfaces.address', value };
}

function versionsOf({ ipv4, ipv6 }: InterfaceVrf): IpVersions {
  if (ipv4 && ipv6) return 'both';
  return ipv6 ? 'v6' : 'v4';
}

/** Which VRF tables the interface has to be in, or undefined when it takes no part in IP. */
function interfaceVrf(value: Interface): InterfaceVrf | undefined {
  const { name, vrf, ipAddresses } = value;
  let ipv4 = value.setDhcpClient;
  let ipv6 = value.ip6Nd?.addressAutoconfig === true;
  let unknown = vrf !== 0;
  const outer = outerAddress(value);
  const outerOnly = outer !== undefined && !ipv4 && !ipv6 && ipAddresses.length === 0;
  for (const text of outer === undefined ? ipAddresses : [outer, ...ipAddresses]) {
    const family = isReference(text) ? undefined : parsePrefix(text, BARE)?.address.family;
    ipv4 ||= family === 4;
    ipv6 ||= family === 6;
    unknown ||= family === undefined;
  }
  if (!ipv4 && !ipv6 && !unknown) return undefined;
  const certain: readonly Family[] = ipv4 ? (ipv6 ? [4, 6] : [4]) : ipv6 ? [6] : [];
  const unsure = ipAddresses.some(isReference) || certain.length === 0;
  return { interface: name, vrf, ipv4: ipv4 || unsure, ipv6: ipv6 || unsure, certain, outerOnly };
}

const BARE = { bare: true };

/** Tunnels whose VRF is also the one their own packets are routed in, whether or not they have addresses. */
function outerAddress({ link }: Interface): string | undefined {
  switch (link.case) {
    case 'vxlan':
      return link.value.srcAddress;
    case 'gtpu':
    case 'ipip':
      return link.value.srcAddr;
    default:
      return undefined;
  }
}

function addBondMembers(parts: Part[], { name, link }: Interface): void {
  if (link.case !== 'bond') return;
  for (const { name: member, isPassive, isLongTimeout } of link.value.bondedInterfaces) {
    const value: BondMember = { bond: name, interface: member, isPassive, isLongTimeout };
    parts.push({ key: keys.bondMemberKey(name, member), kind: 'vpp.interfaces.bond-member', value });
  }
}

function addReceiving(parts: Part[], { name, type, rxModes, rxPlacements }: Interface): void {
  if (rxModes.length > 0) {
    const modes = rxModes.map(({ queue, mode, defaultMode }) => ({
      queue: defaultMode ? 0 : queue,
      mode,
      defaultMode,
    }));
    const value: RxModes = { interface: name, type, modes };
    parts.push({ key: keys.rxModesKey(name), kind: 'vpp.interfaces.rx-modes', value });
  }
  for (const { queue, worker, mainThread } of rxPlacements) {
    const value: RxPlacement = { interface: name, queue, worker: mainThread ? 0 : worker, mainThread };
    parts.push({ key: keys.rxPlacementKey(name, queue), kind: 'vpp.interfaces.rx-placement', value });
  }
}
