import type { Family, Ip, Prefix } from '../../model/address.ts';

export type RouteType =
  | 'unicast'
  | 'local'
  | 'broadcast'
  | 'anycast'
  | 'multicast'
  | 'blackhole'
  | 'unreachable'
  | 'prohibit'
  | 'throw';

/** One way out of this hop. */
export interface NextHop {
  /** May be of the other family than the route (RFC 5549: IPv4 via an IPv6 gateway). */
  readonly gateway?: Ip;
  /** Index of the link. */
  readonly link?: number;
  /** 1-256; only in `nextHops`. Default 1. */
  readonly weight?: number;
  /** The gateway is reachable on `link` although no connected route says so. */
  readonly onlink?: boolean;
  readonly encapsulation?: Encapsulation;
  /** Read only, of one of several ways: not used, as its link is down or has lost its last address. */
  readonly dead?: boolean;
}

/** A light-weight tunnel of a route: LWTUNNEL_ENCAP_... and the content of its attribute (see seg6.ts). */
export interface Encapsulation {
  readonly type: number;
  readonly payload: Uint8Array;
}

export interface RouteKey {
  readonly destination: Prefix;
  /** Default 254, main. */
  readonly table?: number;
  /** Lower wins. Default: 0 for IPv4, 1024 for IPv6. */
  readonly metric?: number;
  readonly tos?: number;
}

export interface RouteSpec extends RouteKey, NextHop {
  /** Default `unicast`. */
  readonly type?: RouteType;
  /** Who made it (RTPROT_...), 0-255. Default 4, static. */
  readonly protocol?: number;
  /** RT_SCOPE_...; default: what the type and the gateway ask for. */
  readonly scope?: number;
  /** Preferred source address. */
  readonly source?: Ip;
  /** Several ways out; then no gateway, link or encapsulation of the route itself. */
  readonly nextHops?: readonly NextHop[];
  /** Id of a nexthop object (nexthop.ts) in place of all ways out. */
  readonly nextHopId?: number;
  /** bytes */
  readonly mtu?: number;
  /** Locks `mtu` against path MTU discovery. */
  readonly mtuLocked?: boolean;
  readonly advertisedMss?: number;
  readonly hopLimit?: number;
}

export interface Route extends RouteSpec {
  readonly family: Family;
  readonly table: number;
  readonly metric: number;
  readonly type: RouteType;
  readonly protocol: number;
  readonly scope: number;
  /** RTNH_F_...: 1 dead, 16 linkdown. */
  readonly flags: number;
}

export interface RouteFilter {
  readonly family?: Family;
  readonly table?: number;
  readonly protocol?: number;
  readonly link?: number;
}

export interface RouteLookup {
  readonly destination: Ip;
  readonly source?: Ip;
  readonly inputLink?: number;
  readonly outputLink?: number;
  readonly mark?: number;
  /** The route of the table that decides, with its prefix and all its ways; else the one way that the packet takes. */
  readonly match?: boolean;
}
