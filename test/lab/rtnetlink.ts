/**
 * The little rtnetlink a lab needs: links, addresses, routes of the calling thread's namespace. Deliberately not the
 * driver of src/kernel, which it is used to test. Messages and attributes: linux/rtnetlink.h, linux/if_link.h; host
 * byte order (the lab runs on little-endian machines only).
 */
import { isIPv6 } from 'node:net';
import { bindSocket, closeSocket, openSocket, receive, sendTo, setOption } from './syscalls.ts';

const netlink = { family: 16, raw: 3, route: 0, solNetlink: 270, extAck: 11, strict: 12 };
const message = {
  newLink: 16,
  delLink: 17,
  getLink: 18,
  newAddress: 20,
  newRoute: 24,
  getRoute: 26,
  newNeighbour: 28,
  error: 2,
  done: 3,
};
const flag = { request: 1, ack: 4, create: 0x400, exclusive: 0x200, replace: 0x100, dump: 0x300 };

export class NetlinkError extends Error {
  readonly errno: number;

  constructor(what: string, errno: number, detail: string) {
    super(`${what}: errno ${errno}${detail === '' ? '' : ` (${detail})`}`);
    this.name = 'NetlinkError';
    this.errno = errno;
  }
}

/** One attribute: type, then a value or attributes nested in it. */
function attribute(type: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const padded = Buffer.alloc(4 + ((body.length + 3) & ~3));
  padded.writeUInt16LE(4 + body.length, 0);
  padded.writeUInt16LE(type, 2);
  body.copy(padded, 4);
  return padded;
}

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};
const text = (value: string): Buffer => Buffer.from(`${value}\0`);

function exchange(what: string, type: number, flags: number, body: Buffer): Buffer[] {
  const fd = openSocket(netlink.family, netlink.raw, netlink.route);
  try {
    setOption(fd, netlink.solNetlink, netlink.extAck, u32(1));
    bindSocket(fd, Buffer.from([netlink.family, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    const header = Buffer.alloc(16);
    header.writeUInt32LE(16 + body.length, 0);
    header.writeUInt16LE(type, 4);
    header.writeUInt16LE(flags | flag.request, 6);
    header.writeUInt32LE(1, 8);
    sendTo(fd, Buffer.concat([header, body]));
    return readReplies(fd, what);
  } finally {
    closeSocket(fd);
  }
}

function readReplies(fd: number, what: string): Buffer[] {
  const replies: Buffer[] = [];
  const buffer = Buffer.alloc(1 << 20);
  // The kernel has answered in full before `send` returns; a dump continues as it is read.
  for (;;) {
    const length = receive(fd, buffer, Buffer.alloc(12));
    if (length === undefined) throw new NetlinkError(what, 11, 'the kernel did not answer');
    for (let at = 0; at + 16 <= length; ) {
      const size = buffer.readUInt32LE(at);
      const type = buffer.readUInt16LE(at + 4);
      if (type === message.done) return replies;
      if (type === message.error) {
        const errno = -buffer.readInt32LE(at + 16);
        if (errno === 0) return replies;
        throw new NetlinkError(what, errno, extendedMessage(buffer.subarray(at, at + size)));
      }
      replies.push(Buffer.from(buffer.subarray(at + 16, at + size)));
      at += (size + 3) & ~3;
    }
  }
}

/** NLMSGERR_ATTR_MSG of an extended acknowledgement, behind the echoed request. */
function extendedMessage(reply: Buffer): string {
  const echoed = reply.readUInt32LE(20);
  for (let at = 20 + ((echoed + 3) & ~3); at + 4 <= reply.length; ) {
    const size = reply.readUInt16LE(at);
    if (reply.readUInt16LE(at + 2) === 1) return reply.subarray(at + 4, at + size - 1).toString();
    at += Math.max(4, (size + 3) & ~3);
  }
  return '';
}

function linkHeader(index: number, up: boolean | undefined): Buffer {
  const header = Buffer.alloc(16);
  header.writeInt32LE(index, 4);
  if (up !== undefined) {
    header.writeUInt32LE(up ? 1 : 0, 8);
    header.writeUInt32LE(1, 12);
  }
  return header;
}

export interface LinkInfo {
  readonly index: number;
  readonly name: string;
  readonly up: boolean;
  /**
   * Operational state UP: what is sent now goes out. A veth needs a moment for it after both ends are up; until then the
   * kernel drops without a word. Devices without a carrier of their own (lo, dummy) stay UNKNOWN and are never `running`.
   */
  readonly running: boolean;
  readonly mac: string;
  readonly mtu: number;
  /** Index of the bridge or VRF it belongs to, 0 for none. */
  readonly master: number;
  /** Packets and bytes since the device exists. */
  readonly received: { readonly packets: number; readonly bytes: number; readonly dropped: number };
  readonly sent: { readonly packets: number; readonly bytes: number; readonly dropped: number };
}

export function listLinks(): LinkInfo[] {
  return exchange('list links', message.getLink, flag.dump, linkHeader(0, undefined)).map(readLink);
}

function attributes(reply: Buffer, from: number): ReadonlyMap<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = from; at + 4 <= reply.length; ) {
    const size = reply.readUInt16LE(at);
    found.set(reply.readUInt16LE(at + 2) & 0x3fff, reply.subarray(at + 4, at + size));
    at += Math.max(4, (size + 3) & ~3);
  }
  return found;
}

function readLink(reply: Buffer): LinkInfo {
  const found = attributes(reply, 16);
  const stats = found.get(23) ?? Buffer.alloc(192);
  const count = (slot: number): number => Number(stats.readBigUInt64LE(slot * 8));
  return {
    index: reply.readInt32LE(4),
    name: (found.get(3) ?? Buffer.from('\0')).toString().replace(/\0.*$/s, ''),
    up: (reply.readUInt32LE(8) & 1) === 1,
    running: found.get(16)?.[0] === 6,
    mac: [...(found.get(1) ?? [])].map((byte) => byte.toString(16).padStart(2, '0')).join(':'),
    mtu: found.get(4)?.readUInt32LE() ?? 0,
    master: found.get(10)?.readUInt32LE() ?? 0,
    received: { packets: count(0), bytes: count(2), dropped: count(6) },
    sent: { packets: count(1), bytes: count(3), dropped: count(7) },
  };
}

export function linkIndex(name: string): number {
  const index = listLinks().find((link) => link.name === name)?.index;
  if (index === undefined) throw new NetlinkError(`find ${name}`, 19, 'no such device');
  return index;
}

export interface LinkOptions {
  /** Colon-separated. */
  readonly mac?: string;
  readonly mtu?: number;
  readonly up?: boolean;
}

function linkAttributes(options: LinkOptions): Buffer[] {
  return [
    ...(options.mac === undefined ? [] : [attribute(1, Buffer.from(options.mac.replaceAll(':', ''), 'hex'))]),
    ...(options.mtu === undefined ? [] : [attribute(4, u32(options.mtu))]),
  ];
}

/** A veth pair; the far end goes into the namespace of thread or process `peerId`. */
export function addVeth(name: string, peer: string, peerId: number, mine: LinkOptions, far: LinkOptions): void {
  const peerInfo = attribute(
    1,
    linkHeader(0, undefined),
    attribute(3, text(peer)),
    attribute(19, u32(peerId)),
    ...linkAttributes(far),
  );
  const info = attribute(18, attribute(1, text('veth')), attribute(2, peerInfo));
  const body = Buffer.concat([linkHeader(0, undefined), attribute(3, text(name)), ...linkAttributes(mine), info]);
  exchange(`add veth ${name}`, message.newLink, flag.create | flag.exclusive | flag.ack, body);
}

/** A device of a kind without parameters, e.g. `bridge`, `dummy`. */
export function addLink(name: string, kind: string, options: LinkOptions): void {
  const info = attribute(18, attribute(1, text(kind)));
  const body = Buffer.concat([linkHeader(0, undefined), attribute(3, text(name)), ...linkAttributes(options), info]);
  exchange(`add ${kind} ${name}`, message.newLink, flag.create | flag.exclusive | flag.ack, body);
  if (options.up !== false) setLink(name, { up: true });
}

export function setLink(name: string, options: LinkOptions & { readonly master?: string }): void {
  const master =
    options.master === undefined ? [] : [attribute(10, u32(options.master === '' ? 0 : linkIndex(options.master)))];
  const body = Buffer.concat([linkHeader(linkIndex(name), options.up), ...linkAttributes(options), ...master]);
  exchange(`set ${name}`, message.newLink, flag.ack, body);
}

export function deleteLink(name: string): void {
  exchange(`delete ${name}`, message.delLink, flag.ack, linkHeader(linkIndex(name), undefined));
}

/** `10.0.0.1/24` or `fd00::1/64`; IPv6 without duplicate address detection, so usable at once. */
export function addAddress(device: string, cidr: string): void {
  const { bytes, length } = parseCidr(cidr);
  const header = Buffer.from([bytes.length === 4 ? 2 : 10, length, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32LE(linkIndex(device), 4);
  const noDad = attribute(8, u32(bytes.length === 4 ? 0x80 : 0x82));
  const body = Buffer.concat([header, attribute(2, bytes), attribute(1, bytes), noDad]);
  exchange(`add ${cidr} to ${device}`, message.newAddress, flag.create | flag.replace | flag.ack, body);
}

/**
 * Whether an IPv6 address can be used: duplicate address detection is off, but the kernel takes the address into use from
 * a work queue, a moment later; the last thing it does is the route that makes it local. IPv4 addresses are usable at once.
 */
export function isAddressReady(cidr: string): boolean {
  const { bytes } = parseCidr(cidr);
  if (bytes.length === 4) return true;
  const local = 2;
  const header = Buffer.from([10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  return exchange('list routes', message.getRoute, flag.dump, header).some(
    (reply) => reply[7] === local && attributes(reply, 12).get(1)?.equals(bytes) === true,
  );
}

export interface RouteOptions {
  readonly via?: string;
  readonly device?: string;
}

/** Destination `default`, `10.1.0.0/16`, `fd00:1::/64`. */
export function addRoute(destination: string, { via, device }: RouteOptions): void {
  const six = destination === 'default' ? via !== undefined && isIPv6(via) : isIPv6(destination.split('/')[0] ?? '');
  const target = destination === 'default' ? { bytes: Buffer.alloc(0), length: 0 } : parseCidr(destination);
  // family, lengths, tos, table main, protocol boot, scope, unicast
  const scope = via === undefined && !six ? 253 : 0;
  const header = Buffer.from([six ? 10 : 2, target.length, 0, 0, 254, 3, scope, 1, 0, 0, 0, 0]);
  const body = Buffer.concat([
    header,
    ...(target.bytes.length === 0 ? [] : [attribute(1, target.bytes)]),
    ...(via === undefined ? [] : [attribute(5, addressBytes(via))]),
    ...(device === undefined ? [] : [attribute(4, u32(linkIndex(device)))]),
  ]);
  exchange(`add route ${destination}`, message.newRoute, flag.create | flag.replace | flag.ack, body);
}

function parseCidr(cidr: string): { readonly bytes: Buffer; readonly length: number } {
  const [address = '', length] = cidr.split('/');
  const bytes = addressBytes(address);
  return { bytes, length: length === undefined ? bytes.length * 8 : Number(length) };
}

/** Network order: 4 or 16 bytes. */
export function addressBytes(address: string): Buffer {
  const four = address.split('.');
  if (four.length === 4 && !address.includes(':')) return Buffer.from(four.map(Number));
  if (!isIPv6(address)) throw new TypeError(`${address} is not an IP address`);
  const [head = '', tail] = address.split('::');
  const groups = (part: string): number[] =>
    part === ''
      ? []
      : part.split(':').flatMap((group) => {
          if (!group.includes('.')) return [Number.parseInt(group, 16)];
          const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
          return [(a << 8) | b, (c << 8) | d];
        });
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => 0);
  const bytes = Buffer.alloc(16);
  [...left, ...zeros, ...right].forEach((value, index) => bytes.writeUInt16BE(value, index * 2));
  return bytes;
}
