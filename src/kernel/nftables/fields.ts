/**
 * What a rule can match, by nft's names: `ip.daddr`, `tcp.dport`, `meta.iif`, `ct.state`. Header offsets are those of the
 * RFCs (791, 8200, 9293, 768, 792, 826); guards for the protocol are added by the compiler.
 */

import type { protocols } from './datatype.ts';
import { registerOf, type Compiler, type NetworkProtocol } from './compiler.ts';
import { etherTypes, types, type DataType } from './datatype.ts';
import { Field } from './source.ts';

const bases = { link: 0, network: 1, transport: 2, inner: 3 } as const;

/** Any bytes of a header: `base`, offset in bytes, as many as the type has. Adds no guard. */
export function payload(base: keyof typeof bases, offset: number, type: DataType): Field {
  return new Field(type, { load: loadPayload(base, offset, type) });
}

function loadPayload(base: keyof typeof bases, offset: number, type: DataType) {
  return (compiler: Compiler, slot: number): void =>
    compiler.expression('payload', (encoder) => {
      encoder.attributeBe32(1, registerOf(slot));
      encoder.attributeBe32(2, bases[base]);
      encoder.attributeBe32(3, offset);
      encoder.attributeBe32(4, type.bytes);
    });
}

function network(protocol: NetworkProtocol, offset: number, type: DataType): Field {
  return new Field(type, {
    require: (compiler) => compiler.needNetwork(protocol),
    load: loadPayload('network', offset, type),
  });
}

function nextProtocol(protocol: NetworkProtocol, offset: number): Field {
  return new Field(types.inet_proto, {
    require: (compiler) => compiler.needNetwork(protocol),
    load: loadPayload('network', offset, types.inet_proto),
    learn: (compiler, value) => compiler.knowTransport(value),
  });
}

function transport(protocol: keyof typeof protocols, offset: number, type: DataType): Field {
  return new Field(type, {
    require: (compiler) => compiler.needTransport(protocol),
    load: loadPayload('transport', offset, type),
  });
}

function learnEtherType(compiler: Compiler, value: number): void {
  for (const name of ['ip', 'ip6', 'arp'] as const) if (etherTypes[name] === value) compiler.knowNetwork(name);
}

export const ether = {
  daddr: payload('link', 0, types.ether_addr),
  saddr: payload('link', 6, types.ether_addr),
  type: new Field(types.ether_type, { load: loadPayload('link', 12, types.ether_type), learn: learnEtherType }),
};

export const ip = {
  /** Type of service: DSCP and ECN together. */
  tos: network('ip', 1, types.byte),
  length: network('ip', 2, types.short),
  id: network('ip', 4, types.short),
  /** Flags and fragment offset. */
  fragment: network('ip', 6, types.short),
  ttl: network('ip', 8, types.byte),
  protocol: nextProtocol('ip', 9),
  saddr: network('ip', 12, types.ipv4_addr),
  daddr: network('ip', 16, types.ipv4_addr),
};

export const ip6 = {
  /** The lower 16 of the 20 bits of the flow label. */
  flowLabelLow: network('ip6', 2, types.short),
  length: network('ip6', 4, types.short),
  /** The first next header; `meta.l4proto` looks behind extension headers. */
  nexthdr: network('ip6', 6, types.inet_proto),
  hoplimit: network('ip6', 7, types.byte),
  saddr: network('ip6', 8, types.ipv6_addr),
  daddr: network('ip6', 24, types.ipv6_addr),
};

/** ARP for IPv4 over Ethernet. */
export const arp = {
  operation: network('arp', 6, types.arp_op),
  etherSaddr: network('arp', 8, types.ether_addr),
  ipSaddr: network('arp', 14, types.ipv4_addr),
  etherDaddr: network('arp', 18, types.ether_addr),
  ipDaddr: network('arp', 24, types.ipv4_addr),
};

/** Ports of whichever transport protocol the packet has (TCP, UDP, SCTP): combine with `meta.l4proto`. */
export const th = {
  sport: payload('transport', 0, types.inet_service),
  dport: payload('transport', 2, types.inet_service),
};

export const tcp = {
  sport: transport('tcp', 0, types.inet_service),
  dport: transport('tcp', 2, types.inet_service),
  /** `tcp.flags.masked(mask).eq(value)` is VPP's tcp_flags_mask and tcp_flags_value. */
  flags: transport('tcp', 13, types.tcp_flag),
};

export const udp = {
  sport: transport('udp', 0, types.inet_service),
  dport: transport('udp', 2, types.inet_service),
};

export const icmp = {
  type: transport('icmp', 0, types.icmp_type),
  code: transport('icmp', 1, types.icmp_code),
};

export const icmpv6 = {
  type: transport('icmpv6', 0, types.icmpv6_type),
  code: transport('icmpv6', 1, types.icmpv6_code),
};

/** Neighbour solicitations and advertisements (RFC 4861): combine with `icmpv6.type`. */
export const neighbourDiscovery = {
  target: transport('icmpv6', 8, types.ipv6_addr),
  /** Type and length (in units of 8 bytes) of the first option. */
  firstOption: transport('icmpv6', 24, types.short),
};

/** AH and ESP. */
export const esp = { spi: transport('esp', 0, types.word) };

function metadata(key: number, type: DataType, learn?: (compiler: Compiler, value: number) => void): Field {
  return new Field(type, {
    load: (compiler, slot) =>
      compiler.expression('meta', (encoder) => {
        encoder.attributeBe32(2, key);
        encoder.attributeBe32(1, registerOf(slot));
      }),
    ...(learn ? { learn } : {}),
  });
}

/** Properties of the packet that are in no header. `iif` and `oif` are indexes (fast, and for devices that exist), `iifname` names. */
export const meta = {
  length: metadata(0, types.hostWord),
  protocol: metadata(1, types.ether_type, learnEtherType),
  priority: metadata(2, types.hostWord),
  mark: metadata(3, types.mark),
  iif: metadata(4, types.iface_index),
  oif: metadata(5, types.iface_index),
  iifname: metadata(6, types.ifname),
  oifname: metadata(7, types.ifname),
  nfproto: metadata(15, types.nf_proto, (compiler, value) => compiler.knowNetwork(value === 2 ? 'ip' : 'ip6')),
  l4proto: metadata(16, types.inet_proto, (compiler, value) => compiler.knowTransport(value)),
  /** Bridge that the packet came in by, or goes out by. */
  ibrname: metadata(17, types.ifname),
  obrname: metadata(18, types.ifname),
  pkttype: metadata(19, types.pkt_type),
  iifgroup: metadata(21, types.devgroup),
  oifgroup: metadata(22, types.devgroup),
  /** Whether IPsec has decrypted or checked it on its way in. */
  secpath: metadata(25, types.boolean),
  /** Type of the device, as `vrf`. */
  iifkind: metadata(26, types.ifname),
  /** VRF port behind a vrf device. */
  sdif: metadata(33, types.iface_index),
  sdifname: metadata(34, types.ifname),
};

type Direction = 'original' | 'reply';

function connection(key: number, type: DataType, direction?: Direction): Field {
  return new Field(type, {
    load: (compiler, slot) =>
      compiler.expression('ct', (encoder) => {
        encoder.attributeBe32(2, key);
        if (direction !== undefined) encoder.attributeU8(3, direction === 'original' ? 0 : 1);
        encoder.attributeBe32(1, registerOf(slot));
      }),
  });
}

function tuple(direction: Direction) {
  return {
    saddr: connection(19, types.ipv4_addr, direction),
    daddr: connection(20, types.ipv4_addr, direction),
    saddr6: connection(21, types.ipv6_addr, direction),
    daddr6: connection(22, types.ipv6_addr, direction),
    protocol: connection(10, types.inet_proto, direction),
    protoSrc: connection(11, types.inet_service, direction),
    protoDst: connection(12, types.inet_service, direction),
    zone: connection(17, types.hostShort, direction),
  };
}

/** The connection a packet belongs to. Not in netdev; not in bridge on kernels without bridge conntrack. */
export const ct = {
  state: connection(0, types.ct_state),
  direction: connection(1, types.ct_dir),
  status: connection(2, types.ct_status),
  mark: connection(3, types.mark),
  /** Time left in ms. */
  expiration: connection(5, types.time),
  zone: connection(17, types.hostShort),
  original: tuple('original'),
  reply: tuple('reply'),
};

const fibFlags = { saddr: 1, daddr: 2, mark: 4, iif: 8, oif: 16 } as const;
type FibFlag = keyof typeof fibFlags;

function fibResult(result: number, type: DataType, flags: readonly FibFlag[]): Field {
  const bits = flags.reduce((sum, flag) => sum | fibFlags[flag], 0);
  return new Field(type, {
    load: (compiler, slot) =>
      compiler.expression('fib', (encoder) => {
        encoder.attributeBe32(1, registerOf(slot));
        encoder.attributeBe32(2, result);
        encoder.attributeBe32(3, bits);
      }),
  });
}

/** What a routing lookup of the packet's addresses says; flags say what takes part in it. */
export const fib = {
  oif: (...flags: readonly FibFlag[]): Field => fibResult(1, types.iface_index, flags),
  oifname: (...flags: readonly FibFlag[]): Field => fibResult(2, types.ifname, flags),
  /** `fib.addressType('daddr').eq('local')`. */
  addressType: (...flags: readonly FibFlag[]): Field => fibResult(3, types.fib_addrtype, flags),
};

/** 1 when the IPv6 extension header of this type number is there, e.g. 44 for a fragment. */
export function extensionHeader(type: number): Field {
  return new Field(types.boolean, {
    require: (compiler) => compiler.needNetwork('ip6'),
    load: (compiler, slot) =>
      compiler.expression('exthdr', (encoder) => {
        encoder.attributeBe32(1, registerOf(slot));
        encoder.attributeU8(2, type);
        encoder.attributeBe32(3, 0);
        encoder.attributeBe32(4, 1);
        encoder.attributeBe32(5, 1);
        encoder.attributeBe32(6, 0);
      }),
  });
}
