/**
 * The client of a VPP: keeps a connection to its API socket, learns what it can do, finds out when it dies, and comes back.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from './connection/connection.ts';
import type { RequestOptions } from './connection/connection.ts';
import type { Mismatch } from './connection/message-table.ts';
import { type MessageCount, Tally } from './connection/tally.ts';
import { describeMessage, listMessages } from './describe.ts';
import type { MessageDescription, MessageListing } from './describe.ts';
import { VppError } from './errors.ts';
import type { Input } from './fields.ts';
import type { Lists, Messages, Replies } from './gen/messages.js';
import { loadSchemaPack } from './schema/pack.ts';
import type { VppLog, VppOptions } from './options.ts';
import type { SchemaPack } from './schema/pack.ts';
import { learnDefinitions } from './schema/sources.ts';

export type RequestName = keyof Replies;
export type ListName = keyof Lists;
export type MessageName = keyof Messages;
/** What is sent with a request. */
export type FieldsOf<N extends MessageName> = Input<Messages[N]>;
export type ReplyOf<N extends RequestName> = Replies[N] extends MessageName ? Messages[Replies[N]] : never;
export type ItemOf<N extends ListName> = Lists[N] extends MessageName ? Messages[Lists[N]] : never;

/** `connected`: for the first time or again; `isNew`: it is not the VPP that was there before, so nothing is configured. */
export type VppState =
  | { readonly state: 'connected'; readonly isNew: boolean; readonly pid: number; readonly version: string }
  | { readonly state: 'disconnected'; readonly error: VppError };

export interface VppClient {
  /** VPP's own version text (`26.06-release`). */
  readonly version: string;
  /** VPP's process id. */
  readonly pid: number;
  readonly isConnected: boolean;
  /** The first connection. Rejects with VppError when the attempts are used up, or when the client is closed before. */
  readonly connected: Promise<void>;
  /** Messages that VPP has in a form that nobody knows; only what needs these is unavailable. */
  readonly mismatches: readonly Mismatch[];

  /**
   * Sends a request. Rejects with VppError: `refused` with VPP's name and meaning, `unavailable`, `invalid-field`, `timeout`,
   * `aborted`, `disconnected`. All requests of one turn of the event loop go out together.
   */
  request<N extends RequestName>(name: N, fields?: FieldsOf<N>, options?: RequestOptions): Promise<ReplyOf<N>>;
  /** Asks for a list and resolves when it is complete. */
  list<N extends ListName>(name: N, fields?: FieldsOf<N>, options?: RequestOptions): Promise<ItemOf<N>[]>;
  /** Asks for a list and calls back for each item as it is read: for lists that need not be kept. */
  each<N extends ListName>(
    name: N,
    fields: FieldsOf<N>,
    item: (item: ItemOf<N>) => void,
    options?: RequestOptions,
  ): Promise<void>;
  /**
   * Events of this name from now on, until the signal is aborted. VPP sends them after the `want_...` request on this
   * connection; a lost connection ends them with an error (`disconnected`), reading too slowly, too (`overflow`).
   */
  events<N extends MessageName>(
    name: N,
    options?: { readonly signal?: AbortSignal },
  ): AsyncIterableIterator<Messages[N]>;

  /** All messages that VPP has, by name. */
  messages(): readonly MessageListing[];
  /** The fields and answers of a message; undefined: VPP has none of that name. */
  describe(name: string): MessageDescription | undefined;
  /**
   * As `request` or `list`, for a message whose name is not known when the program is written: the reply, or all items of a list.
   * Wrong fields are VppError `invalid-field`.
   */
  call(name: string, fields?: object, options?: RequestOptions): Promise<object | readonly object[]>;
  has(name: MessageName): boolean;
  /** Why the message cannot be used here (plugin not loaded, other release, unknown definition), or undefined. */
  missing(name: MessageName): string | undefined;
  /** The first of these that this VPP has. Throws VppError `unavailable` with the reason of the first. */
  pick<N extends MessageName>(...names: readonly [N, ...N[]]): N;

  /** Calls back at every change, and at once when connected. Returns how to stop it. */
  onState(listener: (state: VppState) => void): () => void;
  statistics(): VppStatistics;
  /** Requests and answers by message, over all connections. */
  counts(): readonly MessageCount[];
  close(): Promise<void>;
}

export interface VppStatistics {
  readonly inFlight: number;
  readonly waiting: number;
  /** Replies that came after their request had been given up. */
  readonly late: number;
  readonly unmatched: number;
  readonly reconnects: number;
  /** Of this connection: requests so far, those given up or lost with it, messages that answered one. */
  readonly sent: number;
  readonly failed: number;
  readonly replies: number;
}

/**
 * Connects to VPP.
 *
 * @example
 * const vpp = await connectVpp({ path: '/run/vpp/api.sock' });
 * const { sw_if_index } = await vpp.request('create_loopback', {});
 * const interfaces = await vpp.list('sw_interface_dump');
 */
export async function connectVpp(options: VppOptions = {}): Promise<VppClient> {
  const client = new Client(options, await loadSchemaPack());
  client.start();
  await client.connected;
  return client;
}

/**
 * As `connectVpp`, whether VPP is there or not: the client connects when it comes (`connected`, `onState`), and requests fail until
 * then. Resolves when the first attempt has succeeded or failed, `patience` ms from now at the latest.
 */
export async function openVpp(options: VppOptions = {}, patience = 1_000): Promise<VppClient> {
  const client = new Client(options, await loadSchemaPack());
  client.start();
  const end = new AbortController();
  const waited = delay(patience, undefined, { signal: end.signal }).catch(() => undefined);
  await Promise.race([client.tried, waited]);
  end.abort();
  return client;
}

interface Live {
  readonly connection: Connection;
  readonly pid: number;
  readonly version: string;
}

const SILENT: VppLog = { info() {}, warn() {} };

class Client implements VppClient {
  readonly #options: VppOptions;
  readonly #pack: SchemaPack;
  readonly #tally = new Tally();
  readonly #log: VppLog;
  readonly #closing = new AbortController();
  readonly #signal: AbortSignal;
  readonly #listeners = new Set<(state: VppState) => void>();
  #live: Live | undefined;
  #last: Live | undefined;
  #lost: VppError = new VppError('disconnected', 'VPP is not connected yet');
  #keeper: Promise<void> | undefined;
  #reconnects = 0;
  readonly #first = Promise.withResolvers<void>();
  readonly #tried = Promise.withResolvers<void>();

  constructor(options: VppOptions, pack: SchemaPack) {
    this.#options = options;
    this.#pack = pack;
    this.#log = options.log ?? SILENT;
    this.#signal = options.signal ? AbortSignal.any([options.signal, this.#closing.signal]) : this.#closing.signal;
  }

  start(): void {
    this.#first.resolve(this.#connect(this.#options.attempts ?? 1));
    this.#keeper = this.connected.then(
      () => this.#keep(),
      () => undefined,
    );
  }

  get connected(): Promise<void> {
    return this.#first.promise;
  }

  /** The first attempt has succeeded or failed. */
  get tried(): Promise<void> {
    return this.#tried.promise;
  }

  get version(): string {
    return this.#last?.version ?? '';
  }

  get pid(): number {
    return this.#last?.pid ?? 0;
  }

  get isConnected(): boolean {
    return this.#live !== undefined;
  }

  get mismatches(): readonly Mismatch[] {
    return this.#last?.connection.table.unknown() ?? [];
  }

  request<N extends RequestName>(name: N, fields?: FieldsOf<N>, options?: RequestOptions): Promise<ReplyOf<N>> {
    const live = this.#live;
    if (!live) return Promise.reject(this.#lost);
    return live.connection.request(name, (fields ?? {}) as object, options) as Promise<ReplyOf<N>>;
  }

  async list<N extends ListName>(name: N, fields?: FieldsOf<N>, options: RequestOptions = {}): Promise<ItemOf<N>[]> {
    const items: ItemOf<N>[] = [];
    await this.#connection().list(name, (fields ?? {}) as object, options, (item) => items.push(item as ItemOf<N>));
    return items;
  }

  async each<N extends ListName>(
    name: N,
    fields: FieldsOf<N>,
    item: (item: ItemOf<N>) => void,
    options: RequestOptions = {},
  ): Promise<void> {
    await this.#connection().list(name, fields as object, options, item as (item: object) => void);
  }

  events<N extends MessageName>(
    name: N,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): AsyncIterableIterator<Messages[N]> {
    const queue = this.#connection().events(name);
    if (signal?.aborted === true) queue.fail(undefined);
    else signal?.addEventListener('abort', () => queue.fail(undefined), { once: true });
    return queue as AsyncIterableIterator<Messages[N]>;
  }

  messages(): readonly MessageListing[] {
    return this.#last ? listMessages(this.#last.connection.table) : [];
  }

  describe(name: string): MessageDescription | undefined {
    return this.#last && describeMessage(this.#last.connection.table, name);
  }

  async call(name: string, fields: object = {}, options: RequestOptions = {}): Promise<object | readonly object[]> {
    const connection = this.#connection();
    const answer = this.describe(name)?.answer;
    if (answer === undefined) {
      const reason = connection.table.missing(name) ?? `${name} is no request: it is an answer or an event`;
      throw new VppError('unavailable', reason, { api: name, retriable: false });
    }
    if (answer === 'reply') return connection.request(name, fields, options);
    const items: object[] = [];
    await connection.list(name, fields, options, (item) => items.push(item));
    return items;
  }

  has(name: MessageName): boolean {
    return this.missing(name) === undefined;
  }

  missing(name: MessageName): string | undefined {
    return this.#last ? this.#last.connection.table.missing(name) : this.#lost.message;
  }

  pick<N extends MessageName>(...names: readonly [N, ...N[]]): N {
    if (!this.#last) throw this.#lost;
    const found = names.find((name) => this.has(name));
    if (found !== undefined) return found;
    const [newest] = names;
    throw new VppError('unavailable', this.missing(newest) ?? '', { api: newest, retriable: false });
  }

  onState(listener: (state: VppState) => void): () => void {
    this.#listeners.add(listener);
    if (this.#live) {
      const { pid, version } = this.#live;
      listener({ state: 'connected', isNew: true, pid, version });
    }
    return () => void this.#listeners.delete(listener);
  }

  statistics(): VppStatistics {
    const none = { inFlight: 0, waiting: 0, late: 0, unmatched: 0, sent: 0, failed: 0, replies: 0 };
    return { ...(this.#last?.connection.statistics ?? none), reconnects: this.#reconnects };
  }

  counts(): readonly MessageCount[] {
    return [...this.#tally.all()];
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#live?.connection.close();
    await this.#keeper;
  }

  #connection(): Connection {
    if (!this.#live) throw this.#lost;
    return this.#live.connection;
  }

  async #connect(attempts: number): Promise<void> {
    const { first, most } = this.#options.backoff ?? { first: 50, most: 1_000 };
    for (let attempt = 1, wait = first; ; attempt++, wait = Math.min(most, wait * 2)) {
      try {
        await this.#connectOnce();
        return;
      } catch (error) {
        if (error instanceof VppError) this.#lost = error;
        if (attempt >= attempts || this.#signal.aborted) throw error;
        const reason = error instanceof Error ? error.message : String(error);
        // Of one that was lost that has been said.
        if (attempt === 1 && !this.#last) this.#log.warn({ reason }, `VPP is not there; trying again: ${reason}`);
        this.#tried.resolve();
        await delay(wait, undefined, { signal: this.#signal }).catch(() => undefined);
        if (this.#signal.aborted) throw error;
      } finally {
        this.#tried.resolve();
      }
    }
  }

  async #connectOnce(): Promise<void> {
    const {
      path = '/run/vpp/api.sock',
      name = 'ligature',
      window = 1024,
      timeout = 10_000,
      welcomeTimeout = 5_000,
      events = 65_536,
    } = this.#options;
    const connection = new Connection({
      path,
      name,
      pack: this.#pack,
      window,
      timeout,
      welcomeTimeout,
      events,
      tap: this.#options.tap,
      tally: this.#tally,
    });
    try {
      await connection.open(this.#signal);
      const [{ vpe_pid: pid }, { version }] = (await Promise.all([
        connection.request('control_ping', {}),
        connection.request('show_version', {}),
      ])) as [Messages['control_ping_reply'], Messages['show_version_reply']];
      await learnDefinitions(connection, {
        version,
        folder: this.#options.definitions ?? '/usr/share/vpp/api',
        log: this.#log,
      });
      this.#reportMismatches(connection);
      this.#begin({ connection, pid, version });
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  #begin(live: Live): void {
    const isNew = this.#last?.pid !== live.pid;
    this.#live = this.#last = live;
    const { pid, version } = live;
    this.#log.info({ pid, version, messages: live.connection.table.size }, 'connected to VPP');
    this.#tell({ state: 'connected', isNew, pid, version });
  }

  #reportMismatches({ table }: Connection): void {
    const unknown = table.unknown();
    if (unknown.length > 0) {
      this.#log.warn(
        { messages: unknown },
        `VPP has ${unknown.length} messages in a form that is not known: what needs them is unavailable`,
      );
    }
  }

  /** Watches the connection, and makes a new one when it is lost, until the client is closed. */
  async #keep(): Promise<void> {
    while (!this.#signal.aborted && this.#live) {
      const { connection } = this.#live;
      const stop = new AbortController();
      void this.#probe(connection, stop.signal);
      const abort = (): void => connection.close();
      this.#signal.addEventListener('abort', abort, { once: true });
      const error = await connection.closed;
      this.#signal.removeEventListener('abort', abort);
      stop.abort();
      this.#live = undefined;
      this.#lost = error;
      if (this.#signal.aborted) return;
      this.#log.warn({ reason: error.message }, `VPP is lost; connecting again: ${error.message}`);
      this.#tell({ state: 'disconnected', error });
      this.#reconnects++;
      await this.#connect(Number.POSITIVE_INFINITY).catch(() => undefined);
    }
  }

  /** Pings a silent VPP, so that one that hangs, or another one in its place, is noticed. */
  async #probe(connection: Connection, signal: AbortSignal): Promise<void> {
    const { probeInterval = 1_000, probeTimeout = 10_000 } = this.#options;
    for (let seen = connection.received; !signal.aborted; seen = connection.received) {
      await delay(probeInterval, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted || connection.received !== seen) continue;
      try {
        const reply = (await connection.request(
          'control_ping',
          {},
          { timeout: probeTimeout },
        )) as Messages['control_ping_reply'];
        if (reply.vpe_pid === this.#live?.pid || signal.aborted) continue;
        connection.close(new VppError('disconnected', `VPP is process ${reply.vpe_pid} now`));
      } catch (error) {
        if (!signal.aborted) connection.close(new VppError('disconnected', 'VPP does not answer', { cause: error }));
      }
    }
  }

  #tell(state: VppState): void {
    for (const listener of [...this.#listeners]) listener(state);
  }
}
