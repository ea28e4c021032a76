import type { Namespace } from '../namespace/namespace.ts';
import type { BridgePort } from './bridge-port.ts';
import type { LinkKind } from './link-kinds.ts';

/** What can be set on a link, when it is created or later. What is left out stays as it is. */
export interface LinkSettings {
  /** At most 15 bytes. */
  readonly name?: string;
  readonly up?: boolean;
  /** bytes */
  readonly mtu?: number;
  /** Hardware address. */
  readonly address?: Uint8Array;
  readonly broadcast?: Uint8Array;
  /** Index of the bridge, VRF or bond it belongs to; 0 takes it out. */
  readonly master?: number;
  readonly group?: number;
  /** Free text of at most 255 bytes, kept with the link (ifalias). */
  readonly alias?: string;
  readonly arp?: boolean;
  readonly promiscuous?: boolean;
  readonly allMulticast?: boolean;
  readonly multicast?: boolean;
  readonly txQueueLength?: number;
  /** Moves it there (20 ms); when creating, creates it there (no wait). */
  readonly namespace?: Namespace;
  /** IPv6 link-local addresses: 0 eui64, 1 none, 2 stable-privacy, 3 random. */
  readonly addressGeneration?: number;
  /** Type, and parameters of the type that are to be set. */
  readonly kind?: LinkKind;
  readonly gsoMaxSize?: number;
}

export interface NewLink extends LinkSettings {
  readonly name: string;
  readonly kind: LinkKind;
  /** Wanted interface index. Default: the kernel's choice. */
  readonly index?: number;
  /** Index of the interface it is made on (VLAN, macvlan). */
  readonly link?: number;
  /** Where `link` is, when not in the namespace of the request. Id as seen from there (RTM_NEWNSID). */
  readonly linkNamespaceId?: number;
  readonly txQueues?: number;
  readonly rxQueues?: number;
}

/** Which link is meant: by index, else by name (alternative names too). A Link is one. */
export type LinkSelector =
  | { readonly index: number; readonly name?: string }
  | { readonly name: string; readonly index?: undefined };

export interface Link {
  readonly index: number;
  readonly name: string;
  /** ARPHRD_...: 1 Ethernet, 772 loopback, 65534 none. */
  readonly hardwareType: number;
  /** IFF_... */
  readonly flags: number;
  /** Administratively up. */
  readonly up: boolean;
  /** Has carrier (IFF_LOWER_UP). */
  readonly lowerUp: boolean;
  /** IF_OPER_...: 0 unknown, 1 not present, 2 down, 3 lower layer down, 4 testing, 5 dormant, 6 up. */
  readonly operationalState: number;
  readonly mtu: number;
  readonly minMtu?: number;
  readonly maxMtu?: number;
  readonly address: Uint8Array;
  readonly permanentAddress?: Uint8Array;
  readonly broadcast?: Uint8Array;
  readonly master?: number;
  /** Index of the interface below, or of the other end of a veth. */
  readonly link?: number;
  /** Id of the namespace of `link` when it is another one; -1: not known here. */
  readonly linkNamespaceId?: number;
  readonly group: number;
  readonly alias?: string;
  readonly alternativeNames: readonly string[];
  readonly kind?: LinkKind;
  /** Type of the master as the port sees it: `bridge`, `bond`, `vrf`. */
  readonly portKind?: string;
  /** Present when it is a port of a bridge. */
  readonly port?: BridgePort;
  readonly txQueueLength: number;
  readonly promiscuity: number;
  readonly addressGeneration?: number;
  readonly parentDevice?: string;
  readonly parentBus?: string;
  readonly statistics?: LinkStatistics;
}

/** Counters since the link exists (struct rtnl_link_stats64). */
export interface LinkStatistics {
  readonly rxPackets: bigint;
  readonly txPackets: bigint;
  readonly rxBytes: bigint;
  readonly txBytes: bigint;
  readonly rxErrors: bigint;
  readonly txErrors: bigint;
  readonly rxDropped: bigint;
  readonly txDropped: bigint;
  readonly multicast: bigint;
  readonly rxNoHandler: bigint;
}

export interface LinkFilter {
  /** Only ports of this master. */
  readonly master?: number;
  /** Only links of this type. */
  readonly kind?: string;
  /** With counters. */
  readonly statistics?: boolean;
}

export interface Change {
  readonly link: LinkSelector;
  readonly settings: LinkSettings;
}

export interface PortChange {
  readonly index: number;
  readonly port: BridgePort;
}

export interface NameChange {
  readonly link: LinkSelector;
  readonly name: string;
}
