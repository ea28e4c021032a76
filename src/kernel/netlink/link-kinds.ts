/**
 * IFLA_LINKINFO: how the types of links and their parameters are written and read. One table a type is both encoder and decoder.
 */

import type { Ip } from '../../model/address.ts';
import type { Encoder } from './encoder.ts';
import { be16, be32, bool8, bytes, field, flag, ip, ipOf, readFields, u16, u32, u8, writeFields } from './fields.ts';
import type { Field, FieldCodec } from './fields.ts';
import type {
  LinkKind,
  VethPeer,
  Bridge,
  Vxlan,
  Vrf,
  Vlan,
  Macvlan,
  Bond,
  Gre,
  IpTunnel,
  Ip6Tunnel,
  Vti,
  Xfrm,
  Geneve,
  Tun,
} from './link-kind-model.ts';
import type { Attributes } from './reader.ts';

export { GRE_KEY, GRE_SEQ } from './link-kind-model.ts';
export type * from './link-kind-model.ts';

/** Writes IFLA_INFO_KIND and IFLA_INFO_DATA. */
export function writeKind(encoder: Encoder, kind: LinkKind): void {
  encoder.attributeString(IFLA_INFO_KIND, kind.type === 'other' ? (kind.name ?? '') : kind.type);
  if (kind.type === 'veth' || kind.type === 'other') {
    if (kind.type === 'veth' && kind.peer) writePeer(encoder, kind.peer);
    return;
  }
  const fields = FIELDS[kind.type];
  if (fields.length === 0) return;
  const nest = encoder.beginNest(IFLA_INFO_DATA);
  writeFields(encoder, fields, kind);
  encoder.endNest(nest);
}

/** Reads a link's type from its IFLA_INFO_KIND and IFLA_INFO_DATA. */
export function readKind(name: string, data: Attributes | undefined): LinkKind {
  const fields = name in FIELDS ? FIELDS[name as keyof typeof FIELDS] : undefined;
  if (name === 'veth') return { type: 'veth' };
  if (!fields) return { type: 'other', name };
  const values = data ? readFields(data, fields) : {};
  return { ...values, type: name } as LinkKind;
}

function writePeer(encoder: Encoder, peer: VethPeer): void {
  const data = encoder.beginNest(IFLA_INFO_DATA);
  const info = encoder.beginNest(VETH_INFO_PEER, 0);
  encoder.u32(0); // family, type: the peer's struct ifinfomsg
  encoder.u32(peer.index ?? 0);
  encoder.u32(0);
  encoder.u32(0);
  encoder.attributeString(IFLA_IFNAME, peer.name);
  if (peer.address) encoder.attributeBytes(IFLA_ADDRESS, peer.address);
  if (peer.mtu !== undefined) encoder.attributeU32(IFLA_MTU, peer.mtu);
  if (peer.namespace) encoder.attributeNamespace(IFLA_NET_NS_FD, peer.namespace);
  encoder.endNest(info);
  encoder.endNest(data);
}

const IFLA_ADDRESS = 1;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFLA_NET_NS_FD = 28;
const IFLA_INFO_KIND = 1;
const IFLA_INFO_DATA = 2;
const VETH_INFO_PEER = 1;

const bridge = field<Bridge>();
const vxlan = field<Vxlan>();
const vrf = field<Vrf>();
const vlan = field<Vlan>();
const macvlan = field<Macvlan>();
const bond = field<Bond>();
const gre = field<Gre>();
const tunnel = field<IpTunnel>();
const tunnel6 = field<Ip6Tunnel>();
const vti = field<Vti>();
const xfrm = field<Xfrm>();
const geneve = field<Geneve>();
const tun = field<Tun>();

/** Reads an address; the unspecified one means "none". */
const end: FieldCodec<Ip> = {
  write: ip.write,
  read: (attributes) => {
    const address = ip.read(attributes);
    return address?.bytes.some((byte) => byte !== 0) ? address : undefined;
  },
};

/** struct ifla_vlan_flags: flags and mask; VLAN_FLAG_LOOSE_BINDING. */
const looseBinding: FieldCodec<boolean> = {
  write: (encoder, type, value) =>
    encoder.attributeBytes(type, new Uint8Array(Uint32Array.of(value ? LOOSE_BINDING : 0, LOOSE_BINDING).buffer)),
  read: (attributes) => (attributes.u32() & LOOSE_BINDING) !== 0,
};
const LOOSE_BINDING = 4;

const GRE_FIELDS = [
  gre(1, 'link', u32),
  gre(2, 'inputFlags', be16),
  gre(3, 'outputFlags', be16),
  gre(4, 'inputKey', be32),
  gre(5, 'outputKey', be32),
  gre(6, 'local', end),
  gre(7, 'remote', end),
  gre(8, 'ttl', u8),
  gre(9, 'tos', u8),
  gre(10, 'pathMtuDiscovery', bool8),
  gre(11, 'encapLimit', u8),
  gre(13, 'flags', u32),
  gre(18, 'collectMetadata', flag),
  gre(19, 'ignoreDf', bool8),
  gre(20, 'mark', u32),
  gre(21, 'erspanIndex', u32),
  gre(22, 'erspanVersion', u8),
  gre(23, 'erspanDirection', u8),
  gre(24, 'erspanHardwareId', u16),
];

const TUNNEL_FIELDS = [
  tunnel(1, 'link', u32),
  tunnel(2, 'local', end),
  tunnel(3, 'remote', end),
  tunnel(4, 'ttl', u8),
  tunnel(5, 'tos', u8),
  tunnel(9, 'protocol', u8),
  tunnel(10, 'pathMtuDiscovery', bool8),
  tunnel(19, 'collectMetadata', flag),
  tunnel(20, 'mark', u32),
];

const MACVLAN_FIELDS = [macvlan(1, 'mode', u32)];

const VTI_FIELDS = [
  vti(1, 'link', u32),
  vti(2, 'inputKey', be32),
  vti(3, 'outputKey', be32),
  vti(4, 'local', end),
  vti(5, 'remote', end),
  vti(6, 'mark', u32),
];

type Type = Exclude<LinkKind['type'], 'veth' | 'other'>;

const FIELDS = {
  dummy: [],
  ifb: [],
  wireguard: [],
  bridge: [
    bridge(1, 'forwardDelay', u32),
    bridge(2, 'helloTime', u32),
    bridge(3, 'maxAge', u32),
    bridge(4, 'ageingTime', u32),
    bridge(5, 'stp', u32),
    bridge(6, 'priority', u16),
    bridge(7, 'vlanFiltering', bool8),
    bridge(8, 'vlanProtocol', be16),
    bridge(9, 'groupForwardMask', u16),
    bridge(23, 'multicastSnooping', bool8),
    bridge(25, 'multicastQuerier', bool8),
    bridge(36, 'callIptables', bool8),
    bridge(37, 'callIp6tables', bool8),
    bridge(38, 'callArptables', bool8),
    bridge(39, 'vlanDefaultPvid', u16),
    bridge(46, 'booleans', bytes),
  ],
  vxlan: [
    vxlan(1, 'id', u32),
    vxlan(2, 'remote', ipOf(4)),
    vxlan(16, 'remote', ipOf(6)),
    vxlan(3, 'link', u32),
    vxlan(4, 'local', ipOf(4)),
    vxlan(17, 'local', ipOf(6)),
    vxlan(5, 'ttl', u8),
    vxlan(6, 'tos', u8),
    vxlan(7, 'learning', bool8),
    vxlan(8, 'ageing', u32),
    vxlan(9, 'limit', u32),
    vxlan(11, 'proxy', bool8),
    vxlan(12, 'rsc', bool8),
    vxlan(13, 'l2miss', bool8),
    vxlan(14, 'l3miss', bool8),
    vxlan(15, 'port', be16),
    vxlan(18, 'udpChecksum', bool8),
    vxlan(19, 'zeroChecksum6Tx', bool8),
    vxlan(20, 'zeroChecksum6Rx', bool8),
    vxlan(23, 'gbp', flag),
    vxlan(25, 'collectMetadata', bool8),
    vxlan(26, 'flowLabel', be32),
    vxlan(27, 'gpe', flag),
    vxlan(28, 'ttlInherit', flag),
    vxlan(29, 'df', u8),
    vxlan(30, 'vniFilter', bool8),
  ],
  vrf: [vrf(1, 'table', u32)],
  vlan: [vlan(1, 'id', u16), vlan(2, 'looseBinding', looseBinding), vlan(5, 'protocol', be16)],
  macvlan: MACVLAN_FIELDS,
  macvtap: MACVLAN_FIELDS,
  bond: [
    bond(1, 'mode', u8),
    bond(2, 'activeSlave', u32),
    bond(3, 'miimon', u32),
    bond(4, 'updelay', u32),
    bond(5, 'downdelay', u32),
    bond(13, 'failOverMac', u8),
    bond(14, 'hashPolicy', u8),
    bond(18, 'minLinks', u32),
    bond(21, 'lacpRate', u8),
    bond(22, 'adSelect', u8),
    bond(29, 'lacpActive', bool8),
  ],
  gre: GRE_FIELDS,
  gretap: GRE_FIELDS,
  erspan: GRE_FIELDS,
  ip6gre: GRE_FIELDS,
  ip6gretap: GRE_FIELDS,
  ip6erspan: GRE_FIELDS,
  ipip: TUNNEL_FIELDS,
  sit: TUNNEL_FIELDS,
  ip6tnl: [
    tunnel6(1, 'link', u32),
    tunnel6(2, 'local', end),
    tunnel6(3, 'remote', end),
    tunnel6(4, 'ttl', u8),
    tunnel6(6, 'encapLimit', u8),
    tunnel6(7, 'flowInfo', be32),
    tunnel6(8, 'flags', u32),
    tunnel6(9, 'protocol', u8),
    tunnel6(19, 'collectMetadata', flag),
    tunnel6(20, 'mark', u32),
  ],
  vti: VTI_FIELDS,
  vti6: VTI_FIELDS,
  xfrm: [xfrm(1, 'link', u32), xfrm(2, 'id', u32)],
  geneve: [
    geneve(1, 'id', u32),
    geneve(2, 'remote', ipOf(4)),
    geneve(7, 'remote', ipOf(6)),
    geneve(3, 'ttl', u8),
    geneve(4, 'tos', u8),
    geneve(5, 'port', be16),
    geneve(6, 'collectMetadata', flag),
  ],
  tun: [tun(1, 'owner', u32), tun(2, 'group', u32), tun(3, 'tunType', u8), tun(6, 'persist', bool8)],
} as unknown as Readonly<Record<Type, readonly Field<LinkKind>[]>>;
