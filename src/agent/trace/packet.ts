/** The packet of a trace as bytes, and headers out of bytes. RFC 791, 8200, 792, 4443, 9293, 768. */

import { formatIp } from '../../model/address.ts';
import type { Header, Probe, Protocol } from './trace.ts';

const numbers: Readonly<Record<4 | 6, Readonly<Record<Protocol, number>>>> = {
  4: { icmp: 1, tcp: 6, udp: 17 },
  6: { icmp: 58, tcp: 6, udp: 17 },
};
const payload = new TextEncoder().encode('ligature trace');

export function headerOfProbe({ source, destination, protocol, sourcePort, destinationPort, ttl }: Probe): Header {
  return {
    source: formatIp(source),
    destination: formatIp(destination),
    protocol,
    sourcePort,
    ...(protocol !== 'icmp' && { destinationPort }),
    ttl,
  };
}

/** Ethernet frame with `packetOf(probe)`. */
export function frameOf(probe: Probe): Uint8Array {
  const packet = packetOf(probe);
  const frame = new Uint8Array(14 + packet.length);
  frame.set(probe.destinationMac, 0);
  frame.set(probe.sourceMac, 6);
  new DataView(frame.buffer).setUint16(12, probe.source.family === 4 ? 0x0800 : 0x86dd);
  frame.set(packet, 14);
  return frame;
}

/** Echo request, TCP SYN or datagram in an IP header, all checksums right. */
export function packetOf(probe: Probe): Uint8Array {
  const { family } = probe.source;
  const length = family === 4 ? 20 : 40;
  const body = bodyOf(probe);
  const packet = new Uint8Array(length + body.length);
  packet.set(body, length);
  const view = new DataView(packet.buffer);
  const protocol = numbers[family][probe.protocol];
  if (family === 4) {
    view.setUint16(0, 0x4500);
    view.setUint16(2, packet.length);
    view.setUint16(4, probe.number);
    view.setUint8(8, probe.ttl);
    view.setUint8(9, protocol);
    packet.set(probe.source.bytes, 12);
    packet.set(probe.destination.bytes, 16);
    view.setUint16(10, checksum(packet.subarray(0, 20)));
  } else {
    view.setUint32(0, 0x6000_0000 + probe.number);
    view.setUint16(4, body.length);
    view.setUint8(6, protocol);
    view.setUint8(7, probe.ttl);
    packet.set(probe.source.bytes, 8);
    packet.set(probe.destination.bytes, 24);
  }
  return packet;
}

function bodyOf(probe: Probe): Uint8Array {
  const { protocol, sourcePort, destinationPort, source } = probe;
  const header = { icmp: 8, udp: 8, tcp: 20 }[protocol];
  const body = new Uint8Array(header + payload.length * (protocol === 'tcp' ? 0 : 1));
  const view = new DataView(body.buffer);
  if (protocol !== 'tcp') body.set(payload, header);
  if (protocol === 'icmp') {
    view.setUint8(0, source.family === 4 ? 8 : 128);
    view.setUint16(4, sourcePort);
    view.setUint16(6, 1);
  } else {
    view.setUint16(0, sourcePort);
    view.setUint16(2, destinationPort);
    if (protocol === 'udp') view.setUint16(4, body.length);
    else {
      view.setUint32(4, 1);
      view.setUint16(12, 0x5002); // 20 bytes, SYN
      view.setUint16(14, 65_535);
    }
  }
  const at = { icmp: 2, udp: 6, tcp: 16 }[protocol];
  const isPlain = protocol === 'icmp' && source.family === 4;
  const sum = checksum(isPlain ? body : Uint8Array.of(...pseudoHeader(probe, body.length), ...body));
  view.setUint16(at, sum === 0 && protocol === 'udp' ? 0xffff : sum);
  return body;
}

function pseudoHeader({ source, destination, protocol }: Probe, length: number): Uint8Array {
  const number = numbers[source.family][protocol];
  if (source.family === 4)
    return Uint8Array.of(...source.bytes, ...destination.bytes, 0, number, length >> 8, length & 0xff);
  return Uint8Array.of(...source.bytes, ...destination.bytes, 0, 0, length >> 8, length & 0xff, 0, 0, 0, number);
}

/** RFC 1071 */
function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += bytes[at]! * 256 + (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

export interface ReadHeader extends Header {
  /** IPv4 identification, lower 16 bits of the IPv6 flow label. */
  readonly number: number;
}

/** Reads the beginnings of both headers. Undefined: no IP, or too short. */
export function readHeader(network: Uint8Array, transport: Uint8Array | undefined): ReadHeader | undefined {
  const version = (network[0] ?? 0) >> 4;
  const view = new DataView(network.buffer, network.byteOffset, network.byteLength);
  if (version === 4 && network.length >= 20) {
    const ends = { source: formatIp(network.slice(12, 16)), destination: formatIp(network.slice(16, 20)) };
    const protocol = nameOf(4, network[9]!);
    return { ...ends, protocol, ttl: network[8]!, number: view.getUint16(4), ...portsOf(protocol, transport) };
  }
  if (version === 6 && network.length >= 40) {
    const ends = { source: formatIp(network.slice(8, 24)), destination: formatIp(network.slice(24, 40)) };
    const protocol = nameOf(6, network[6]!);
    return { ...ends, protocol, ttl: network[7]!, number: view.getUint16(2), ...portsOf(protocol, transport) };
  }
  return undefined;
}

function nameOf(family: 4 | 6, number: number): string {
  return Object.entries(numbers[family]).find(([, one]) => one === number)?.[0] ?? String(number);
}

function portsOf(protocol: string, bytes: Uint8Array | undefined): Pick<Header, 'sourcePort' | 'destinationPort'> {
  if (bytes === undefined || bytes.length < 8) return {};
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (protocol === 'icmp') return { sourcePort: view.getUint16(4) };
  if (protocol !== 'tcp' && protocol !== 'udp') return {};
  return { sourcePort: view.getUint16(0), destinationPort: view.getUint16(2) };
}

/** `tcp 10.0.0.1:4711 -> 10.0.0.2:80 ttl 63` */
export function headerText({ protocol, source, destination, sourcePort, destinationPort, ttl }: Header): string {
  const end = (address: string, port: number | undefined): string =>
    port === undefined || protocol === 'icmp'
      ? address
      : address.includes(':')
        ? `[${address}]:${port}`
        : `${address}:${port}`;
  return `${protocol} ${end(source, sourcePort)} -> ${end(destination, destinationPort)} ttl ${ttl}`;
}

const fields = ['source', 'destination', 'sourcePort', 'destinationPort'] as const;

/** True when a receiver could tell the difference, apart from the TTL. What one of them does not tell is not compared. */
export function isRewritten(before: Header, after: Header): boolean {
  return fields.some((name) => before[name] !== undefined && after[name] !== undefined && before[name] !== after[name]);
}
