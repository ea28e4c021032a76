/** Connections as the kernel tracks them, between messages of ctnetlink and objects (linux/netfilter/nfnetlink_conntrack.h). */

import type { Encoder } from '../netlink/encoder.ts';
import type { Attributes } from '../netlink/reader.ts';
import { readIpv4, readIpv6, writeIpv4, writeIpv6 } from '../nftables/ip-text.ts';

/** One direction of a connection. Ports of TCP, UDP, SCTP, UDPLite and DCCP; for ICMP its query id, type and code. */
export interface Tuple {
  readonly source: string;
  readonly destination: string;
  /** IP protocol number. */
  readonly protocol: number;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly icmp?: { readonly id: number; readonly type: number; readonly code: number };
}

export interface Flow {
  readonly family: 4 | 6;
  readonly original: Tuple;
  /** What an answer looks like: with NAT not simply the original turned round. */
  readonly reply: Tuple;
  readonly mark: number;
  readonly zone: number;
  /** IPS_... bits: 2 seen reply, 4 assured, 16 source NAT, 32 destination NAT. */
  readonly status: number;
  /** Seconds left. */
  readonly timeout: number;
  /** Tells a connection from a later one with the same tuple. */
  readonly id: number;
}

export const attribute = {
  original: 1,
  reply: 2,
  status: 3,
  timeout: 7,
  mark: 8,
  id: 12,
  zone: 18,
  markMask: 21,
  filter: 25,
} as const;
export const tupleAttribute = { ip: 1, protocol: 2, zone: 3 } as const;
export const ipAttribute = { v4Source: 1, v4Destination: 2, v6Source: 3, v6Destination: 4 } as const;
export const protocolAttribute = {
  number: 1,
  sourcePort: 2,
  destinationPort: 3,
  icmpId: 4,
  icmpType: 5,
  icmpCode: 6,
  icmp6Id: 7,
  icmp6Type: 8,
  icmp6Code: 9,
} as const;

/** Reads the attributes of one connection. */
export function readFlow(family: 4 | 6, at: Attributes): Flow {
  let original = none;
  let reply = none;
  let [mark, zone, status, timeout, id] = [0, 0, 0, 0, 0];
  while (at.next()) {
    if (at.type === attribute.original) original = readTuple(at.nested());
    else if (at.type === attribute.reply) reply = readTuple(at.nested());
    else if (at.type === attribute.mark) mark = at.be32();
    else if (at.type === attribute.zone) zone = at.be16();
    else if (at.type === attribute.status) status = at.be32();
    else if (at.type === attribute.timeout) timeout = at.be32();
    else if (at.type === attribute.id) id = at.be32();
  }
  return { family, original, reply, mark, zone, status, timeout, id };
}

const none: Tuple = { source: '', destination: '', protocol: 0 };

function readTuple(at: Attributes): Tuple {
  let ends = { source: '', destination: '' };
  let protocol: Omit<Tuple, 'source' | 'destination'> = { protocol: 0 };
  while (at.next()) {
    if (at.type === tupleAttribute.ip) ends = readEnds(at.nested());
    else if (at.type === tupleAttribute.protocol) protocol = readProtocol(at.nested());
  }
  return { ...ends, ...protocol };
}

function readEnds(at: Attributes): { source: string; destination: string } {
  let source = '';
  let destination = '';
  while (at.next()) {
    if (at.type === ipAttribute.v4Source) source = readIpv4(at.buffer, at.at);
    else if (at.type === ipAttribute.v4Destination) destination = readIpv4(at.buffer, at.at);
    else if (at.type === ipAttribute.v6Source) source = readIpv6(at.buffer, at.at);
    else if (at.type === ipAttribute.v6Destination) destination = readIpv6(at.buffer, at.at);
  }
  return { source, destination };
}

function readProtocol(at: Attributes): Omit<Tuple, 'source' | 'destination'> {
  let protocol = 0;
  let ports: { sourcePort?: number; destinationPort?: number } = {};
  let icmp: { id: number; type: number; code: number } | undefined;
  const query = () => (icmp ??= { id: 0, type: 0, code: 0 });
  while (at.next()) {
    const { type } = at;
    if (type === protocolAttribute.number) protocol = at.u8();
    else if (type === protocolAttribute.sourcePort) ports = { ...ports, sourcePort: at.be16() };
    else if (type === protocolAttribute.destinationPort) ports = { ...ports, destinationPort: at.be16() };
    else if (type === protocolAttribute.icmpId || type === protocolAttribute.icmp6Id) query().id = at.be16();
    else if (type === protocolAttribute.icmpType || type === protocolAttribute.icmp6Type) query().type = at.u8();
    else if (type === protocolAttribute.icmpCode || type === protocolAttribute.icmp6Code) query().code = at.u8();
  }
  return icmp ? { protocol, icmp } : { protocol, ...ports };
}

/** Writes the parts of a tuple that are given, as attribute `type`. */
export function writeTuple(encoder: Encoder, type: number, family: 4 | 6, tuple: Partial<Tuple>): void {
  const nest = encoder.beginNest(type);
  if (tuple.source !== undefined || tuple.destination !== undefined) {
    const ends = encoder.beginNest(tupleAttribute.ip);
    const first = family === 4 ? ipAttribute.v4Source : ipAttribute.v6Source;
    if (tuple.source !== undefined) encoder.attributeBytes(first, bytesOfAddress(family, tuple.source));
    if (tuple.destination !== undefined) encoder.attributeBytes(first + 1, bytesOfAddress(family, tuple.destination));
    encoder.endNest(ends);
  }
  if (tuple.protocol !== undefined) writeProtocol(encoder, family, tuple.protocol, tuple);
  encoder.endNest(nest);
}

function writeProtocol(encoder: Encoder, family: 4 | 6, protocol: number, tuple: Partial<Tuple>): void {
  const nest = encoder.beginNest(tupleAttribute.protocol);
  encoder.attributeU8(protocolAttribute.number, protocol);
  if (tuple.sourcePort !== undefined) encoder.attributeBe16(protocolAttribute.sourcePort, tuple.sourcePort);
  if (tuple.destinationPort !== undefined)
    encoder.attributeBe16(protocolAttribute.destinationPort, tuple.destinationPort);
  if (tuple.icmp) {
    const first = family === 4 ? protocolAttribute.icmpId : protocolAttribute.icmp6Id;
    encoder.attributeBe16(first, tuple.icmp.id);
    encoder.attributeU8(first + 1, tuple.icmp.type);
    encoder.attributeU8(first + 2, tuple.icmp.code);
  }
  encoder.endNest(nest);
}

/** RangeError for text that is no address of the family. */
export function bytesOfAddress(family: 4 | 6, text: string): Uint8Array {
  const bytes = new Uint8Array(family === 4 ? 4 : 16);
  if (!(family === 4 ? writeIpv4 : writeIpv6)(text, bytes, 0))
    throw new RangeError(`${text} is no IPv${family} address`);
  return bytes;
}
