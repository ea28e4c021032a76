/**
 * One connection to VPP's API socket, from the handshake to its end. Requests of one turn of the event loop go out in one
 * write; so many are in flight at a time, others wait here; replies are matched by context.
 */

import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { MessageCodec } from '../codec/message.ts';
import { FRAME_HEADER } from '../codec/message.ts';
import { Writer } from '../codec/writer.ts';
import { refusal, VppError } from '../errors.ts';
import type { SchemaPack } from '../schema/pack.ts';
import { Aborts } from './aborts.ts';
import { Items, OneReply, Page, type PageEnd } from './answers.ts';
import { EventQueue } from './event-queue.ts';
import { Flights } from './flights.ts';
import type { Flight } from './flights.ts';
import { FrameSplitter } from './frames.ts';
import { createClientFrame, readWelcome } from './handshake.ts';
import { MessageTable } from './message-table.ts';
import { type MessageCount, Tally } from './tally.ts';

export interface ConnectionOptions {
  readonly path: string;
  readonly name: string;
  readonly pack: SchemaPack;
  /** Requests in flight at a time. */
  readonly window: number;
  /** Ms that a request may take. */
  readonly timeout: number;
  /** Ms until VPP has to have welcomed this client. Default 5,000. */
  readonly welcomeTimeout?: number | undefined;
  /** Events that may wait to be read. */
  readonly events: number;
  readonly tap?: FrameTap | undefined;
  /** Counts messages. */
  readonly tally?: Tally | undefined;
}

/** What is done with a message that comes. */
interface Reader {
  readonly codec: MessageCodec;
  readonly count: MessageCount;
}

/** Sees every frame, header included. The bytes are valid during the call only. */
export interface FrameTap {
  opened?(table: MessageTable): void;
  sent(frame: Uint8Array): void;
  received(frame: Uint8Array): void;
}

export interface RequestOptions {
  /** Ms until it fails with `timeout`; for lists, without any item. */
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const RECEIVE_BUFFER = 256 * 1024;
const WRITE_AT = 64 * 1024;
const EXPIRY_TICK = 50;
const WELCOME_TIMEOUT = 5_000;

export class Connection {
  readonly #options: ConnectionOptions;
  readonly #socket: Socket;
  readonly #frames: FrameSplitter;
  readonly #tally: Tally;
  readonly #flights = new Flights();
  readonly #aborts = new Aborts<Flight>((flight) => this.#giveUp(flight));
  readonly #writer = new Writer();
  readonly #events = new Map<string, Set<EventQueue<object>>>();
  readonly #readers: (Reader | null | undefined)[] = [];
  /** From `#waitingAt` on. */
  #waiting: Flight[] = [];
  #waitingAt = 0;
  #table: MessageTable | undefined;
  #client = 0;
  #isFlushing = false;
  #isBlocked = false;
  #ended: VppError | undefined;
  #expiry: NodeJS.Timeout | undefined;
  #welcome: ((error?: VppError) => void) | undefined;
  /** Frames received so far. */
  received = 0;
  readonly closed: Promise<VppError>;
  #resolveClosed: (error: VppError) => void = () => {};

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#tally = options.tally ?? new Tally();
    this.closed = new Promise((resolve) => (this.#resolveClosed = resolve));
    this.#frames = new FrameSplitter((bytes, view, at, end) => this.#receive(bytes, view, at, end));
    this.#socket = connect({
      path: options.path,
      onread: { buffer: Buffer.allocUnsafeSlow(RECEIVE_BUFFER), callback: (count, bytes) => this.#push(count, bytes) },
    });
    this.#socket.on('error', (error) => this.#lost(error));
    this.#socket.on('close', () => this.#lost(undefined));
    this.#socket.on('drain', () => {
      this.#isBlocked = false;
      this.#pump();
    });
  }

  get table(): MessageTable {
    if (!this.#table) throw new VppError('disconnected', 'VPP has not told its messages yet');
    return this.#table;
  }

  get ended(): VppError | undefined {
    return this.#ended;
  }

  get statistics(): {
    readonly inFlight: number;
    readonly waiting: number;
    readonly late: number;
    readonly unmatched: number;
    readonly sent: number;
    readonly failed: number;
    readonly replies: number;
  } {
    const { size: inFlight, late, unmatched, started: sent, failed, replies } = this.#flights;
    return { inFlight, waiting: this.#waiting.length - this.#waitingAt, late, unmatched, sent, failed, replies };
  }

  /** Connects and learns the message table. */
  async open(signal?: AbortSignal): Promise<void> {
    const { path, welcomeTimeout = WELCOME_TIMEOUT } = this.#options;
    const timer = setTimeout(
      () => this.close(new VppError('timeout', `${path}: VPP did not answer within ${welcomeTimeout} ms`)),
      welcomeTimeout,
    );
    const abort = (): void => this.close(new VppError('aborted', 'connecting was given up'));
    signal?.addEventListener('abort', abort, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        this.#welcome = (error) => (error ? reject(error) : resolve());
        if (signal?.aborted === true) abort();
        else this.#write(createClientFrame(this.#options.name));
      });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
    this.#expiry = setInterval(() => this.#flights.expire(performance.now()), EXPIRY_TICK).unref();
  }

  /** One request, one reply. Rejects with VppError; `refused` when VPP's retval is negative. */
  request(
    api: string,
    fields: object,
    { timeout = this.#options.timeout, signal }: RequestOptions = {},
  ): Promise<object> {
    return new Promise((resolve, reject) => {
      this.#start(new OneReply(this.table.call(api), fields, timeout, resolve, reject), signal);
    });
  }

  /** A request that is answered by a list; `item` is called for each as it comes. */
  async list(api: string, fields: object, options: RequestOptions, item: (fields: object) => void): Promise<void> {
    const service = this.table.service(api);
    if (service?.stream !== true) throw new VppError('unavailable', `${api} is not answered by a list`, { api });
    const { timeout = this.#options.timeout, signal } = options;
    if (service.item === undefined) await this.#dump(api, fields, timeout, signal, item);
    else await this.#pages(api, fields, timeout, signal, { itemApi: service.item, item });
  }

  /** Has no end of its own: as replies keep their order, that of a ping sent behind it is the end. */
  #dump(
    api: string,
    fields: object,
    timeout: number,
    signal: AbortSignal | undefined,
    item: (fields: object) => void,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const ping = this.table.call('control_ping');
      const items = new Items(this.table.call(api), fields, timeout, item, reject);
      if (!this.#start(items, signal)) return;
      const finish = (): void => this.#flights.finish(items);
      const end = new OneReply(
        ping,
        {},
        Number.POSITIVE_INFINITY,
        () => {
          finish();
          items.end();
          resolve();
        },
        (error) => {
          finish();
          reject(error);
        },
      );
      this.#start(end, undefined);
    });
  }

  /** Comes in pages: the reply tells where the next one begins. */
  async #pages(
    api: string,
    fields: object,
    timeout: number,
    signal: AbortSignal | undefined,
    items: { readonly itemApi: string; readonly item: (fields: object) => void },
  ): Promise<void> {
    for (let cursor = 0; ; ) {
      const { retval = 0, cursor: next = 0 } = await new Promise<PageEnd>((resolve, reject) => {
        const page = new Page(this.table.call(api), { ...fields, cursor }, timeout, items, resolve, reject);
        this.#start(page, signal);
      });
      if (retval === EAGAIN && next !== cursor) {
        cursor = next;
        continue;
      }
      // Some tables answer so when there is nothing in them.
      if (retval < 0 && !(retval === INVALID_VALUE && cursor === 0)) throw refusal(api, retval);
      return;
    }
  }

  events(api: string): EventQueue<object> {
    this.table.codec(api);
    let queues = this.#events.get(api);
    if (!queues) this.#events.set(api, (queues = new Set()));
    const listeners = queues;
    const queue: EventQueue<object> = new EventQueue(this.#options.events, () => listeners.delete(queue));
    if (this.#ended) queue.fail(this.#ended);
    else queues.add(queue);
    return queue;
  }

  close(error: VppError = new VppError('closed', 'the connection to VPP was closed')): void {
    if (this.#ended) return;
    this.#ended = error;
    clearInterval(this.#expiry);
    this.#socket.destroy();
    this.#welcome?.(error);
    this.#welcome = undefined;
    const waiting = this.#waiting.slice(this.#waitingAt);
    this.#waiting = [];
    this.#waitingAt = 0;
    this.#flights.failAll(error);
    for (const flight of waiting) flight.fail(error);
    for (const queues of this.#events.values()) for (const queue of [...queues]) queue.fail(error);
    this.#resolveClosed(error);
  }

  #lost(cause: Error | undefined): void {
    const { path } = this.#options;
    if (this.#table || cause === undefined) {
      const why = this.#frames.isInside ? 'in the middle of a message' : 'by VPP';
      this.close(new VppError('disconnected', `${path}: the connection was closed ${why}`, { cause }));
    } else this.close(new VppError('unreachable', `${path}: ${whyUnreachable(cause)}`, { cause }));
  }

  /** False when it failed at once. */
  #start(flight: Flight, signal: AbortSignal | undefined): boolean {
    const problem = this.#ended ?? (signal?.aborted === true ? aborted(flight.api) : undefined);
    if (problem) {
      flight.fail(problem);
      return false;
    }
    if (signal) flight.aborted = this.#aborts.add(signal, flight);
    if (this.#isBlocked || this.#waiting.length > 0 || this.#flights.size >= this.#options.window) {
      this.#waiting.push(flight);
      return true;
    }
    return this.#send(flight);
  }

  #giveUp(flight: Flight): void {
    if (flight.context !== 0) this.#flights.abandon(flight);
    else {
      const at = this.#waiting.indexOf(flight, this.#waitingAt);
      if (at >= 0) this.#waiting.splice(at, 1);
    }
    flight.fail(aborted(flight.api));
  }

  /** False when its fields cannot be written: it has failed. */
  #send(flight: Flight): boolean {
    const { id, codec } = flight.call;
    this.#flights.start(flight, performance.now());
    try {
      codec.encode(this.#writer, id, this.#client, flight.context, flight.fields);
    } catch (error) {
      this.#flights.finish(flight);
      flight.fail(asVppError(error, flight.api));
      return false;
    }
    if (this.#writer.pending >= WRITE_AT) this.#flush();
    else if (!this.#isFlushing) {
      this.#isFlushing = true;
      setImmediate(() => this.#flush());
    }
    return true;
  }

  /** Sends what waits, as far as the window lets it. */
  #pump(): void {
    while (this.#waitingAt < this.#waiting.length && !this.#isBlocked && this.#flights.size < this.#options.window) {
      this.#send(this.#waiting[this.#waitingAt++]!);
    }
    if (this.#waitingAt === this.#waiting.length && this.#waitingAt > 0) {
      this.#waiting = [];
      this.#waitingAt = 0;
    } else if (this.#waitingAt > 4096) {
      this.#waiting = this.#waiting.slice(this.#waitingAt);
      this.#waitingAt = 0;
    }
  }

  #flush(): void {
    this.#isFlushing = false;
    if (this.#ended || this.#writer.pending === 0) return;
    this.#write(this.#writer.finish());
  }

  #write(bytes: Uint8Array): void {
    const { tap } = this.#options;
    if (tap) eachFrame(bytes, (frame) => tap.sent(frame));
    if (!this.#socket.write(bytes)) this.#isBlocked = true;
  }

  #push(count: number, bytes: Uint8Array): boolean {
    if (this.#ended) return true;
    try {
      this.#frames.push(bytes.subarray(0, count));
    } catch (error) {
      this.close(asVppError(error, 'the connection'));
      return true;
    }
    if (this.#waiting.length > 0) this.#pump();
    return true;
  }

  #receive(bytes: Uint8Array, view: DataView, at: number, end: number): void {
    if (this.#ended) return;
    this.received++;
    this.#options.tap?.received(bytes.subarray(at - FRAME_HEADER, end));
    if (!this.#table) {
      this.#open(bytes, view, at, end);
      return;
    }
    const id = view.getUint16(at);
    const reader = this.#reader(id);
    if (!reader) {
      this.#answerUnknown(id, view, at, end);
      return;
    }
    const { codec } = reader;
    if (codec.contextAt === undefined) this.#dispatch(codec, bytes, view, at, end);
    else if (at + codec.contextAt + 4 <= end)
      this.#answer(reader, view.getUint32(at + codec.contextAt), bytes, view, at, end);
    else this.#flights.unmatched++;
  }

  #open(bytes: Uint8Array, view: DataView, at: number, end: number): void {
    const { client, entries } = readWelcome(bytes, view, at, end);
    this.#client = client;
    this.#table = new MessageTable(this.#options.pack, entries, this.#tally);
    this.#options.tap?.opened?.(this.#table);
    this.#welcome?.();
    this.#welcome = undefined;
  }

  #reader(id: number): Reader | null {
    const known = this.#readers[id];
    if (known !== undefined) return known;
    // Not by index for every number that may come: the table has 65,536 at most.
    const entry = this.#table!.at(id);
    if (!entry || this.#table!.missing(entry.name) !== undefined) return null;
    const reader = { codec: this.#table!.codec(entry.name), count: this.#tally.of(entry.name) };
    this.#readers[id] = reader;
    return reader;
  }

  #answer({ codec, count }: Reader, context: number, bytes: Uint8Array, view: DataView, at: number, end: number): void {
    const flight = this.#flights.find(context);
    if (!flight) {
      if (codec.name === 'memclnt_keepalive') this.#keepAlive(context);
      else this.#flights.stray(context);
      return;
    }
    this.#flights.replies++;
    count.replies++;
    let isLast = true;
    try {
      isLast = flight.receive(codec.name, codec.decode(bytes, view, at, end));
    } catch (error) {
      flight.fail(asVppError(error, codec.name));
    }
    if (isLast) this.#flights.finish(flight);
    else flight.deadline = performance.now() + flight.timeout;
  }

  /** A message without a usable definition: if it has the head of a reply, its request fails with the reason. */
  #answerUnknown(id: number, view: DataView, at: number, end: number): void {
    const flight = at + 6 <= end ? this.#flights.find(view.getUint32(at + 2)) : undefined;
    if (!flight) {
      this.#flights.unmatched++;
      return;
    }
    const name = this.#table!.at(id)?.name;
    const reason = name === undefined ? `message ${id} is not in its table` : this.#table!.missing(name);
    this.#flights.finish(flight);
    flight.fail(
      new VppError('malformed', `${flight.api}: the reply of VPP cannot be read: ${reason}`, { api: flight.api }),
    );
  }

  #keepAlive(context: number): void {
    const reply = this.#table!.find('memclnt_keepalive_reply');
    if (!reply) return;
    this.#table!.codec(reply.name).encode(this.#writer, reply.id, this.#client, context, {});
    this.#flush();
  }

  #dispatch(codec: MessageCodec, bytes: Uint8Array, view: DataView, at: number, end: number): void {
    const queues = this.#events.get(codec.name);
    if (!queues || queues.size === 0) return;
    let event: object;
    try {
      event = codec.decode(bytes, view, at, end);
    } catch (error) {
      for (const queue of [...queues]) queue.fail(asVppError(error, codec.name));
      return;
    }
    for (const queue of queues) queue.push(event);
  }
}

function whyUnreachable(cause: NodeJS.ErrnoException): string {
  if (cause.code === 'ENOENT') return 'there is no such socket';
  if (cause.code === 'ECONNREFUSED') return 'nobody listens there';
  if (cause.code === 'EACCES') return 'this user may not connect';
  return cause.message;
}

const EAGAIN = -165;
const INVALID_VALUE = -7;

function aborted(api: string): VppError {
  return new VppError('aborted', `${api}: given up; VPP may still carry it out`, { api });
}

function asVppError(error: unknown, api: string): VppError {
  if (error instanceof VppError) return error;
  return new VppError('malformed', `${api}: ${error instanceof Error ? error.message : String(error)}`, {
    api,
    cause: error,
  });
}

/** Calls back for each frame of bytes that we wrote. */
function eachFrame(bytes: Uint8Array, callback: (frame: Uint8Array) => void): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; ) {
    const end = at + FRAME_HEADER + view.getUint32(at + 8);
    callback(bytes.subarray(at, end));
    at = end;
  }
}
