/** What a trace asks and answers, the same for every engine. */

import type { Ip } from '../../model/address.ts';

export const protocols = ['icmp', 'tcp', 'udp'] as const;
export type Protocol = (typeof protocols)[number];

/** As it is asked for; texts are resolved by `endpoints.ts`. */
export interface TraceRequest {
  /** IP address, `IP:port` or the name of an interface. */
  readonly from: string;
  readonly to: string;
  readonly protocol?: Protocol | undefined;
  readonly sourcePort?: number | undefined;
  readonly destinationPort?: number | undefined;
  /** Name of the VPP interface that the packet comes in by. */
  readonly interface?: string | undefined;
  readonly vrf?: number | undefined;
  readonly ttl?: number | undefined;
  readonly sourceMac?: string | undefined;
  readonly destinationMac?: string | undefined;
}

/** Headers of a packet at some point of its way. */
export interface Header {
  readonly source: string;
  readonly destination: string;
  /** `icmp` is ICMPv6 for IPv6; others by number. */
  readonly protocol: string;
  /** ICMP: the identifier of an echo request. */
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly ttl: number;
}

/** The packet that is sent. */
export interface Probe {
  readonly source: Ip;
  readonly destination: Ip;
  readonly protocol: Protocol;
  /** ICMP: the identifier of the echo request. */
  readonly sourcePort: number;
  /** True: the port was picked for this trace, and nobody else uses it. */
  readonly portIsOurs: boolean;
  readonly destinationPort: number;
  readonly ttl: number;
  /** IPv4 identification, lower bits of the IPv6 flow label: tells the packet from all others. */
  readonly number: number;
  readonly vrf: number;
  /** Name of the interface that it comes in by; undefined: the switch itself sends it. */
  readonly input?: string;
  readonly sourceMac: Uint8Array;
  readonly destinationMac: Uint8Array;
}

/** What can decide a step. Programs may rely on these words. */
export const deciders = [
  ...(['interface', 'switch', 'access list', 'MACIP list', 'ABF policy', 'NAT44', 'route', 'neighbour'] as const),
  ...(['bridge domain', 'forwarding table', 'cross-connect', 'L3 cross-connect'] as const),
  ...(['tunnel', 'IPsec', 'SRv6 policy', 'segment', 'filter'] as const),
] as const;
export type Decider = (typeof deciders)[number];

export interface Hop {
  readonly by: Decider;
  /** What it did with the packet, and why. */
  readonly text: string;
  /** Configuration key of the object. */
  readonly key?: string;
  /** Of its rules or mappings, from 1. */
  readonly rule?: number;
  /** True: the packet was seen there. False: worked out from the tables of the data plane. */
  readonly observed: boolean;
  /** The headers from here on, where they changed. */
  readonly header?: Header;
}

export type Outcome = 'delivered' | 'forwarded' | 'dropped' | 'unknown';

export interface Verdict {
  /** `delivered`: to the switch itself; `forwarded`: out of an interface. */
  readonly outcome: Outcome;
  /** To whom, by what, or why. */
  readonly text: string;
  /** Configuration key of the object that decided. */
  readonly key?: string;
  readonly rule?: number;
}

/** What an engine found. */
export interface TraceResult {
  readonly hops: readonly Hop[];
  readonly verdict: Verdict;
  /** What the reader should know of how this was found. */
  readonly notes: readonly string[];
}

export interface Trace extends TraceResult {
  readonly engine: string;
  /** The packet as it was sent. */
  readonly packet: Header & {
    readonly interface?: string;
    readonly sourceMac?: string;
    readonly destinationMac?: string;
  };
}

/** Where an address is, as a data plane knows. */
export interface Whereabouts {
  /** Name of the interface behind which it is. */
  readonly interface?: string;
  readonly mac?: Uint8Array;
}

/** What an engine contributes. */
export interface TraceEngine {
  readonly name: string;
  /** Asks its routes and neighbours for an address in a VRF. */
  locate(address: Ip, vrf: number): Promise<Whereabouts>;
  send(probe: Probe, signal: AbortSignal): Promise<TraceResult>;
}
