/** The types of links and their parameters. What is left out is the kernel's default when creating, and left alone when changing. */

import type { Ip } from '../../model/address.ts';
import type { Namespace } from '../namespace/namespace.ts';

export type LinkKind =
  | Veth
  | Bridge
  | Vxlan
  | Vrf
  | Vlan
  | Macvlan
  | Bond
  | Gre
  | IpTunnel
  | Ip6Tunnel
  | Vti
  | Xfrm
  | Geneve
  | Tun
  | Plain;

/** Types without parameters, and every type this file does not know (`name` as the kernel spells it). */
export interface Plain {
  readonly type: 'dummy' | 'ifb' | 'wireguard' | 'other';
  /** Only with type `other`. */
  readonly name?: string;
}

export interface Veth {
  readonly type: 'veth';
  /** The other end, when creating. It cannot be up already; see `setLink`. */
  readonly peer?: VethPeer;
}

export interface VethPeer {
  readonly name: string;
  readonly address?: Uint8Array;
  readonly mtu?: number;
  /** Wanted interface index. Default: the kernel's choice. */
  readonly index?: number;
  /** Created there at once: moving it later would cost 20 ms. */
  readonly namespace?: Namespace;
}

/** Times in 1/100 s. */
export interface Bridge {
  readonly type: 'bridge';
  readonly forwardDelay?: number;
  readonly helloTime?: number;
  readonly maxAge?: number;
  /** 0 makes a hub of the bridge: nothing is learned. */
  readonly ageingTime?: number;
  /** 0 off, 1 in the kernel. */
  readonly stp?: number;
  readonly priority?: number;
  readonly vlanFiltering?: boolean;
  readonly vlanProtocol?: number;
  readonly groupForwardMask?: number;
  readonly multicastSnooping?: boolean;
  readonly multicastQuerier?: boolean;
  readonly callIptables?: boolean;
  readonly callIp6tables?: boolean;
  readonly callArptables?: boolean;
  readonly vlanDefaultPvid?: number;
  /** Pairs of u32: flags and mask (BR_BOOLOPT_...: bit 0 no_linklocal_learn, 1 mcast_vlan_snooping, 2 mst). */
  readonly booleans?: Uint8Array;
}

export interface Vxlan {
  readonly type: 'vxlan';
  /** VXLAN network identifier, 0-16777215. */
  readonly id?: number;
  readonly local?: Ip;
  /** Remote end, or multicast group. */
  readonly remote?: Ip;
  /** Index of the underlying interface. */
  readonly link?: number;
  /** Destination UDP port, 4789 by IANA; the kernel's own default is 8472. */
  readonly port?: number;
  readonly ttl?: number;
  readonly tos?: number;
  readonly learning?: boolean;
  /** s */
  readonly ageing?: number;
  readonly limit?: number;
  readonly proxy?: boolean;
  readonly rsc?: boolean;
  readonly l2miss?: boolean;
  readonly l3miss?: boolean;
  readonly udpChecksum?: boolean;
  readonly zeroChecksum6Tx?: boolean;
  readonly zeroChecksum6Rx?: boolean;
  readonly collectMetadata?: boolean;
  readonly vniFilter?: boolean;
  readonly gbp?: boolean;
  readonly gpe?: boolean;
  readonly ttlInherit?: boolean;
  /** 0 unset, 1 set, 2 inherit. */
  readonly df?: number;
  readonly flowLabel?: number;
}

export interface Vrf {
  readonly type: 'vrf';
  readonly table: number;
}

export interface Vlan {
  readonly type: 'vlan';
  /** 0-4094. */
  readonly id: number;
  /** 0x8100 (802.1Q) or 0x88a8 (802.1ad). */
  readonly protocol?: number;
  /** It may be up while the device below is down, and does not follow its state (carrier it does). */
  readonly looseBinding?: boolean;
}

export interface Macvlan {
  readonly type: 'macvlan' | 'macvtap';
  /** 1 private, 2 vepa, 4 bridge, 8 passthru, 16 source. */
  readonly mode?: number;
}

export interface Bond {
  readonly type: 'bond';
  /** 0 round robin, 1 active-backup, 2 xor, 3 broadcast, 4 802.3ad, 5 tlb, 6 alb. */
  readonly mode?: number;
  readonly activeSlave?: number;
  /** ms */
  readonly miimon?: number;
  readonly updelay?: number;
  readonly downdelay?: number;
  /** 0 layer2, 1 layer3+4, 2 layer2+3, 3 encap2+3, 4 encap3+4, 5 vlan+srcmac. */
  readonly hashPolicy?: number;
  readonly minLinks?: number;
  /** 0 slow, 1 fast. */
  readonly lacpRate?: number;
  readonly adSelect?: number;
  readonly failOverMac?: number;
  /** False: only answers LACP frames (kernel 5.16 and later). */
  readonly lacpActive?: boolean;
}

export interface Gre {
  readonly type: 'gre' | 'gretap' | 'erspan' | 'ip6gre' | 'ip6gretap' | 'ip6erspan';
  readonly link?: number;
  readonly inputFlags?: number;
  readonly outputFlags?: number;
  readonly inputKey?: number;
  readonly outputKey?: number;
  readonly local?: Ip;
  readonly remote?: Ip;
  readonly ttl?: number;
  readonly tos?: number;
  readonly pathMtuDiscovery?: boolean;
  readonly encapLimit?: number;
  readonly flags?: number;
  readonly collectMetadata?: boolean;
  readonly ignoreDf?: boolean;
  readonly mark?: number;
  readonly erspanIndex?: number;
  readonly erspanVersion?: number;
  readonly erspanDirection?: number;
  readonly erspanHardwareId?: number;
}

/** GRE key present (GRE_KEY, network order), for `inputFlags` and `outputFlags`. */
export const GRE_KEY = 0x2000;
/** GRE sequence numbers (needed by ERSPAN version 1 and 2). */
export const GRE_SEQ = 0x1000;

export interface IpTunnel {
  readonly type: 'ipip' | 'sit';
  readonly link?: number;
  readonly local?: Ip;
  readonly remote?: Ip;
  readonly ttl?: number;
  readonly tos?: number;
  readonly pathMtuDiscovery?: boolean;
  /** Inner protocol: 4 IPv4, 41 IPv6, 0 any. */
  readonly protocol?: number;
  readonly collectMetadata?: boolean;
  readonly mark?: number;
}

export interface Ip6Tunnel {
  readonly type: 'ip6tnl';
  readonly link?: number;
  readonly local?: Ip;
  readonly remote?: Ip;
  readonly ttl?: number;
  readonly encapLimit?: number;
  readonly flowInfo?: number;
  /** IP6_TNL_F_...: 1 ignore encapsulation limit. */
  readonly flags?: number;
  /** Inner protocol: 4 IPv4, 41 IPv6, 0 any. */
  readonly protocol?: number;
  readonly collectMetadata?: boolean;
  readonly mark?: number;
}

export interface Vti {
  readonly type: 'vti' | 'vti6';
  readonly link?: number;
  readonly inputKey?: number;
  readonly outputKey?: number;
  readonly local?: Ip;
  readonly remote?: Ip;
  readonly mark?: number;
}

export interface Xfrm {
  readonly type: 'xfrm';
  readonly link?: number;
  readonly id?: number;
}

export interface Geneve {
  readonly type: 'geneve';
  readonly id?: number;
  readonly remote?: Ip;
  readonly ttl?: number;
  readonly tos?: number;
  readonly port?: number;
  readonly collectMetadata?: boolean;
}

/** Read only: made by an ioctl (syscall/tuntap.ts). */
export interface Tun {
  readonly type: 'tun';
  readonly owner?: number;
  readonly group?: number;
  /** 1 tun, 2 tap. */
  readonly tunType?: number;
  readonly persist?: boolean;
}
