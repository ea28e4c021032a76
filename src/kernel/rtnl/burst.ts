import { closeSync } from 'node:fs';
import { KernelError } from '../errors.ts';
import type { Namespace } from '../namespace/namespace.ts';
import { openNamespace } from '../namespace/switch.ts';
import { readAcknowledgement } from '../netlink/acknowledgement.ts';
import { NLMSG_ERROR, NLM_F_ACK, NLM_F_REQUEST } from '../netlink/constants.ts';
import { Encoder } from '../netlink/encoder.ts';
import { eachMessage } from '../netlink/reader.ts';
import type { MessageView } from '../netlink/reader.ts';
import type { NetlinkSocket } from '../netlink/socket.ts';
import { errnoNumber } from '../syscall/errno.ts';
import type { Entry } from './entry.ts';

/** Bytes of kernel memory that the answers to one send may take: less than a default receive buffer (208 KiB). */
const ROOM = 160 * 1024;
/** What an error takes of it, and a link that was asked for. */
const ERROR = 1280;
const REPLY = 8192;
/** Most messages of one send. */
const MOST = ROOM / ERROR;
/** Bytes after which a send is closed. */
const FULL = 48 * 1024;

/**
 * Many messages in one send. Only the last one asks for an acknowledgement: errors come for each message anyway, they do not
 * stop the ones after it, and when the last is acknowledged all have been carried out.
 */
export class Burst {
  readonly #encoder = new Encoder();
  readonly #descriptors = new Map<string, number>();
  /** Entries that are in the send; entry i has sequence number `#first + i`. */
  readonly #sent: Entry[] = [];
  #first = 1;

  constructor() {
    this.#encoder.openNamespace = (namespace) => this.#descriptor(namespace);
  }

  /**
   * Encodes entries of `queue` from `from` until `budget` (µs of kernel time) is used up, and returns the index of the first
   * one left. Entries that cannot be encoded have failed.
   */
  fill(queue: readonly Entry[], from: number, budget: number): number {
    const encoder = this.#encoder;
    encoder.reset();
    this.#sent.length = 0;
    this.#first = nextSequence(MOST);
    let cost = 0;
    let room = ROOM;
    let index = from;
    while (index < queue.length && encoder.position < FULL) {
      const entry = queue[index]!;
      const answer = 'decode' in entry.message ? REPLY : ERROR;
      if (room < answer || (this.#sent.length > 0 && cost + entry.cost > budget)) break;
      index++;
      cost += entry.cost;
      room -= answer;
      this.#encode(entry);
    }
    if (this.#sent.length > 0) encoder.addFlags(NLM_F_ACK);
    return index;
  }

  /** Sends what was filled in and settles the entries. */
  exchange(socket: NetlinkSocket, buffer: Buffer, where: string): void {
    try {
      if (this.#sent.length === 0) return;
      socket.send(this.#encoder.bytes, this.#encoder.position);
      this.#receive(socket, buffer, where);
    } catch (error) {
      this.failAll(error);
    } finally {
      this.#closeDescriptors();
    }
  }

  /** As `exchange`, with the sending in another thread. */
  async exchangeAsync(socket: NetlinkSocket, buffer: Buffer, where: string): Promise<void> {
    try {
      await this.send(socket);
      this.receive(socket, buffer, where);
    } catch (error) {
      this.failAll(error);
    }
  }

  /** Sends from another thread. The answers are there when it resolves. */
  async send(socket: NetlinkSocket): Promise<void> {
    if (this.#sent.length > 0) await socket.sendAsync(this.#encoder.bytes, this.#encoder.position);
  }

  /** Settles the entries that were sent. */
  receive(socket: NetlinkSocket, buffer: Buffer, where: string): void {
    try {
      if (this.#sent.length > 0) this.#receive(socket, buffer, where);
    } finally {
      this.#closeDescriptors();
    }
  }

  failAll(error: unknown): void {
    for (const entry of this.#sent) entry.fail(error);
    this.#closeDescriptors();
  }

  #encode(entry: Entry): void {
    const encoder = this.#encoder;
    const { message } = entry;
    encoder.beginMessage(message.type, NLM_F_REQUEST | message.flags, this.#first + this.#sent.length);
    try {
      message.encode(encoder, message.spec as never);
      encoder.endMessage();
      this.#sent.push(entry);
    } catch (error) {
      encoder.dropMessage();
      entry.fail(error);
    }
  }

  #receive(socket: NetlinkSocket, buffer: Buffer, where: string): void {
    const count = this.#sent.length;
    let done = false;
    let lost = false;
    const visit = (message: MessageView): void => {
      const index = message.sequence - this.#first;
      const entry = this.#sent[index];
      if (index < 0 || !entry) return;
      if (message.type !== NLMSG_ERROR) return this.#read(entry, message);
      const { errno, explanation } = readAcknowledgement(message);
      entry.answer(errno, explanation, where);
      if (index === count - 1) done = true;
    };
    while (!done) {
      try {
        const length = socket.receive(buffer);
        if (length < 0) break;
        eachMessage(buffer, length, visit);
      } catch (error) {
        if (!(error instanceof KernelError) || error.code !== 'ENOBUFS') throw error;
        lost = true;
      }
    }
    if (done && !lost) for (const entry of this.#sent) entry.succeed();
    else for (const entry of this.#sent) entry.fail(unknownOutcome(entry, where));
  }

  #read(entry: Entry, message: MessageView): void {
    if (!('decode' in entry.message) || entry.found !== undefined) return;
    try {
      entry.found = entry.message.decode(message, entry.message.spec);
    } catch (error) {
      entry.fail(error);
    }
  }

  #descriptor(namespace: Namespace): number {
    let fd = this.#descriptors.get(namespace.id);
    if (fd === undefined) this.#descriptors.set(namespace.id, (fd = openNamespace(namespace)));
    return fd;
  }

  #closeDescriptors(): void {
    for (const fd of this.#descriptors.values()) closeSync(fd);
    this.#descriptors.clear();
  }
}

let sequence = 1;

/** Reserves sequence numbers. 0 is the number of events. */
export function nextSequence(count: number): number {
  if (sequence + count > 0x7fffffff) sequence = 1;
  const first = sequence;
  sequence += count;
  return first;
}

function unknownOutcome(entry: Entry, where: string): KernelError {
  return new KernelError(errnoNumber('ENOBUFS'), {
    operation: entry.describe(where),
    explanation: 'the answer was lost',
    hint: 'whether it was carried out is not known',
    retriable: true,
  });
}
