/**
 * Sets of endpoint-independent NAT. An end is an address and a port; a zone is the VRF of the inside end (0: VRF 0). In keys of several
 * parts it has the type of marks: nft dies of numbers without a type of their own when it lists them there.
 */

import { connectionMarks, markOf } from '../../../kernel/pipeline/marks.ts';
import { types } from '../../../kernel/nftables/index.ts';
import type { NftSet } from '../../../kernel/nftables/index.ts';

/** ms that a mapping lasts after the last packet from inside: VPP's own times for sessions of nat44_ei. */
export const lifetimes = { udp: 300_000, established: 7_440_000, transitory: 240_000 } as const;

/** Of no backend of a mapping (`flows.ts`). */
export const mappedNumber = 0xe1e1;

/** Mark of connections from outside to inside ends in this VRF: they are led there, and found by it. */
export function mappedMark(vrf: number): number {
  return (markOf(connectionMarks.vrf, vrf) | markOf(connectionMarks.backend, mappedNumber)) >>> 0;
}

export function isMapped(mark: number): boolean {
  return (mark & connectionMarks.backend.mask) >>> 0 === markOf(connectionMarks.backend, mappedNumber);
}

const end = [types.ipv4_addr, types.inet_service] as const;
/** Address, port, protocol: what `mapped` has, and the protocol. */
const outsideEnd = [...end, types.inet_proto] as const;
/** Address, port, connection mark (VRF). */
const insideEnd = [...end, types.mark] as const;
const size = 1_048_576;

export const mappedSets = {
  /** Inside end (with zone and protocol) -> the end it has outside. */
  mapped: {
    name: 'mapped',
    key: [types.mark, types.ipv4_addr, types.inet_proto, types.inet_service],
    data: end,
    dynamic: true,
    timeout: lifetimes.udp,
    size,
  },
  /** Outside end -> whose it is. */
  mappedBack: {
    name: 'mapped-back',
    key: outsideEnd,
    data: insideEnd,
    dynamic: true,
    timeout: lifetimes.udp,
    size,
  },
  /** Outside ends that somebody has. The first who adds one is told so by the element's limit. */
  mappedClaims: { name: 'mapped-claims', key: outsideEnd, dynamic: true, timeout: lifetimes.udp, size },
  /** Zone, and what the hash of a client can be: the address that the client has outside. */
  mappedAddresses: { name: 'mapped-addresses', key: [types.mark, types.mark], data: [types.ipv4_addr] },
} as const satisfies Record<string, NftSet>;
