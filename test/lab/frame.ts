/**
 * Frames as tests write and read them: builders for what Node cannot send by itself, and a decoder that names the
 * fields tests look at. IEEE 802.3, RFC 826 (ARP), RFC 791, RFC 8200, RFC 768, RFC 9293, RFC 792, RFC 4443, RFC 7348 (VXLAN).
 */
import { addressBytes } from './rtnetlink.ts';

/** Fields of a frame; those that its protocols have. Addresses as text, ports and types as numbers. */
export interface Frame {
  readonly bytes: Buffer;
  readonly destination: string;
  readonly source: string;
  /** After VLAN tags. 0x0800 IPv4, 0x0806 ARP, 0x86dd IPv6. */
  readonly etherType: number;
  readonly vlan?: number;
  readonly arp?: {
    /** 1 request, 2 reply. */
    readonly operation: number;
    readonly senderMac: string;
    readonly senderIp: string;
    readonly targetMac: string;
    readonly targetIp: string;
  };
  readonly ip?: {
    readonly source: string;
    readonly destination: string;
    readonly protocol: number;
    readonly ttl: number;
  };
  readonly udp?: { readonly source: number; readonly destination: number };
  readonly tcp?: { readonly source: number; readonly destination: number; readonly flags: number };
  /** ICMP and ICMPv6. */
  readonly icmp?: { readonly type: number; readonly code: number };
  /** UDP or TCP payload, or what follows the ICMP header's first 4 bytes. */
  readonly payload?: Buffer;
  /** The frame inside a VXLAN packet (UDP port 4789). */
  readonly vxlan?: { readonly vni: number; readonly inner: Frame };
}

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':');

export function decodeFrame(bytes: Buffer): Frame {
  let at = 12;
  let etherType = bytes.length >= 14 ? bytes.readUInt16BE(at) : 0;
  let vlan: number | undefined;
  while ((etherType === 0x8100 || etherType === 0x88a8) && bytes.length >= at + 6) {
    vlan ??= bytes.readUInt16BE(at + 2) & 0xfff;
    at += 4;
    etherType = bytes.readUInt16BE(at);
  }
  const frame = {
    bytes,
    destination: hex(bytes.subarray(0, 6)),
    source: hex(bytes.subarray(6, 12)),
    etherType,
    ...(vlan === undefined ? {} : { vlan }),
  };
  const content = bytes.subarray(at + 2);
  if (etherType === 0x0806 && content.length >= 28) return { ...frame, arp: decodeArp(content) };
  if (etherType === 0x0800 && content.length >= 20) return { ...frame, ...decodeIpv4(content) };
  if (etherType === 0x86dd && content.length >= 40) return { ...frame, ...decodeIpv6(content) };
  return frame;
}

function decodeArp(bytes: Buffer): NonNullable<Frame['arp']> {
  return {
    operation: bytes.readUInt16BE(6),
    senderMac: hex(bytes.subarray(8, 14)),
    senderIp: bytes.subarray(14, 18).join('.'),
    targetMac: hex(bytes.subarray(18, 24)),
    targetIp: bytes.subarray(24, 28).join('.'),
  };
}

function decodeIpv4(bytes: Buffer): Partial<Frame> {
  const headerLength = ((bytes[0] ?? 0) & 0xf) * 4;
  const ip = {
    source: bytes.subarray(12, 16).join('.'),
    destination: bytes.subarray(16, 20).join('.'),
    protocol: bytes[9] ?? 0,
    ttl: bytes[8] ?? 0,
  };
  const laterFragment = (bytes.readUInt16BE(6) & 0x1fff) !== 0;
  if (laterFragment) return { ip };
  return { ip, ...decodeTransport(ip.protocol, bytes.subarray(headerLength, bytes.readUInt16BE(2))) };
}

function decodeIpv6(bytes: Buffer): Partial<Frame> {
  const ip = {
    source: ipv6Text(bytes.subarray(8, 24)),
    destination: ipv6Text(bytes.subarray(24, 40)),
    protocol: bytes[6] ?? 0,
    ttl: bytes[7] ?? 0,
  };
  return { ip, ...decodeTransport(ip.protocol, bytes.subarray(40, 40 + bytes.readUInt16BE(4))) };
}

function decodeTransport(protocol: number, bytes: Buffer): Partial<Frame> {
  const ports = (): { source: number; destination: number } => ({
    source: bytes.readUInt16BE(0),
    destination: bytes.readUInt16BE(2),
  });
  if (protocol === 17 && bytes.length >= 8) {
    const udp = ports();
    const payload = bytes.subarray(8);
    if (udp.destination !== 4789 || payload.length < 22) return { udp, payload };
    return { udp, payload, vxlan: { vni: payload.readUIntBE(4, 3), inner: decodeFrame(payload.subarray(8)) } };
  }
  if (protocol === 6 && bytes.length >= 20) {
    const tcp = { ...ports(), flags: bytes[13] ?? 0 };
    return { tcp, payload: bytes.subarray(((bytes[12] ?? 0) >> 4) * 4) };
  }
  if ((protocol === 1 || protocol === 58) && bytes.length >= 4) {
    return { icmp: { type: bytes[0] ?? 0, code: bytes[1] ?? 0 }, payload: bytes.subarray(4) };
  }
  return {};
}

/** RFC 5952. */
export function ipv6Text(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16),
  );
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

const macBytes = (mac: string): Buffer => Buffer.from(mac.replaceAll(':', ''), 'hex');

export interface EthernetFields {
  readonly destination: string;
  readonly source: string;
  readonly etherType: number;
  readonly vlan?: number;
}

/** At least 60 bytes, as on a wire. */
export function ethernet(fields: EthernetFields, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const tag = fields.vlan === undefined ? [] : [u16(0x8100), u16(fields.vlan)];
  const frame = Buffer.concat([
    macBytes(fields.destination),
    macBytes(fields.source),
    ...tag,
    u16(fields.etherType),
    payload,
  ]);
  return frame.length >= 60 ? frame : Buffer.concat([frame, Buffer.alloc(60 - frame.length)]);
}

export interface ArpFields {
  readonly operation: 'request' | 'reply';
  readonly senderMac: string;
  readonly senderIp: string;
  readonly targetMac?: string;
  readonly targetIp: string;
}

/** ARP payload for `ethernet` with type 0x0806. */
export function arp(fields: ArpFields): Buffer {
  return Buffer.concat([
    Buffer.from([0, 1, 8, 0, 6, 4, 0, fields.operation === 'request' ? 1 : 2]),
    macBytes(fields.senderMac),
    addressBytes(fields.senderIp),
    macBytes(fields.targetMac ?? '00:00:00:00:00:00'),
    addressBytes(fields.targetIp),
  ]);
}

export interface IpFields {
  readonly source: string;
  readonly destination: string;
  /** 1 ICMP, 6 TCP, 17 UDP, 58 ICMPv6, or any other number. */
  readonly protocol: number;
  readonly ttl?: number;
}

/** IPv4 or IPv6 packet, by the family of its addresses; fills in the checksums of UDP, TCP and ICMPv6 in `payload`. */
export function ip(fields: IpFields, payload: Buffer): Buffer {
  const source = addressBytes(fields.source);
  const destination = addressBytes(fields.destination);
  const pseudo = Buffer.concat([source, destination, u32be(payload.length), u32be(fields.protocol)]);
  const body = withChecksum(fields.protocol, pseudo, payload);
  if (source.length === 16) {
    const header = Buffer.from([0x60, 0, 0, 0, 0, 0, fields.protocol, fields.ttl ?? 64]);
    header.writeUInt16BE(body.length, 4);
    return Buffer.concat([header, source, destination, body]);
  }
  const header = Buffer.from([
    0x45,
    0,
    0,
    0,
    0,
    0,
    0x40,
    0,
    fields.ttl ?? 64,
    fields.protocol,
    0,
    0,
    ...source,
    ...destination,
  ]);
  header.writeUInt16BE(20 + body.length, 2);
  header.writeUInt16BE(checksum(header), 10);
  return Buffer.concat([header, body]);
}

/** Where the checksum of a protocol stands in its header. ICMP for IPv4 has no pseudo header. */
function withChecksum(protocol: number, pseudo: Buffer, payload: Buffer): Buffer {
  const at = { 1: 2, 6: 16, 17: 6, 58: 2 }[protocol];
  if (at === undefined || payload.length < at + 2) return payload;
  const body = Buffer.from(payload);
  body.writeUInt16BE(0, at);
  const sum = checksum(protocol === 1 ? body : Buffer.concat([pseudo, body]));
  body.writeUInt16BE(protocol === 17 && sum === 0 ? 0xffff : sum, at);
  return body;
}

export function udp(source: number, destination: number, data: Uint8Array): Buffer {
  return Buffer.concat([u16(source), u16(destination), u16(8 + data.length), u16(0), data]);
}

export const tcpFlags = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 } as const;

export function tcp(
  source: number,
  destination: number,
  flags: number,
  sequence = 1,
  data: Uint8Array = Buffer.alloc(0),
): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt16BE(source, 0);
  header.writeUInt16BE(destination, 2);
  header.writeUInt32BE(sequence, 4);
  header[12] = 5 << 4;
  header[13] = flags;
  header.writeUInt16BE(65535, 14);
  return Buffer.concat([header, data]);
}

/** ICMP or ICMPv6 message; `rest` is what follows type, code and checksum. */
export function icmp(type: number, code: number, rest: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([type, code, 0, 0]), rest]);
}

/** RFC 1071, over network-order bytes. */
export function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < bytes.length; index += 2) sum += ((bytes[index] ?? 0) << 8) + (bytes[index + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function u32be(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
