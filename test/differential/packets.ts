/** Packets of a case: what is sent, and what is said of a frame that came out. */

import { checksum, decodeFrame, ethernet, type Frame, icmp, ip, tcp, udp } from '../lab/frame.ts';
import { bridged, BVI_MAC, type CaseConfig, hostMac, PORTS, roleOf, routerMac } from './network.ts';

/** A packet that a host beside a port sends. */
export interface Packet {
  readonly from: number;
  readonly source: string;
  readonly destination: string;
  /** Default: that of the host beside the port. */
  readonly sourceMac?: string;
  /** Default: the router's at that port. */
  readonly destinationMac?: string;
  /** Default 64. */
  readonly ttl?: number;
  readonly udp?: { readonly source: number; readonly destination: number };
  readonly tcp?: { readonly source: number; readonly destination: number; readonly flags: number };
  readonly icmp?: { readonly type: number; readonly code: number; readonly identifier?: number };
  /** Number of another protocol. */
  readonly protocol?: number;
}

/** What the receiver of an earlier step answers; nothing when nobody received it. */
export interface Reply {
  readonly replyTo: number;
  /** Default: SYN and ACK to SYN, else ACK. */
  readonly tcpFlags?: number;
}

export type Step = Packet | Reply;

export const isReply = (step: Step): step is Reply => 'replyTo' in step;

/** In every packet: of which step it is. */
const markOf = (step: number): Buffer => Buffer.from(`LGDF${String(step).padStart(3, '0')}; of the differential test.`);
const MARK = /LGDF(\d{3});/;

export function stepOf(bytes: Buffer): number | undefined {
  const found = MARK.exec(bytes.toString('latin1'))?.[1];
  return found === undefined ? undefined : Number(found);
}

/** One that nobody knows. */
const OTHER_PROTOCOL = 200;

const isIpv6 = (address: string): boolean => address.includes(':');

export function frameOf(packet: Packet, step: number, config: CaseConfig): Buffer {
  const { from, source, destination, ttl = 64 } = packet;
  const { protocol, payload } = transportOf(packet, step);
  return ethernet(
    {
      source: packet.sourceMac ?? hostMac(from),
      destination: packet.destinationMac ?? defaultMac(packet, config),
      etherType: isIpv6(source) ? 0x86dd : 0x0800,
    },
    ip({ source, destination, protocol, ttl }, payload),
  );
}

/** In a bridge domain hosts know each other. */
function defaultMac({ from, destination }: Packet, config: CaseConfig): string {
  const { role } = roleOf(config, from);
  if (role !== 'bridged') return routerMac(from);
  const family = isIpv6(destination) ? 6 : 4;
  const host = PORTS.find((port) => bridged[family].host(port) === destination);
  return host === undefined ? BVI_MAC : hostMac(host);
}

function transportOf(packet: Packet, step: number): { readonly protocol: number; readonly payload: Buffer } {
  const mark = markOf(step);
  if (packet.udp) return { protocol: 17, payload: udp(packet.udp.source, packet.udp.destination, mark) };
  if (packet.tcp) {
    const { source, destination, flags } = packet.tcp;
    return { protocol: 6, payload: tcp(source, destination, flags, 1, mark) };
  }
  if (packet.icmp) {
    const { type, code, identifier = 0 } = packet.icmp;
    const rest = Buffer.concat([Buffer.from([identifier >> 8, identifier & 0xff, 0, 1]), mark]);
    return { protocol: isIpv6(packet.source) ? 58 : 1, payload: icmp(type, code, rest) };
  }
  return { protocol: packet.protocol ?? OTHER_PROTOCOL, payload: mark };
}

/** A broadcast or multicast MAC address. */
export const isGroup = (mac: string): boolean => (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;

const SYN = 2;
const ACK = 16;
/** ICMP requests and their answers. */
const answers = new Map([
  [8, 0],
  [128, 129],
]);

/** The answer to a packet by whoever it reached. Undefined when there is none (an ICMP message that asks nothing). */
export function replyOf(frame: Frame, port: number, { tcpFlags }: Reply, step: number): Buffer | undefined {
  const { source, destination, etherType, ip: header } = frame;
  if (!header) return undefined;
  const flags = tcpFlags ?? ((frame.tcp?.flags ?? 0) & SYN ? SYN | ACK : ACK);
  const transport = {
    ...(frame.udp && { udp: { source: frame.udp.destination, destination: frame.udp.source } }),
    ...(frame.tcp && { tcp: { source: frame.tcp.destination, destination: frame.tcp.source, flags } }),
  };
  const back = { from: port, source: header.destination, destination: header.source };
  // Nobody sends as a group.
  const sender = isGroup(destination) ? hostMac(port) : destination;
  const ends = { source: sender, destination: source, etherType };
  const send = (packet: Packet) => {
    const { protocol, payload } = transportOf(packet, step);
    return ethernet(ends, ip({ source: back.source, destination: back.destination, protocol }, payload));
  };
  if (!frame.icmp) return send({ ...back, protocol: header.protocol, ...transport });
  const type = answers.get(frame.icmp.type);
  if (type === undefined) return undefined;
  return send({ ...back, icmp: { type, code: 0, identifier: frame.payload?.readUInt16BE(0) ?? 0 } });
}

/** What came out, in a line: `p1 02:..:01>02:..:02 10.0.0.2>10.0.1.2 ttl 63 udp 1000>80`. */
export function lineOf(frame: Frame, port: number): string {
  return `p${port} ${frame.source}>${frame.destination} ${packetText(frame)}${damage(frame)}`;
}

function packetText(frame: Frame): string {
  const { ip: header } = frame;
  if (!header) return `type ${frame.etherType.toString(16)}`;
  return `${header.source}>${header.destination} ttl ${header.ttl} ${transportText(frame, header.protocol)}`;
}

/** Messages that quote the packet they are about. */
const quoting = new Set([3, 4, 5, 11, 12]);
const quotingV6 = new Set([1, 2, 3, 4]);

function transportText({ udp: ports, tcp: segment, icmp: message, payload }: Frame, protocol: number): string {
  if (ports) return `udp ${ports.source}>${ports.destination}`;
  if (segment) return `tcp ${segment.source}>${segment.destination} flags ${segment.flags}`;
  if (!message) return `protocol ${protocol}`;
  const text = `icmp ${message.type}/${message.code}`;
  if (!(protocol === 1 ? quoting : quotingV6).has(message.type)) return `${text} id ${payload?.readUInt16BE(0) ?? 0}`;
  return `${text} about ${quotedText(payload?.subarray(4) ?? Buffer.alloc(0), protocol === 1 ? 0x0800 : 0x86dd)}`;
}

function quotedText(packet: Buffer, etherType: number): string {
  const inner = decodeFrame(Buffer.concat([Buffer.alloc(12), Buffer.from([etherType >> 8, etherType & 0xff]), packet]));
  // How far it got is not asked of a quotation.
  return packetText(inner).replace(/ ttl \d+/, '');
}

/** Wrong checksums, and a content that is not what was sent. */
function damage(frame: Frame): string {
  const { bytes, etherType, ip: header } = frame;
  const step = stepOf(bytes);
  if (!header || step === undefined) return '';
  const packet = bytes.subarray(14);
  const isV6 = etherType === 0x86dd;
  const length = isV6 ? 40 + packet.readUInt16BE(4) : packet.readUInt16BE(2);
  const transport = packet.subarray(isV6 ? 40 : ((packet[0] ?? 0) & 0xf) * 4, length);
  const sound = [
    isV6 || checksum(packet.subarray(0, 20)) === 0 ? '' : ' bad IP checksum',
    hasRightChecksum(packet, transport, header.protocol, isV6) ? '' : ' bad checksum',
    bytes.includes(markOf(step)) ? '' : ' content cut or changed',
  ];
  return sound.join('');
}

function hasRightChecksum(packet: Buffer, transport: Buffer, protocol: number, isV6: boolean): boolean {
  if (![1, 6, 17, 58].includes(protocol)) return true;
  if (protocol === 17 && transport.readUInt16BE(6) === 0) return !isV6;
  if (protocol === 1) return checksum(transport) === 0;
  const pseudo = Buffer.alloc(8);
  pseudo.writeUInt32BE(transport.length, 0);
  pseudo.writeUInt32BE(protocol, 4);
  return checksum(Buffer.concat([packet.subarray(isV6 ? 8 : 12, isV6 ? 40 : 20), pseudo, transport])) === 0;
}
