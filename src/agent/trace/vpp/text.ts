/** Reads what `show trace` prints: packets, and for each the nodes that it passed. Nothing else of VPP tells this. */

import type { Header } from '../trace.ts';
import { readHeader } from '../packet.ts';

export interface TracedNode {
  readonly name: string;
  readonly lines: readonly string[];
}

export function readTrace(text: string): readonly (readonly TracedNode[])[] {
  const packets: TracedNode[][] = [];
  let lines: string[] | undefined;
  for (const line of text.split('\n')) {
    if (/^Packet \d+\s*$/.test(line)) {
      packets.push([]);
      lines = undefined;
      continue;
    }
    const name = /^\d\d:\d\d:\d\d:\d{6}: (\S+)\s*$/.exec(line)?.[1];
    if (name !== undefined) packets.at(-1)?.push({ name, lines: (lines = []) });
    else if (line.startsWith('---')) lines = undefined;
    else if (line.trim() !== '') lines?.push(line.trim());
  }
  return packets;
}

/** The packet with this identification (IPv4) or flow label (IPv6). */
export function packetOf(text: string, number: number): readonly TracedNode[] | undefined {
  const hex = number.toString(16);
  const mark = new RegExp(`(?:fragment id|flow label) 0x0*${hex}\\b`);
  return readTrace(text).findLast((nodes) => nodes.some(({ lines }) => lines.some((line) => mark.test(line))));
}

const protocols: Readonly<Record<string, string>> = {
  ...{ ICMP: 'icmp', ICMP6: 'icmp', TCP: 'tcp', UDP: 'udp' },
  ...{ IP_IN_IP: '4', IPV6: '41', IPV6_ROUTE: '43', GRE: '47', IPSEC_ESP: '50', IPSEC_AH: '51' },
};

/** The headers that a node prints, in words or in bytes. */
export function headerOf({ name: node, lines }: TracedNode): Header | undefined {
  if (node.includes('midchain')) return undefined;
  const at = lines.findIndex(
    (line) => /^[A-Z0-9_]+: [0-9a-f:.]+ -> [0-9a-f:.]+$/.test(line) && /[.:].* -> /.test(line.slice(line.indexOf(' '))),
  );
  const [, name = '', source = '', destination = ''] = /^(\w+): (\S+) -> (\S+)$/.exec(lines[at] ?? '') ?? [];
  if (at < 0 || /^(?:[0-9a-f]{2}:){5}/.test(source))
    return at < 0 ? headerOfBytes(lines) : headerOf({ name: '', lines: lines.slice(at + 1) });
  const rest = lines.slice(at + 1).join('\n');
  const ttl = Number(/\b(?:ttl|hop limit) (\d+)/.exec(rest)?.[1] ?? 0);
  const ports = /^(?:TCP|UDP): (\d+) -> (\d+)$/m.exec(rest);
  const identifier = /^ICMP\b.* id (\d+)$/m.exec(rest)?.[1];
  return {
    source,
    destination,
    protocol: protocols[name] ?? name.toLowerCase(),
    ttl,
    ...(ports && { sourcePort: Number(ports[1]), destinationPort: Number(ports[2]) }),
    ...(identifier !== undefined && { sourcePort: Number(identifier) }),
  };
}

/** Of nodes that print the frame. */
function headerOfBytes(lines: readonly string[]): Header | undefined {
  const bytes = bytesOf(lines);
  if (bytes.length < 34) return undefined;
  const type = bytes[12]! * 256 + bytes[13]!;
  return type === 0x0800 || type === 0x86dd ? headerIn(bytes.slice(14)) : undefined;
}

/** Of nodes that print the packet without a frame. */
export function rawHeaderOf({ lines }: TracedNode): Header | undefined {
  return headerIn(bytesOf(lines));
}

/** What is printed last. */
function bytesOf(lines: readonly string[]): Uint8Array {
  const first = lines.findLastIndex((line) => line.startsWith('00000000: '));
  if (first < 0) return new Uint8Array();
  const hex = lines.slice(first).flatMap((line) => /^[0-9a-f]{8}: ([0-9a-f]+)$/.exec(line)?.[1] ?? []);
  return Uint8Array.from(Buffer.from(hex.join(''), 'hex'));
}

function headerIn(packet: Uint8Array): Header | undefined {
  const length = (packet[0] ?? 0) >> 4 === 4 ? 20 : 40;
  const read = readHeader(packet.slice(0, length), packet.slice(length));
  if (!read) return undefined;
  const { number: _number, ...header } = read;
  return header;
}
