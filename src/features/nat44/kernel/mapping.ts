/** What a mapping is in the NAT table. Pure. */

import {
  DNat44_Protocol as Protocol,
  DNat44_StaticMapping_TwiceNatMode as TwiceNat,
} from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import type {
  DNat44,
  DNat44_IdentityMapping,
  DNat44_StaticMapping,
  DNat44_StaticMapping_LocalIP as Backend,
} from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import { isAddressOnly, isLoadBalanced, probabilityOf } from '../model/mapping.ts';
import { balanceChain } from './balance.ts';
import type { Placed } from './elements.ts';
import { numberOf } from './flows.ts';
import { sets } from './table.ts';

/** Address of an interface, as long as it has one. */
export type AddressOf = (interfaceName: string) => string | undefined;

/** Why this engine cannot make a mapping, if it cannot. */
export function unsupportedDnat({ stMappings, idMappings }: DNat44): string | undefined {
  for (const { protocol, externalPort, localIps } of stMappings) {
    if (protocol === Protocol.ICMP && externalPort !== 0) {
      return 'kernel: an ICMP mapping by identifier (external_port) is not supported; without ports the whole address is mapped';
    }
    const backend = localIps.find(({ vrfId }) => vrfId !== 0);
    if (backend) return otherVrf(backend.vrfId);
  }
  for (const { vrfId, protocol, port } of idMappings) {
    if (vrfId !== 0) return otherVrf(vrfId);
    if (protocol === Protocol.ICMP && port !== 0) {
      return 'kernel: an ICMP identity mapping by identifier (port) is not supported; without a port the whole address is exempt';
    }
  }
  return undefined;
}

export function otherVrf(vrf: number): string {
  return `kernel: NAT44 in VRF ${vrf} is not supported; addresses are translated in VRF 0`;
}

/** External address of a mapping, as far as it is known. */
export function externalAddress(mapping: DNat44_StaticMapping, addressOf: AddressOf): string | undefined {
  return mapping.externalInterface === '' ? mapping.externalIp : addressOf(mapping.externalInterface);
}

/** Elements of a mapping; none while its interface has no address. */
export function staticElements(mapping: DNat44_StaticMapping, addressOf: AddressOf): readonly Placed[] {
  const external = externalAddress(mapping, addressOf);
  if (external === undefined) return [];
  if (isAddressOnly(mapping)) return wholeAddress(mapping, external);
  const called = [external, protocolNumber(mapping.protocol), mapping.externalPort] as const;
  return [...destinations(mapping, called), ...sources(mapping, called)];
}

/** Twice-NAT of a whole address is refused by VPP and has no meaning here either: every port has its own session. */
function wholeAddress({ localIps }: DNat44_StaticMapping, external: string): readonly Placed[] {
  return [{ set: sets.addresses, element: { key: [external], data: [localIps[0]!.localIp] } }];
}

type Called = readonly [address: string, protocol: number, port: number];

function destinations(mapping: DNat44_StaticMapping, called: Called): readonly Placed[] {
  const { localIps, sessionAffinity } = mapping;
  if (!isLoadBalanced(mapping)) {
    return [{ set: sets.ports, element: { key: called, data: targetOf(called, localIps[0]!) } }];
  }
  const drawn = shares(localIps);
  const chain = balanceChain({ shares: drawn.length, affinity: sessionAffinity });
  const placed: Placed[] = [{ set: sets.services, element: { key: called, data: { verdict: 'goto', chain } } }];
  const targets = new Map(localIps.map((backend) => [backend, targetOf(called, backend)]));
  for (const [share, backend] of drawn.entries()) {
    placed.push({ set: sets.backends, element: { key: [...called, share], data: targets.get(backend)! } });
  }
  return placed;
}

function targetOf([address, protocol, port]: Called, { localIp: backend, localPort: backendPort }: Backend) {
  return [backend, backendPort, numberOf({ address, protocol, port, backend, backendPort })] as const;
}

/**
 * Each backend as often as its weight asks for, by the smallest whole numbers. In an order of its own, so that the order in
 * a configuration means nothing.
 */
export function shares(backends: readonly Backend[]): readonly Backend[] {
  const divisor = backends.map(probabilityOf).reduce(greatestDivisor);
  const sorted = backends.toSorted((one, other) => compare(one, other));
  return sorted.flatMap((backend) => Array.from({ length: probabilityOf(backend) / divisor }, () => backend));
}

function compare(one: Backend, other: Backend): number {
  if (one.localIp !== other.localIp) return one.localIp < other.localIp ? -1 : 1;
  return one.localPort - other.localPort;
}

export function greatestDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestDivisor(other, one % other);
}

function sources({ twiceNat, twiceNatPoolIp, localIps }: DNat44_StaticMapping, called: Called): readonly Placed[] {
  switch (twiceNat) {
    case TwiceNat.ENABLED:
      if (twiceNatPoolIp === '') return [{ set: sets.twice, element: { key: called } }];
      return [{ set: sets.twicePinned, element: { key: called, data: [twiceNatPoolIp] } }];
    case TwiceNat.SELF: {
      const addresses = new Set(localIps.map(({ localIp }) => localIp));
      return Array.from(addresses, (own) => ({ set: sets.self, element: { key: [...called, own, own] } }));
    }
    default:
      return [];
  }
}

export function identityElements(mapping: DNat44_IdentityMapping, addressOf: AddressOf): readonly Placed[] {
  const { interface: name, ipAddress, port, protocol } = mapping;
  const address = name === '' ? ipAddress : addressOf(name);
  if (address === undefined) return [];
  if (port === 0) return [{ set: sets.identityAddresses, element: { key: [address] } }];
  return [{ set: sets.identities, element: { key: [address, protocolNumber(protocol), port] } }];
}

/** IP protocol number (IANA) of a mapping with ports. */
export function protocolNumber(protocol: Protocol): 6 | 17 {
  return protocol === Protocol.UDP ? 17 : 6;
}
