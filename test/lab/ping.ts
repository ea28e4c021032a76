/** ICMP echo (RFC 792) and ICMPv6 echo (RFC 4443), with the errors that come back. */
import { isIPv6 } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { icmp, checksum, ipv6Text } from './frame.ts';
import { openIcmpSocket } from './packet-socket.ts';
import { addressBytes, linkIndex } from './rtnetlink.ts';
import { SystemCallError, bindSocket, sendTo } from './syscalls.ts';

export interface PingOptions {
  /** Echo requests; default 1. */
  readonly count?: number;
  /** ms between requests; default 20. */
  readonly interval?: number;
  /** ms to wait for replies after the last request; default 1000. */
  readonly timeout?: number;
  /** Payload bytes; default 56. */
  readonly size?: number;
  /** Source address. */
  readonly from?: string;
  /** Device to send from; needed for IPv6 link-local targets. */
  readonly device?: string;
}

export interface PingResult {
  readonly sent: number;
  readonly received: number;
  readonly duplicates: number;
  /** Who answered: one address, or more when something is wrong. */
  readonly responders: readonly string[];
  /** ICMP errors for our requests, e.g. `type 3 code 1 from 10.0.0.1`, and errors of sending, e.g. `ENETUNREACH`. */
  readonly errors: readonly string[];
  /** ms, in the order of arrival. */
  readonly roundTrips: readonly number[];
}

let nextIdentifier = process.pid & 0xffff;

interface Run {
  readonly family: 4 | 6;
  readonly identifier: number;
  readonly sentAt: Map<number, number>;
  readonly answered: Set<number>;
  readonly responders: Set<string>;
  readonly errors: Set<string>;
  readonly roundTrips: number[];
  duplicates: number;
}

export async function ping(target: string, options: PingOptions = {}): Promise<PingResult> {
  const { count = 1, interval = 20, timeout = 1000, size = 56 } = options;
  nextIdentifier = (nextIdentifier + 1) & 0xffff;
  const run: Run = {
    family: isIPv6(target) ? 6 : 4,
    identifier: nextIdentifier,
    sentAt: new Map(),
    answered: new Set(),
    responders: new Set(),
    errors: new Set(),
    roundTrips: [],
    duplicates: 0,
  };
  const { fd, socket } = openIcmpSocket(run.family, options.device, (bytes, from) => take(run, bytes, from));
  try {
    if (options.from !== undefined) bindSocket(fd, socketAddress(options.from, 0));
    const scope = options.device === undefined ? 0 : linkIndex(options.device);
    const address = socketAddress(target, scope);
    for (let sequence = 0; sequence < count; sequence += 1) {
      if (sequence > 0) await delay(interval);
      run.sentAt.set(sequence, performance.now());
      try {
        sendTo(fd, request(run, sequence, size), address);
      } catch (error) {
        if (!(error instanceof SystemCallError)) throw error;
        run.errors.add(error.code);
      }
    }
    const deadline = performance.now() + timeout;
    while (run.answered.size < count && run.errors.size === 0 && performance.now() < deadline) await delay(1);
    socket.poll();
  } finally {
    socket.close();
  }
  return {
    sent: count,
    received: run.answered.size,
    duplicates: run.duplicates,
    responders: [...run.responders],
    errors: [...run.errors],
    roundTrips: run.roundTrips,
  };
}

function request(run: Run, sequence: number, size: number): Buffer {
  const rest = Buffer.alloc(4 + size, 0x61);
  rest.writeUInt16BE(run.identifier, 0);
  rest.writeUInt16BE(sequence, 2);
  const message = icmp(run.family === 4 ? 8 : 128, 0, rest);
  // For ICMPv6 the kernel fills the checksum in, which covers the source address it chooses.
  if (run.family === 4) message.writeUInt16BE(checksum(message), 2);
  return message;
}

function take(run: Run, bytes: Buffer, from: Buffer): void {
  const message = run.family === 4 ? bytes.subarray(((bytes[0] ?? 0) & 0xf) * 4) : bytes;
  if (message.length < 8) return;
  const responder = run.family === 4 ? from.subarray(4, 8).join('.') : ipv6Text(from.subarray(8, 24));
  const type = message[0] ?? 0;
  if (type === (run.family === 4 ? 0 : 129)) {
    if (message.readUInt16BE(4) === run.identifier) takeReply(run, message.readUInt16BE(6), responder);
    return;
  }
  const isError = run.family === 4 ? [3, 4, 5, 11, 12].includes(type) : type < 128;
  if (isError && quotesUs(run, message)) run.errors.add(`type ${type} code ${message[1] ?? 0} from ${responder}`);
}

function takeReply(run: Run, sequence: number, responder: string): void {
  const sentAt = run.sentAt.get(sequence);
  if (sentAt === undefined) return;
  run.responders.add(responder);
  if (run.answered.has(sequence)) {
    run.duplicates += 1;
    return;
  }
  run.answered.add(sequence);
  run.roundTrips.push(performance.now() - sentAt);
}

/** An error quotes the packet it is about, from its IP header on. */
function quotesUs(run: Run, message: Buffer): boolean {
  const quoted = message.subarray(8);
  const at = run.family === 4 ? ((quoted[0] ?? 0) & 0xf) * 4 : 40;
  return quoted.length >= at + 6 && quoted.readUInt16BE(at + 4) === run.identifier;
}

/** sockaddr_in or sockaddr_in6 with port 0. */
function socketAddress(address: string, scope: number): Buffer {
  const bytes = addressBytes(address);
  const result = Buffer.alloc(bytes.length === 4 ? 16 : 28);
  result.writeUInt16LE(bytes.length === 4 ? 2 : 10, 0);
  bytes.copy(result, bytes.length === 4 ? 4 : 8);
  if (bytes.length === 16) result.writeUInt32LE(scope, 24);
  return result;
}
