/** Talks to the kernel over nfnetlink: requests with their answers, and dumps that are consistent. */

import { setImmediate } from 'node:timers/promises';
import { readAcknowledgement } from '../netlink/acknowledgement.ts';
import { NLM_F_DUMP, NLM_F_DUMP_INTR, NLM_F_REQUEST, NLMSG_DONE, NLMSG_ERROR } from '../netlink/constants.ts';
import { Encoder } from '../netlink/encoder.ts';
import { eachMessage, type MessageView } from '../netlink/reader.ts';
import type { NetlinkSocket } from '../netlink/socket.ts';
import type { Namespace } from '../namespace/namespace.ts';
import { isKernelError, type KernelError } from '../errors.ts';
import { errnoNumber } from '../syscall/errno.ts';
import { NftablesError } from './errors.ts';
import { sendGathered } from './gather.ts';
import { Patience } from './patience.ts';
import { closeLater, giveBack, takeSocket, type PooledSocket } from './socket-pool.ts';
import { message, subsystem } from './uapi.ts';

/** Bytes beyond which a transaction is sent from another thread; the kernel takes about 15 ms per MB. */
const asynchronousFrom = 32 * 1024;
const dumpAttempts = 20;

const received = Buffer.alloc(65_536);
let sequence = Math.floor(Math.random() * 0x4000_0000);

/** Numbers messages of this process. */
export function nextSequence(): number {
  sequence = (sequence + 1) >>> 0;
  return sequence;
}

/** What the kernel said to one message of a batch. */
export interface Reply {
  readonly sequence: number;
  /** 0 for an acknowledgement. */
  readonly errno: number;
  readonly explanation: string | undefined;
}

export interface Conversation {
  /** Port of the socket: who the kernel says has made a change. */
  readonly port: number;
  /**
   * Sends the pieces as one and returns the replies. The kernel has done everything when it resolves. `slow`: this takes the kernel long
   * although the message is short, so it is sent from another thread.
   */
  exchange(pieces: readonly Uint8Array[], slow: boolean): Promise<Reply[]>;
}

/** Runs `work` with a socket of the namespace that has room for a batch of `size` bytes. */
export function converse<T>(
  namespace: Namespace,
  size: number,
  work: (conversation: Conversation) => Promise<T>,
): Promise<T> {
  return withSocket(namespace, size, (pooled) => {
    const port = (pooled.port ??= greet(pooled.socket).port);
    const exchange: Conversation['exchange'] = async (pieces, slow) => {
      await sendAll(pooled.socket, pieces, slow);
      return receiveReplies(pooled.socket);
    };
    return work({ port, exchange });
  });
}

/** A socket on which something went wrong may have answers left in it and is not used again. */
async function withSocket<T>(
  namespace: Namespace,
  size: number,
  work: (pooled: PooledSocket) => Promise<T> | T,
): Promise<T> {
  const pooled = takeSocket(namespace, size);
  let result: T;
  try {
    result = await work(pooled);
  } catch (error) {
    closeLater(pooled.socket);
    throw error;
  }
  giveBack(namespace, pooled);
  return result;
}

/** Several pieces are always sent from another thread. */
async function sendAll(socket: NetlinkSocket, pieces: readonly Uint8Array[], slow: boolean): Promise<void> {
  const [only] = pieces;
  for (let attempt = 0; ; attempt += 1) {
    try {
      if (pieces.length === 1 && only && only.length < asynchronousFrom && !slow) socket.send(only, only.length);
      else await sendGathered(socket, pieces);
      return;
    } catch (error) {
      // The message was not taken: EINTR a signal, ENOBUFS no memory at this moment.
      if (attempt >= 10 || !isKernelError(error, 'EINTR', 'EAGAIN', 'ENOBUFS')) throw error;
      await setImmediate();
    }
  }
}

function receiveReplies(socket: NetlinkSocket): Reply[] {
  const replies: Reply[] = [];
  for (;;) {
    let length: number;
    try {
      length = socket.receive(received);
    } catch (error) {
      // More errors than fit: those that came suffice to go on with.
      if (isKernelError(error, 'ENOBUFS')) continue;
      throw error;
    }
    if (length < 0) return replies;
    eachMessage(received, length, (view) => {
      if (view.type !== NLMSG_ERROR) return;
      const { errno, explanation } = readAcknowledgement(view);
      replies.push({ sequence: view.sequence, errno, explanation });
    });
  }
}

const requestEncoder = new Encoder(4096);

function request(type: number, flags: number, family: number, fill?: (encoder: Encoder) => void): number {
  requestEncoder.reset();
  const number = nextSequence();
  requestEncoder.beginMessage(type, NLM_F_REQUEST | flags, number);
  requestEncoder.u8(family);
  requestEncoder.u8(0);
  requestEncoder.be16(0);
  fill?.(requestEncoder);
  requestEncoder.endMessage();
  return number;
}

/** Asks for the generation. Sending also gives the socket its port, without which it would get no events. */
export function greet(socket: NetlinkSocket): { port: number; generation: number } {
  request((subsystem.nftables << 8) | message.getGeneration, 0, 0);
  socket.send(requestEncoder.bytes, requestEncoder.position);
  const length = socket.receive(received);
  let answer: { port: number; generation: number } | undefined;
  eachMessage(received, length, (view) => {
    if (view.type === NLMSG_ERROR)
      throw new NftablesError(readAcknowledgement(view).errno, { operation: 'read the generation of the rule set' });
    // nfgenmsg is 4 bytes; NFTA_GEN_ID is the first attribute (nf_tables_fill_gen_info).
    answer = { port: received.readUInt32LE(view.payload - 4), generation: received.readUInt32BE(view.payload + 8) };
  });
  if (!answer) throw new NftablesError(errnoNumber('EPROTO'), { operation: 'read the generation of the rule set' });
  return answer;
}

/** Sends messages that are no transaction, each of which stands for itself; returns what the kernel refused. */
export function sendMessages(namespace: Namespace, bytes: Uint8Array, length: number, slow: boolean): Promise<Reply[]> {
  return withSocket(namespace, length, async ({ socket }) => {
    await sendAll(socket, [bytes.subarray(0, length)], slow);
    return receiveReplies(socket).filter((reply) => reply.errno !== 0);
  });
}

export interface DumpRequest {
  /** Default nftables. */
  readonly subsystem?: number;
  readonly type: number;
  readonly family: number;
  /** The kernel searches long for the first answer: let another thread wait for it. */
  readonly slow?: boolean;
  /** For errors, e.g. `list rules of table ip x`. */
  readonly operation: string;
  fill?(encoder: Encoder): void;
  /** Called for each message; the view is valid only during the call. */
  visit(view: MessageView): void;
  /** Called before another attempt, when the rule set changed while it was read. */
  restart(): void;
}

/** Dumps one kind of object, again from the start as long as the kernel says that it changed meanwhile. */
export function dump(namespace: Namespace, of: DumpRequest): Promise<void> {
  return withSocket(namespace, 0, async ({ socket }) => {
    for (let attempt = 1; attempt <= dumpAttempts; attempt += 1) {
      if (await dumpOnce(socket, of)) return;
      of.restart();
    }
    const hint = 'the rule set changes faster than it can be read';
    throw new NftablesError(errnoNumber('EINTR'), { operation: of.operation, hint });
  });
}

/** True when the dump is consistent. */
async function dumpOnce(socket: NetlinkSocket, of: DumpRequest): Promise<boolean> {
  const type = ((of.subsystem ?? subsystem.nftables) << 8) | of.type;
  const number = request(type, NLM_F_DUMP, of.family, (encoder) => of.fill?.(encoder));
  const bytes = Buffer.allocUnsafeSlow(requestEncoder.position);
  bytes.set(requestEncoder.bytes.subarray(0, requestEncoder.position));
  await sendAll(socket, [bytes], of.slow === true);
  let consistent = true;
  let done = false;
  const patience = new Patience();
  // Dumps interleave at the awaits, so each has its own buffer as soon as it lets others run.
  const buffer = Buffer.allocUnsafeSlow(65_536);
  while (!done) {
    const length = socket.receive(buffer);
    if (length < 0)
      throw new NftablesError(errnoNumber('EPROTO'), { operation: of.operation, explanation: 'the dump ends early' });
    eachMessage(buffer, length, (view) => {
      if (view.sequence !== number) return;
      if (view.flags & NLM_F_DUMP_INTR) consistent = false;
      if (view.type === NLMSG_ERROR || view.type === NLMSG_DONE) {
        done = true;
        const { errno, explanation } = readAcknowledgement(view);
        if (errno === errnoNumber('EINTR')) consistent = false;
        else if (errno !== 0) throw dumpError(of, errno, explanation);
        return;
      }
      if (consistent) of.visit(view);
    });
    if (!done && patience.spent(true)) await patience.rest();
  }
  return consistent;
}

function dumpError(of: DumpRequest, errno: number, explanation: string | undefined): KernelError {
  return new NftablesError(errno, { operation: of.operation, ...(explanation === undefined ? {} : { explanation }) });
}

/** The generation number of the rule set. */
export function readGeneration(namespace: Namespace): number {
  const pooled = takeSocket(namespace, 0);
  try {
    const { port, generation } = greet(pooled.socket);
    pooled.port = port;
    giveBack(namespace, pooled);
    return generation;
  } catch (error) {
    closeLater(pooled.socket);
    throw error;
  }
}
