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
import { connectionMarks, markOf } from '../../../kernel/pipeline/marks.ts';
import { connectionMarkOf } from './flows.ts';
import { vrfProblem } from './vrf-marks.ts';
import { greatestDivisor } from './pool-layout.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { sets } from './table.ts';

/** Address of an interface, as long as it has one. */
export type AddressOf = (interfaceName: string) => string | undefined;

/** Why this engine cannot make a mapping, if it cannot. */
export function unsupportedDnat(engine: KernelEngine, { stMappings, idMappings }: DNat44): string | undefined {
  for (const { protocol, externalPort, localIps } of stMappings) {
    if (protocol === Protocol.ICMP && externalPort !== 0) {
      return 'kernel: an ICMP mapping by identifier (external_port) is not supported; without ports the whole address is mapped';
    }
    for (const { vrfId } of localIps) {
      const problem = vrfProblem(engine, vrfId);
      if (problem !== undefined) return problem;
    }
  }
  for (const { vrfId, protocol, port } of idMappings) {
    const problem = vrfProblem(engine, vrfId);
    if (problem !== undefined) return problem;
    if (protocol === Protocol.ICMP && port !== 0) {
      return 'kernel: an ICMP identity mapping by identifier (port) is not supported; without a port the whole address is exempt';
    }
  }
  return undefined;
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
  const [{ localIp, vrfId }] = localIps as [Backend];
  return [{ set: sets.addresses, element: { key: [external], data: [localIp] } }, ...vrfOfAddress(external, vrfId)];
}

function vrfOfAddress(address: string, vrf: number): readonly Placed[] {
  if (vrf === 0) return [];
  return [{ set: sets.addressVrfs, element: { key: [address], data: [markOf(connectionMarks.vrf, vrf)] } }];
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

function targetOf(
  [address, protocol, port]: Called,
  { localIp: backend, localPort: backendPort, vrfId: vrf }: Backend,
) {
  return [backend, backendPort, connectionMarkOf({ address, protocol, port, backend, backendPort, vrf })] as const;
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
  return one.localPort - other.localPort || one.vrfId - other.vrfId;
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
  const { interface: name, ipAddress, port, protocol, vrfId } = mapping;
  const address = name === '' ? ipAddress : addressOf(name);
  if (address === undefined) return [];
  if (vrfId !== 0) return identityInVrf(address, protocolNumber(protocol), port, vrfId);
  if (port === 0) return [{ set: sets.identityAddresses, element: { key: [address] } }];
  return [{ set: sets.identities, element: { key: [address, protocolNumber(protocol), port] } }];
}

/** A mapping to itself that leads into the VRF, and the exemption of what comes from there. */
function identityInVrf(address: string, protocol: number, port: number, vrf: number): readonly Placed[] {
  const mark = markOf(connectionMarks.vrf, vrf);
  if (port === 0) {
    const itself: Placed = { set: sets.addresses, element: { key: [address], data: [address] } };
    return [
      itself,
      ...vrfOfAddress(address, vrf),
      { set: sets.vrfIdentityAddresses, element: { key: [mark, address] } },
    ];
  }
  const endpoint = [address, protocol, port] as const;
  return [
    { set: sets.ports, element: { key: endpoint, data: [address, port, mark] } },
    { set: sets.vrfIdentities, element: { key: [mark, ...endpoint] } },
  ];
}

/** IP protocol number (IANA) of a mapping with ports. */
export function protocolNumber(protocol: Protocol): 6 | 17 {
  return protocol === Protocol.UDP ? 17 : 6;
}
