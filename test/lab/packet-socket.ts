/**
 * Raw sockets without a thread of their own: Node can wait only for sockets it knows, so these are asked every two
 * milliseconds while open. The kernel queues in between (8 MB) and counts what it had to drop.
 */
import { bindSocket, closeSocket, getOption, openSocket, receive, sendTo, setOption } from './syscalls.ts';
import { linkIndex } from './rtnetlink.ts';
import { WireFrames } from './wire-frame.ts';

const packet = { family: 17, raw: 3, all: 0x0003, level: 263, statistics: 6, outgoing: 4 };
const sol = { socket: 1, receiveBufferForce: 33, receiveBuffer: 8, bindToDevice: 25 };
const inet = { four: 2, six: 10, raw: 3, icmp: 1, icmp6: 58 };
const pollEvery = 2;
const mostInATurn = 512;

export type Direction = 'in' | 'out';

export class PacketSocket {
  readonly #fd: number;
  readonly #timer: NodeJS.Timeout;
  readonly #next: () => Received | undefined;
  readonly #received: (bytes: Buffer, from: Buffer) => void;

  constructor(
    fd: number,
    received: (bytes: Buffer, from: Buffer) => void,
    next: () => Received | undefined = datagrams(fd),
  ) {
    this.#fd = fd;
    this.#received = received;
    this.#next = next;
    this.#timer = setInterval(() => this.poll(), pollEvery);
  }

  send(bytes: Uint8Array): void {
    sendTo(this.#fd, bytes);
  }

  /** Takes what is waiting now. */
  poll(): void {
    for (let count = 0; count < mostInATurn; count += 1) {
      const next = this.#next();
      if (next === undefined) return;
      this.#received(next.bytes, next.from);
    }
  }

  /** Packets the kernel dropped because they were not taken in time (packet sockets only). */
  dropped(): number {
    return getOption(this.#fd, packet.level, packet.statistics, 8).readUInt32LE(4);
  }

  close(): void {
    clearInterval(this.#timer);
    closeSocket(this.#fd);
  }
}

interface Received {
  readonly bytes: Buffer;
  readonly from: Buffer;
}

function datagrams(fd: number): () => Received | undefined {
  const buffer = Buffer.alloc(65_600);
  const from = Buffer.alloc(128);
  return () => {
    const length = receive(fd, buffer, from);
    return length === undefined ? undefined : { bytes: Buffer.from(buffer.subarray(0, length)), from };
  };
}

/** As they are on the wire. */
function frames(fd: number): () => Received | undefined {
  const wire = new WireFrames(fd);
  return () => {
    const bytes = wire.receive();
    return bytes && { bytes, from: wire.from };
  };
}

/** Every frame on a device, both directions. */
export function openPacketSocket(
  device: string,
  received: (frame: Buffer, direction: Direction) => void,
): PacketSocket {
  // Protocol 0 until it is bound: nothing of other devices gets in between.
  const fd = openSocket(packet.family, packet.raw, 0);
  const size = Buffer.alloc(4);
  size.writeInt32LE(8 << 20);
  try {
    setOption(fd, sol.socket, sol.receiveBufferForce, size);
  } catch {
    setOption(fd, sol.socket, sol.receiveBuffer, size);
  }
  const address = Buffer.alloc(20);
  address.writeUInt16LE(packet.family, 0);
  address.writeUInt16BE(packet.all, 2);
  address.writeInt32LE(linkIndex(device), 4);
  bindSocket(fd, address);
  const direction = (from: Buffer): Direction => (from[10] === packet.outgoing ? 'out' : 'in');
  return new PacketSocket(fd, (bytes, from) => received(bytes, direction(from)), frames(fd));
}

/** ICMP (4) or ICMPv6 (6) messages; IPv4 ones come with their IP header. */
export function openIcmpSocket(
  family: 4 | 6,
  device: string | undefined,
  received: (bytes: Buffer, from: Buffer) => void,
): { readonly fd: number; readonly socket: PacketSocket } {
  const fd = openSocket(family === 4 ? inet.four : inet.six, inet.raw, family === 4 ? inet.icmp : inet.icmp6);
  if (device !== undefined) setOption(fd, sol.socket, sol.bindToDevice, Buffer.from(`${device}\0`));
  return { fd, socket: new PacketSocket(fd, received) };
}
