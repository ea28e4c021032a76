/**
 * Collects what callers ask for until the event loop is idle and sends it as one atomic transaction. When the kernel refuses
 * messages, their callers are told and the others' operations are sent again without them.
 */

import { setImmediate } from 'node:timers/promises';
import { Encoder } from '../netlink/encoder.ts';
import { NLM_F_ACK, NLM_F_REQUEST } from '../netlink/constants.ts';
import { KernelError, isKernelError } from '../errors.ts';
import type { Namespace } from '../namespace/namespace.ts';
import { errnoNumber } from '../syscall/errno.ts';
import { converse, nextSequence, type Conversation, type Reply } from './conversation.ts';
import { encodeOperation } from './encode.ts';
import { NftablesError, invalid } from './errors.ts';
import { describe } from './operation.ts';
import type { Operation } from './objects.ts';
import { Patience } from './patience.ts';
import { batch, subsystem } from './uapi.ts';

/** Turns of the event loop in which new calls may still join a transaction. */
const joinTurns = 3;
/** A caller whose operations fail together with another's is tried again without the other, so often at most. */
const attempts = 3;

/** Numbers of the messages of a transaction, to tell own changes from others'. */
export interface SentRange {
  readonly port: number;
  readonly first: number;
  readonly last: number;
}

interface Call {
  readonly operations: readonly Operation[];
  /** Only when nothing has changed since this generation. Such a call is a transaction of its own. */
  readonly generation: number | undefined;
  resolve(): void;
  reject(error: unknown): void;
  /** Encoded messages. */
  bytes: Uint8Array;
  /** Number of the first message of each operation. */
  sequences: number[];
  last: number;
  /** Offset of the last message in `bytes`. */
  lastMessage: number;
  failures: number;
}

/** Who wants to know of transactions, because it listens to the kernel's reports of them. */
export interface TransactionObserver {
  /** About to be sent. */
  sent(range: SentRange): void;
  /** A large transaction comes. */
  pause(): void;
  /** It is over: so many transactions of ours were committed since `pause`. */
  resume(own: number): void;
}

/** Bytes from which on a transaction is large enough that nobody wants to read the kernel's report of it. */
const largeFrom = 32 * 1024;

export class Transactions {
  readonly #namespace: Namespace;
  readonly #observer: TransactionObserver;
  #queue: Call[] = [];
  #running = false;
  #closed = false;

  constructor(namespace: Namespace, observer: TransactionObserver) {
    this.#namespace = namespace;
    this.#observer = observer;
  }

  /** Something is queued or under way. */
  get busy(): boolean {
    return this.#running;
  }

  apply(operations: readonly Operation[], generation?: number): Promise<void> {
    if (this.#closed)
      return Promise.reject(
        new KernelError(errnoNumber('EBADF'), { operation: 'apply', explanation: 'the driver is closed' }),
      );
    if (operations.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const empty = { bytes: new Uint8Array(), sequences: [], last: 0, lastMessage: 0, failures: 0 };
      this.#queue.push({ operations, generation, resolve, reject, ...empty });
      if (!this.#running) void this.#run();
    });
  }

  /** Refuses further calls; those under way finish. */
  close(): void {
    this.#closed = true;
  }

  /** Resolves when nothing is queued or under way. */
  async idle(): Promise<void> {
    while (this.#running) await setImmediate();
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      while (this.#queue.length > 0) {
        await this.#quiet();
        const calls = this.#queue;
        this.#queue = [];
        const encoded = await encodeAll(calls);
        // First, because the others change the generation.
        for (const call of encoded) if (call.generation !== undefined) await this.#send([call]);
        await this.#send(encoded.filter(({ generation }) => generation === undefined));
      }
    } finally {
      this.#running = false;
    }
  }

  /** Waits until a turn of the event loop has brought no further call. */
  async #quiet(): Promise<void> {
    for (let turn = 0; turn < joinTurns; turn += 1) {
      const before = this.#queue.length;
      await setImmediate();
      if (this.#queue.length === before) return;
    }
  }

  async #send(calls: readonly Call[]): Promise<void> {
    if (calls.length === 0) return;
    const size = calls.reduce((sum, call) => sum + call.bytes.length, 0);
    let again: readonly Call[];
    try {
      again = await converse(this.#namespace, size, (conversation) => this.#attempt(conversation, calls, size));
    } catch (error) {
      if (isKernelError(error, 'EMSGSIZE')) return this.#sendInParts(calls);
      for (const call of calls) call.reject(error);
      return;
    }
    await this.#send(again);
  }

  /** One transaction; settles what it decides and returns the calls to send again. */
  async #attempt(conversation: Conversation, calls: readonly Call[], size: number): Promise<readonly Call[]> {
    const [pieces, first] = assemble(calls, size);
    const errors = await this.#exchange(conversation, calls, pieces, first);
    if (errors.length === 0) {
      for (const call of calls) call.resolve();
      return [];
    }
    return sortOut(calls, errors, first) ?? this.#halves(calls, errors[0]!);
  }

  async #exchange(
    conversation: Conversation,
    calls: readonly Call[],
    pieces: readonly Uint8Array[],
    begin: number,
  ): Promise<Reply[]> {
    // Events carry the number of the message they are about or, on newer kernels, that of BEGIN.
    this.#observer.sent({ port: conversation.port, first: calls[0]!.sequences[0]!, last: begin });
    const large = calls.some(isLarge) || calls.length > 1000;
    let committed = 0;
    if (large) this.#observer.pause();
    try {
      const errors = (await conversation.exchange(pieces, calls.some(isSlow))).filter((reply) => reply.errno !== 0);
      if (errors.length === 0) committed = 1;
      return errors;
    } finally {
      if (large) this.#observer.resume(committed);
    }
  }

  /** The kernel refused the transaction as a whole: look for the caller to blame. */
  async #halves(calls: readonly Call[], error: Reply): Promise<readonly Call[]> {
    if (calls.length === 1) {
      calls[0]!.reject(refusal(calls[0]!, error, undefined));
      return [];
    }
    const middle = calls.length >> 1;
    await this.#send(calls.slice(0, middle));
    await this.#send(calls.slice(middle));
    return [];
  }

  /** The batch is larger than what an unprivileged user's socket takes. */
  async #sendInParts(calls: readonly Call[]): Promise<void> {
    if (calls.length > 1) {
      const middle = calls.length >> 1;
      await this.#send(calls.slice(0, middle));
      return this.#send(calls.slice(middle));
    }
    const call = calls[0]!;
    const parts = splitCall(call);
    if (parts.length === 1) return call.reject(tooLarge(call));
    for (const part of parts) {
      const error = await new Promise<unknown>((resolve) => {
        void this.#send([{ ...part, resolve: () => resolve(undefined), reject: (reason) => resolve(reason) }]);
      });
      if (error !== undefined) return call.reject(error);
    }
    call.resolve();
  }
}

/** Removing a table or all elements of a set takes the kernel as long as making them one by one. */
function isSlow({ operations }: Call): boolean {
  return operations.some(({ type }) => type === 'delete-table' || type === 'flush-set' || type === 'delete-set');
}

/** Encodes the calls, letting others run in between; a call that cannot be encoded is rejected and left out. */
async function encodeAll(calls: readonly Call[]): Promise<readonly Call[]> {
  let encoder = new Encoder(16_384);
  const encoded: Call[] = [];
  const patience = new Patience();
  for (const call of calls) {
    encoder.reset();
    try {
      for (const operation of call.operations) {
        // A message's number is needed to tell whose it is, its offset to ask for the acknowledgement of the last one.
        const sink = {
          encoder,
          next: (): number => {
            call.lastMessage = encoder.position;
            call.last = nextSequence();
            return call.last;
          },
        };
        call.sequences.push(0);
        const steps = encodeOperation(operation, sink);
        const start = encoder.position;
        for (let step = steps.next(); !step.done; step = steps.next()) {
          if (patience.spent(true)) await patience.rest();
        }
        if (patience.spent()) await patience.rest();
        call.sequences[call.sequences.length - 1] = encoder.position > start ? firstNumber(encoder, start) : call.last;
      }
      call.bytes = encoder.bytes.subarray(0, encoder.position);
      if (isLarge(call)) encoder = new Encoder(16_384);
      else call.bytes = call.bytes.slice();
      if (call.bytes.length === 0) call.resolve();
      else encoded.push(call);
    } catch (error) {
      const operation = call.operations[call.sequences.length - 1]!;
      call.reject(error instanceof RangeError ? invalid(describe(operation), error.message, error) : error);
    }
  }
  return encoded;
}

function firstNumber(encoder: Encoder, start: number): number {
  return new DataView(encoder.bytes.buffer).getUint32(start + 8, true);
}

/**
 * BEGIN, the calls' messages, END; returns the number of BEGIN too. Only the very last message asks for an acknowledgement.
 * Large calls are pieces of their own, what is small is copied together.
 */
function assemble(calls: readonly Call[], size: number): [readonly Uint8Array[], number] {
  const large = calls.reduce((sum, call) => sum + (isLarge(call) ? call.bytes.length : 0), 0);
  const small = Buffer.allocUnsafeSlow(size - large + 48);
  const pieces: Uint8Array[] = [];
  const first = nextSequence();
  let start = 0;
  let at = writeBatchMessage(small, 0, batch.begin, first, calls[0]?.generation);
  for (const call of calls) {
    askForAcknowledgement(call, call === calls.at(-1));
    if (isLarge(call)) {
      pieces.push(small.subarray(start, at), call.bytes);
      start = at;
    } else {
      small.set(call.bytes, at);
      at += call.bytes.length;
    }
  }
  at = writeBatchMessage(small, at, batch.end, nextSequence());
  pieces.push(small.subarray(start, at));
  return [pieces.filter((piece) => piece.length > 0), first];
}

function isLarge({ bytes }: Call): boolean {
  return bytes.length >= largeFrom;
}

function askForAcknowledgement({ bytes, lastMessage }: Call, wanted: boolean): void {
  // struct nlmsghdr: flags are 16 bits at 6, and all of ours are in the lower byte but NLM_F_CREATE and NLM_F_APPEND.
  const flags = lastMessage + 6;
  bytes[flags] = wanted ? bytes[flags]! | NLM_F_ACK : bytes[flags]! & ~NLM_F_ACK;
}

function writeBatchMessage(bytes: Buffer, at: number, type: number, number: number, generation?: number): number {
  const length = generation === undefined ? 20 : 28;
  bytes.writeUInt32LE(length, at);
  bytes.writeUInt16LE(type, at + 4);
  bytes.writeUInt16LE(NLM_F_REQUEST, at + 6);
  bytes.writeUInt32LE(number, at + 8);
  bytes.writeUInt32LE(0, at + 12);
  bytes.writeUInt8(0, at + 16);
  bytes.writeUInt8(0, at + 17);
  bytes.writeUInt16BE(subsystem.nftables, at + 18);
  if (generation !== undefined) {
    // NFNL_BATCH_GENID
    bytes.writeUInt16LE(8, at + 20);
    bytes.writeUInt16LE(1, at + 22);
    bytes.writeUInt32BE(generation, at + 24);
  }
  return at + length;
}

/**
 * Who is to blame for refused messages: the first caller for certain, the others perhaps only because the first one's changes
 * were in the way. Returns who goes on, undefined when no caller is named.
 */
function sortOut(calls: readonly Call[], errors: readonly Reply[], begin: number): readonly Call[] | undefined {
  const bySequence = new Map(errors.map((error) => [error.sequence, error]));
  if (bySequence.has(begin)) return undefined;
  const innocent: Call[] = [];
  const suspects: Call[] = [];
  let blamed = false;
  for (const call of calls) {
    const failed = failureOf(call, bySequence);
    if (!failed) innocent.push(call);
    else if (blamed && call.failures + 1 < attempts) suspects.push({ ...call, failures: call.failures + 1 });
    else call.reject(refusal(call, failed.error, failed.index));
    blamed ||= failed !== undefined;
  }
  return blamed ? [...innocent, ...suspects] : undefined;
}

function failureOf(call: Call, errors: ReadonlyMap<number, Reply>): { error: Reply; index: number } | undefined {
  for (let index = 0; index < call.operations.length; index += 1) {
    const last = call.sequences[index + 1] ?? call.last + 1;
    for (let number = call.sequences[index]!; number < last; number += 1) {
      const error = errors.get(number);
      if (error) return { error, index };
    }
  }
  return undefined;
}

function refusal(call: Call, { errno, explanation }: Reply, index: number | undefined): NftablesError {
  const what =
    index === undefined ? `transaction of ${call.operations.length} operations` : describe(call.operations[index]!);
  return new NftablesError(errno, { operation: what, ...(explanation === undefined ? {} : { explanation }) }, index);
}

function tooLarge(call: Call): NftablesError {
  return new NftablesError(errnoNumber('EMSGSIZE'), {
    operation: describe(call.operations[0]!),
    hint: 'more than this unprivileged user may send at once: raise net.core.wmem_max',
    retriable: false,
  });
}

/** The call's messages in parts of at most 48 kB (or one message). */
function splitCall(call: Call): Call[] {
  const view = Buffer.from(call.bytes.buffer, call.bytes.byteOffset, call.bytes.length);
  const parts: Call[] = [];
  let start = 0;
  for (let at = 0, lastMessage = 0; at < view.length; ) {
    const next = at + ((view.readUInt32LE(at) + 3) & ~3);
    if (next - start > 48 * 1024 && at > start) {
      parts.push(partOf(call, start, at, lastMessage));
      start = at;
    }
    lastMessage = at;
    at = next;
    if (at >= view.length) parts.push(partOf(call, start, at, lastMessage));
  }
  return parts;
}

function partOf(call: Call, start: number, end: number, lastMessage: number): Call {
  return { ...call, generation: undefined, bytes: call.bytes.subarray(start, end), lastMessage: lastMessage - start };
}
