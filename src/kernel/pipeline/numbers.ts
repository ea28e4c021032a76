/** Number spaces of the namespace that plays the vswitch: table ids, rule preferences, zones, protocols, groups, tc preferences. */

/** A contiguous run of numbers, both ends included. */
export interface NumberRange {
  readonly first: number;
  readonly last: number;
}

function range(first: number, last: number): NumberRange {
  return { first, last };
}

/** The number with this index in a range. Throws RangeError beyond its end: the caller reports INVALID with the limit. */
export function numberIn(of: NumberRange, index: number): number {
  const number = of.first + index;
  if (!Number.isInteger(index) || index < 0 || number > of.last) {
    throw new RangeError(`${index} is not in 0-${of.last - of.first}`);
  }
  return number;
}

/** Routing table ids (32 bits). The kernel owns 0 (unspec) and 253-255 (default, main, local). */
export const routingTables = {
  /** Table of VRF 0: the kernel's main table. */
  defaultVrf: 254,
  kernel: range(253, 255),
  /** VRF id n > 0 lives in table 1000 + n. */
  vrf: range(1_001, 0xefff_ffff),
  abf: range(0xf000_0000, 0xf0ff_ffff),
  l3CrossConnect: range(0xf100_0000, 0xf1ff_ffff),
  srv6Steering: range(0xf200_0000, 0xf2ff_ffff),
  /** Next hops of local segments (End.X, End.DX4, End.DX6), by addresses that stand for them: `srv6NextHopPrefixes`. */
  srv6NextHops: range(0xf300_0000, 0xf300_0000),
  punt: range(0xf400_0000, 0xf400_ffff),
  ipsec: range(0xf500_0000, 0xf5ff_ffff),
} as const;

const vrfTableOffset = 1_000;

/** Kernel table of a VRF id. Throws RangeError for ids above 4,026,530,839 (0xefffffff - 1000). */
export function tableOfVrf(vrfId: number): number {
  if (vrfId === 0) return routingTables.defaultVrf;
  return numberIn(routingTables.vrf, vrfId - 1);
}

/** VRF id that a kernel table belongs to, or undefined for tables of other users. */
export function vrfOfTable(table: number): number | undefined {
  if (table === routingTables.defaultVrf) return 0;
  if (table < routingTables.vrf.first || table > routingTables.vrf.last) return undefined;
  return table - vrfTableOffset;
}

/**
 * Addresses that stand for next hops of local segments: of future use (RFC 1112 section 4), and the discard prefix (RFC 6666). The
 * kernel looks the next hop of a segment up like a destination, and so cannot be told by which device to reach it.
 */
export const srv6NextHopPrefixes = { 4: '240.0.0.0/8', 6: '100::/64' } as const;

/**
 * Preferences of `ip rule` (small first). VPP runs l3xc, ABF and SRv6 steering before it looks whether an address is its
 * own, so the kernel's rule for the local table moves from 0 to `local` in namespaces that the agent owns.
 */
export const rulePreferences = {
  punt: range(10, 19),
  l3CrossConnect: range(100, 199),
  srv6Steering: range(200, 298),
  /** Before all tables of VRFs: what stands for a next hop of a local segment is no address of anybody. */
  srv6NextHops: range(299, 299),
  abf: range(300, 399),
  ipsec: range(400, 479),
  /** NAT44 in VRFs: the VRF that a packet is marked with. */
  nat: range(480, 480),
  /** Where VRFs are made of rules: link-local addresses and multicast of IPv6 are no business of any of them. */
  vrfLinkLocal: range(481, 482),
  /** Where VRFs are made of rules: what is marked with a VRF; what comes in by a device, leaves by one, has an address of one. */
  vrfMark: range(485, 485),
  vrfDevice: range(486, 488),
  /** `l3mdev`, where local addresses of VRF 0 must not be reachable from other VRFs: before `local`. */
  vrf: range(490, 490),
  local: range(500, 500),
  /** Longest prefix first: preference = first + 128 - prefix length. Before l3mdev, so that leaks out of a vrf device win. */
  vrfLeak: range(600, 799),
  /** The kernel adds this one by itself with the first vrf device. */
  l3mdev: range(1_000, 1_000),
  main: range(32_766, 32_766),
  default: range(32_767, 32_767),
} as const satisfies Record<string, NumberRange>;

/** Conntrack zones (16 bits). 0 is everything without a VRF. */
export const conntrackZones = {
  default: range(0, 0),
  /** Zone of the VRF with this index (not id), same index as `marks.vrf`; index 0 is unused. */
  vrf: range(1, 2_047),
  /** Connections of the agent's own probes (`ligature trace`). */
  probe: range(2_048, 2_048),
} as const satisfies Record<string, NumberRange>;

/**
 * Route protocol numbers (8 bits, `ip route ... proto N`): whose a route is. None is in iproute2's rt_protos.
 * A resync touches only routes with its own number.
 */
export const routeProtocols = {
  route: 76,
  /** `local` routes that make NAT pool and external addresses answer ARP. */
  natAddress: 77,
  vrf: 78,
  srv6: 79,
  abf: 80,
  l3CrossConnect: 81,
  ipsec: 82,
  neighbour: 83,
  /** Default routes of DHCP leases. */
  dhcpLease: 88,
  /** Routes and neighbours of Linux interfaces: the agent's own namespace may also be the vswitch. */
  linuxRoute: 85,
  linuxNeighbour: 86,
  /** Peers of tunnels to several (TEIB). */
  tunnelEndpoint: 87,
} as const;

/** Who set an address (IFA_PROTO, kernel 5.18 and later; 1-3 are the kernel's own). Older kernels forget it. */
export const addressProtocols = {
  configured: 76,
  /** Borrowed from another interface (unnumbered). */
  borrowed: 77,
  /** Given by a DHCP server. */
  leased: 78,
} as const;

/** UDP ports of VXLAN tunnels that share a VNI with another one: above those that Linux hands out by itself (32768-60999). */
export const vxlanPorts: NumberRange = range(61_000, 65_099);
/** UDP ports of VXLAN-GPE tunnels, one each. */
export const vxlanGpePorts: NumberRange = range(65_100, 65_535);

/** Device groups (IFLA_GROUP, 32 bits). 0 is the kernel's default. */
export const deviceGroups = {
  default: range(0, 0),
  /** Split-horizon group n (1-255) of any bridge domain. */
  splitHorizon: range(0x4c47_0001, 0x4c47_00ff),
  /** The router's own port (BVI) in split-horizon group n: what it exchanges with the group is judged differently. */
  splitHorizonRouter: range(0x4c47_0101, 0x4c47_01ff),
  /** Groups given to devices just before one RTM_DELLINK removes them all. */
  removal: range(0x4c48_0000, 0x4c48_ffff),
  /** A device of ours between its creation and its mark (the kernel takes no alias at creation). */
  newborn: range(0x4c49_0000, 0x4c49_0000),
} as const satisfies Record<string, NumberRange>;

/** Device group of a split-horizon group 1-255. */
export function deviceGroupOf(splitHorizonGroup: number): number {
  return numberIn(deviceGroups.splitHorizon, splitHorizonGroup - 1);
}

/** Device group of a router's own port in split-horizon group 1-255. */
export function routerGroupOf(splitHorizonGroup: number): number {
  return numberIn(deviceGroups.splitHorizonRouter, splitHorizonGroup - 1);
}

/** tc filter preferences on clsact ingress and egress. tc ingress runs before netdev ingress, tc egress after netdev egress. */
export const tcPreferences = {
  /** Tags of sub-interfaces; what follows sees the frame as the bridge does. */
  tagRewrite: range(5, 5),
  /** Where the packets of a VXLAN-GPE tunnel go. */
  tunnelEnds: range(6, 6),
  span: range(10, 19),
  policer: range(20, 29),
  srv6: range(30, 39),
  /** Fallback of the cross-connect where nft `fwd` is missing: it bypasses ACLs, so it is refused together with one. */
  crossConnect: range(40, 49),
  /** On the device that a traced packet comes in by. */
  trace: range(50, 50),
} as const satisfies Record<string, NumberRange>;
