/** Who has this address on this device: ARP requests (RFC 826) and neighbour solicitations (RFC 4861). */
import { setTimeout as delay } from 'node:timers/promises';
import { isIPv6 } from 'node:net';
import { arp, decodeFrame, ethernet, icmp, ip, ipv6Text, type Frame } from './frame.ts';
import { openPacketSocket } from './packet-socket.ts';
import { addressBytes, listLinks } from './rtnetlink.ts';

export interface ProbeOptions {
  /** Asker's address; default 0.0.0.0 (an ARP probe) or the link-local address made of the MAC. */
  readonly from?: string;
  /** ms to wait; default 1000. */
  readonly timeout?: number;
  /** Wait for the whole time and return every answer, to see two owners or none. */
  readonly all?: boolean;
}

/** MAC addresses that answered, in order, repeated when they answered twice. */
export async function whoHas(device: string, target: string, options: ProbeOptions = {}): Promise<string[]> {
  const mac = listLinks().find((link) => link.name === device)?.mac ?? '00:00:00:00:00:00';
  const answers: string[] = [];
  const socket = openPacketSocket(device, (bytes, direction) => {
    const owner = direction === 'in' ? ownerIn(decodeFrame(bytes), target) : undefined;
    if (owner !== undefined) answers.push(owner);
  });
  try {
    socket.send(isIPv6(target) ? solicitation(mac, target, options.from) : arpRequest(mac, target, options.from));
    const deadline = performance.now() + (options.timeout ?? 1000);
    while (performance.now() < deadline && (options.all === true || answers.length === 0)) await delay(1);
  } finally {
    socket.close();
  }
  return answers;
}

function ownerIn(frame: Frame, target: string): string | undefined {
  if (frame.arp !== undefined) {
    return frame.arp.operation === 2 && frame.arp.senderIp === target ? frame.arp.senderMac : undefined;
  }
  if (frame.icmp?.type !== 136 || frame.payload === undefined || frame.payload.length < 20) return undefined;
  if (ipv6Text(frame.payload.subarray(4, 20)) !== ipv6Text(addressBytes(target))) return undefined;
  // Option 2, target link-layer address; without it the sender of the frame is the owner.
  const option = frame.payload.subarray(20);
  if (option.length < 8 || option[0] !== 2) return frame.source;
  return [...option.subarray(2, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

function arpRequest(mac: string, target: string, from = '0.0.0.0'): Buffer {
  const payload = arp({ operation: 'request', senderMac: mac, senderIp: from, targetIp: target });
  return ethernet({ destination: 'ff:ff:ff:ff:ff:ff', source: mac, etherType: 0x0806 }, payload);
}

function solicitation(mac: string, target: string, from = linkLocal(mac)): Buffer {
  const wanted = addressBytes(target);
  const group = Buffer.concat([Buffer.from('ff0200000000000000000001ff', 'hex'), wanted.subarray(13)]);
  const ownMac = Buffer.from(`0101${mac.replaceAll(':', '')}`, 'hex');
  const message = icmp(135, 0, Buffer.concat([Buffer.alloc(4), wanted, ownMac]));
  const packet = ip({ source: from, destination: ipv6Text(group), protocol: 58, ttl: 255 }, message);
  const destination = `33:33:${[...group.subarray(12)].map((byte) => byte.toString(16).padStart(2, '0')).join(':')}`;
  return ethernet({ destination, source: mac, etherType: 0x86dd }, packet);
}

/** RFC 4291 appendix A: the address a kernel gives a device by default. */
export function linkLocal(mac: string): string {
  const bytes = Buffer.from(mac.replaceAll(':', ''), 'hex');
  bytes[0] = (bytes[0] ?? 0) ^ 2;
  const identifier = Buffer.concat([bytes.subarray(0, 3), Buffer.from([0xff, 0xfe]), bytes.subarray(3)]);
  return ipv6Text(Buffer.concat([Buffer.from('fe80000000000000', 'hex'), identifier]));
}
