import type { Namespace } from '../namespace/namespace.ts';
import { NLM_F_DUMP } from '../netlink/constants.ts';
import type { Query, Request } from '../netlink/request.ts';
import type { NetlinkSocket } from '../netlink/socket.ts';
import { readAll } from './read-all.ts';
import { nextTurn } from './turn.ts';
import type { Outbox, RtnlEngine } from './engine.ts';
import type { NetlinkProtocol } from './open.ts';
import { Entry } from './entry.ts';

/**
 * Requests to one namespace. Everything asked for in one turn of the event loop is sent together, in order, and each promise
 * settles with its own outcome: an error of one message does not stop the others.
 *
 * Order: quick requests of one namespace are carried out in the order they were made. Slow ones (see Lane) start after what
 * was asked for before them, and nothing waits for them but those who await them.
 */
export interface Rtnl {
  readonly namespace: Namespace;
  /** Settles when the kernel answered. Rejects with KernelError. */
  request(request: Request): Promise<void>;
  /** One object, or undefined when there is none. In order with the requests. */
  get<T>(query: Query<T>): Promise<T | undefined>;
  /** All objects that match. Sees everything that settled before. */
  dump<T>(query: Query<T>): Promise<T[]>;
}

export class RtnlPort implements Rtnl, Outbox {
  readonly namespace: Namespace;
  readonly protocol: NetlinkProtocol;
  readonly quick: Entry[] = [];
  sent = 0;
  readonly slow: { readonly entry: Entry; readonly after: number }[] = [];
  total = 0;
  waiting = false;
  flying = false;
  socket: NetlinkSocket | undefined;
  readonly #engine: RtnlEngine;

  constructor(engine: RtnlEngine, namespace: Namespace, protocol: NetlinkProtocol, socket?: NetlinkSocket) {
    this.#engine = engine;
    this.namespace = namespace;
    this.protocol = protocol;
    this.socket = socket;
  }

  get busy(): boolean {
    return this.waiting || this.flying || this.quick.length > 0 || this.slow.length > 0;
  }

  request(request: Request): Promise<void> {
    return request.followUps ? this.#requestAll(request, request.followUps) : this.#request(request);
  }

  get<T>(query: Query<T>): Promise<T | undefined> {
    if ((query.flags & NLM_F_DUMP) !== 0) throw new TypeError('a query for a list: use dump');
    return new Promise<unknown>((resolve, reject) => this.#put(new Entry(query, resolve, reject))) as Promise<
      T | undefined
    >;
  }

  async dump<T>(query: Query<T>): Promise<T[]> {
    await nextTurn();
    return readAll(this, query, this.#engine.buffer);
  }

  async #requestAll(first: Request, followUps: readonly Request[]): Promise<void> {
    await this.#request(first);
    for (const next of followUps) await this.#request(next);
  }

  #request(request: Request): Promise<void> {
    return new Promise<unknown>((resolve, reject) => this.#put(new Entry(request, resolve, reject))) as Promise<void>;
  }

  #put(entry: Entry): void {
    if (this.#engine.closed) return entry.fail(new TypeError('the kernel driver is closed'));
    const { message } = entry;
    const quick = !('lane' in message) || message.lane === 'quick';
    if (quick) this.quick.push(entry);
    else this.slow.push({ entry, after: this.total + this.quick.length - this.sent });
    this.#engine.wake(this);
  }
}
