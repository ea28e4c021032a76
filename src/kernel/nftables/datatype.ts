/**
 * Data types of set keys, map data and rule constants: nft's name and number, size, byte order, and how a value people can
 * read becomes bytes. The numbers go into set definitions so that `nft list ruleset` prints them (nft's enum datatypes).
 */

import { readIpv4, readIpv6, writeIpv4, writeIpv6 } from './ip-text.ts';

/** A constant: address and name types take text, the others numbers; raw bytes are always accepted. */
export type Value = string | number | bigint | Uint8Array;

export interface DataType {
  readonly name: string;
  /** nft's number of the type. */
  readonly id: number;
  readonly bytes: number;
  /** `host` values cannot be keys of interval sets: the kernel compares bytes from the left. */
  readonly order: 'network' | 'host';
  /** Writes `bytes` bytes at `at`. Throws RangeError for what does not fit the type. */
  write(value: Value, target: Buffer, at: number): void;
  read(source: Buffer, at: number): string | number | bigint;
}

function wrong(type: string, value: Value): RangeError {
  return new RangeError(`${String(value)} is not a value of type ${type}`);
}

function numeric(type: string, value: Value, names: Readonly<Record<string, number>>): number {
  const number = typeof value === 'string' ? names[value] : Number(value);
  if (number === undefined || !Number.isInteger(number)) throw wrong(type, value);
  return number;
}

/** A number of 1, 2, 4 or 8 bytes, with names for some values. */
export function integer(
  name: string,
  id: number,
  bytes: 1 | 2 | 4 | 8,
  order: 'network' | 'host',
  names: Readonly<Record<string, number>> = {},
): DataType {
  const limit = 2 ** (8 * bytes);
  function write(value: Value, target: Buffer, at: number): void {
    if (value instanceof Uint8Array) return writeRaw(name, bytes, value, target, at);
    if (bytes === 8) {
      if (order === 'host') target.writeBigUInt64LE(BigInt(value), at);
      else target.writeBigUInt64BE(BigInt(value), at);
      return;
    }
    const number = numeric(name, value, names);
    if (number < 0 || number >= limit) throw wrong(name, value);
    if (order === 'host') target.writeUIntLE(number, at, bytes);
    else target.writeUIntBE(number, at, bytes);
  }
  function read(source: Buffer, at: number): number | bigint {
    if (bytes === 8) return order === 'host' ? source.readBigUInt64LE(at) : source.readBigUInt64BE(at);
    return order === 'host' ? source.readUIntLE(at, bytes) : source.readUIntBE(at, bytes);
  }
  return { name, id, bytes, order, write, read };
}

function writeRaw(name: string, bytes: number, value: Uint8Array, target: Buffer, at: number): void {
  if (value.length !== bytes) throw new RangeError(`${value.length} bytes given for type ${name} of ${bytes}`);
  target.set(value, at);
}

/** Text of at most `bytes` - 1 bytes, filled up with zeros. */
function text(name: string, id: number, bytes: number): DataType {
  return {
    name,
    id,
    bytes,
    order: 'host',
    write(value, target, at) {
      if (value instanceof Uint8Array) return writeRaw(name, bytes, value, target, at);
      if (typeof value !== 'string' || Buffer.byteLength(value) >= bytes) throw wrong(name, value);
      target.fill(0, at, at + bytes);
      target.write(value, at);
    },
    read(source, at) {
      const end = source.indexOf(0, at);
      return source.toString('utf8', at, end === -1 || end > at + bytes ? at + bytes : end);
    },
  };
}

function address(name: string, id: number, bytes: 4 | 16): DataType {
  return {
    name,
    id,
    bytes,
    order: 'network',
    write(value, target, at) {
      if (value instanceof Uint8Array) return writeRaw(name, bytes, value, target, at);
      if (typeof value !== 'string') throw wrong(name, value);
      if (!(bytes === 4 ? writeIpv4 : writeIpv6)(value, target, at)) throw wrong(name, value);
    },
    read: (source, at) => (bytes === 4 ? readIpv4 : readIpv6)(source, at),
  };
}

const etherAddress: DataType = {
  name: 'ether_addr',
  id: 9,
  bytes: 6,
  order: 'network',
  write(value, target, at) {
    if (value instanceof Uint8Array) return writeRaw('ether_addr', 6, value, target, at);
    if (typeof value !== 'string' || !/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(value)) throw wrong('ether_addr', value);
    target.write(value.replaceAll(':', ''), at, 'hex');
  },
  read: (source, at) => source.toString('hex', at, at + 6).replace(/(..)(?=.)/g, '$1:'),
};

/** IP protocol numbers by name. */
export const protocols = {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  udp: 17,
  gre: 47,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  sctp: 132,
} as const;
export const etherTypes = { ip: 0x0800, arp: 0x0806, vlan: 0x8100, ip6: 0x86dd } as const;
export const ctStates = { invalid: 1, established: 2, related: 4, new: 8, untracked: 64 } as const;
export const ctStatuses = {
  expected: 1,
  'seen-reply': 2,
  assured: 4,
  confirmed: 8,
  snat: 16,
  dnat: 32,
  dying: 512,
} as const;
export const tcpFlags = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ecn: 64, cwr: 128 } as const;
const packetTypes = { host: 0, broadcast: 1, multicast: 2, other: 3, unicast: 0 } as const;
const fibTypes = {
  unspec: 0,
  unicast: 1,
  local: 2,
  broadcast: 3,
  anycast: 4,
  multicast: 5,
  blackhole: 6,
  unreachable: 7,
};
const icmpTypes = { 'echo-reply': 0, 'destination-unreachable': 3, 'echo-request': 8, 'time-exceeded': 11 } as const;
const icmp6Types = {
  'destination-unreachable': 1,
  'packet-too-big': 2,
  'time-exceeded': 3,
  'echo-request': 128,
  'echo-reply': 129,
  'nd-router-solicit': 133,
  'nd-router-advert': 134,
  'nd-neighbor-solicit': 135,
  'nd-neighbor-advert': 136,
} as const;

export const types = {
  ipv4_addr: address('ipv4_addr', 7, 4),
  ipv6_addr: address('ipv6_addr', 8, 16),
  ether_addr: etherAddress,
  ether_type: integer('ether_type', 10, 2, 'network', etherTypes),
  arp_op: integer('arp_op', 11, 2, 'network', { request: 1, reply: 2 }),
  inet_proto: integer('inet_proto', 12, 1, 'network', protocols),
  inet_service: integer('inet_service', 13, 2, 'network'),
  icmp_type: integer('icmp_type', 14, 1, 'network', icmpTypes),
  tcp_flag: integer('tcp_flag', 15, 1, 'network', tcpFlags),
  mark: integer('mark', 19, 4, 'host'),
  iface_index: integer('iface_index', 20, 4, 'host'),
  ct_state: integer('ct_state', 26, 4, 'host', ctStates),
  ct_dir: integer('ct_dir', 27, 1, 'host', { original: 0, reply: 1 }),
  ct_status: integer('ct_status', 28, 4, 'host', ctStatuses),
  icmpv6_type: integer('icmpv6_type', 29, 1, 'network', icmp6Types),
  pkt_type: integer('pkt_type', 31, 1, 'host', packetTypes),
  icmp_code: integer('icmp_code', 32, 1, 'network'),
  icmpv6_code: integer('icmpv6_code', 33, 1, 'network'),
  devgroup: integer('devgroup', 35, 4, 'host'),
  fib_addrtype: integer('fib_addrtype', 38, 4, 'host', fibTypes),
  boolean: integer('boolean', 39, 1, 'host'),
  ifname: text('ifname', 41, 16),
  nf_proto: integer('nf_proto', 2, 1, 'host', { ipv4: 2, ipv6: 10 }),
  time: integer('time', 18, 4, 'host'),
  /** Numbers without a name of their own. nft prints these only when the set is not declared by `typeof`. */
  byte: integer('integer', 4, 1, 'network'),
  short: integer('integer', 4, 2, 'network'),
  word: integer('integer', 4, 4, 'network'),
  hostShort: integer('integer', 4, 2, 'host'),
  hostWord: integer('integer', 4, 4, 'host'),
} as const satisfies Record<string, DataType>;

/** nft's number of a concatenation: six bits for each part, leftmost part highest. */
export function typeNumber(parts: readonly DataType[]): number {
  return parts.reduce((number, part) => ((number << 6) | part.id) >>> 0, 0);
}

/** Bytes of a part in a concatenation: registers are 4 bytes wide. */
export function padded(bytes: number): number {
  return (bytes + 3) & ~3;
}

/** Bytes of a key or datum: one part keeps its length, parts of a concatenation are padded each. */
export function dataLength(parts: readonly DataType[]): number {
  const [only] = parts;
  if (parts.length === 1 && only) return only.bytes;
  return parts.reduce((sum, part) => sum + padded(part.bytes), 0);
}

/** A single value's bytes. */
export function bytesOf(type: DataType, value: Value): Buffer {
  const bytes = Buffer.alloc(type.bytes);
  type.write(value, bytes, 0);
  return bytes;
}
