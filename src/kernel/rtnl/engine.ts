/**
 * Carries out what the ports were asked for, one send after the other, round the namespaces. A few requests are sent at once: the
 * kernel has carried them out when the call returns. Many are sent from libuv's threads, so that the kernel works on one core
 * while the event loop prepares the next send on another.
 */

import type { Namespace } from '../namespace/namespace.ts';
import type { NetlinkSocket } from '../netlink/socket.ts';
import { Burst } from './burst.ts';
import type { Entry } from './entry.ts';
import { openSocket } from './open.ts';
import type { NetlinkProtocol } from './open.ts';
import { SlowLane } from './slow-lane.ts';

/** ms of work in one turn of the event loop. */
const TURN = 4;
/** µs of kernel time one send should take. */
const BUDGET = 3000;
/** Sends under way in threads at the same time: a second one would only wait for the kernel's lock. */
const FLIGHTS = 1;
/** Requests of one namespace, or namespaces with requests, from which threads are used: handing a send over takes some 30 µs. */
const MANY_REQUESTS = 64;
const MANY_NAMESPACES = 8;
/** Receives are parsed at once, so one buffer does for all. A dump fills at most 32 KiB. */
export const RECEIVE_BUFFER = 256 * 1024;

/** What the engine needs to know of a port. */
export interface Outbox {
  readonly namespace: Namespace;
  readonly protocol: NetlinkProtocol;
  /** Quick entries, and how many of them have been sent. */
  readonly quick: Entry[];
  sent: number;
  /** Slow entries with the number of quick ones (ever) to be sent before them. */
  readonly slow: { readonly entry: Entry; readonly after: number }[];
  /** How many quick entries have been sent, ever. */
  total: number;
  waiting: boolean;
  /** A send of it is under way in a thread. */
  flying: boolean;
  /** Stays open, for a namespace of our own; others are opened for each send. */
  socket: NetlinkSocket | undefined;
}

export class RtnlEngine {
  readonly buffer = Buffer.allocUnsafeSlow(RECEIVE_BUFFER);
  readonly #ready: Outbox[] = [];
  readonly #bursts: Burst[] = [];
  readonly #slowLane = new SlowLane(this.buffer);
  #flights = 0;
  #scheduled = false;
  readonly #idle: (() => void)[] = [];
  /** Measured cost : expected cost, of late. */
  #pace = 1;
  #closed = false;

  /** There is something in the outbox. */
  wake(outbox: Outbox): void {
    if (!outbox.waiting && !outbox.flying) {
      outbox.waiting = true;
      this.#ready.push(outbox);
    }
    this.#schedule();
  }

  /** Resolves when all that was asked for has been answered. */
  async idle(): Promise<void> {
    while (this.#isBusy || this.#slowLane.busy) {
      if (this.#isBusy) await new Promise<void>((resolve) => this.#idle.push(resolve));
      await this.#slowLane.idle();
    }
  }

  async close(): Promise<void> {
    await this.idle();
    this.#closed = true;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get #isBusy(): boolean {
    return this.#ready.length > 0 || this.#flights > 0 || this.#scheduled;
  }

  /** In the next turn of the event loop everything that could be asked for before has been. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#pump();
      if (!this.#isBusy) for (const resolve of this.#idle.splice(0)) resolve();
    });
  }

  #pump(): void {
    const end = performance.now() + TURN;
    for (let outbox = this.#ready[0]; outbox; outbox = this.#ready[0]) {
      const threaded = outbox.sent < outbox.quick.length && this.#isForThread(outbox);
      if (threaded && this.#flights >= FLIGHTS) return;
      this.#ready.shift();
      outbox.waiting = false;
      if (threaded) void this.#sendFromThread(outbox);
      else {
        if (outbox.sent < outbox.quick.length) this.#send(outbox);
        this.#afterSend(outbox);
      }
      if (this.#ready.length > 0 && performance.now() > end) return this.#schedule();
    }
  }

  /** While the kernel is busy elsewhere the event loop must not wait for its lock. */
  #isForThread({ quick, sent }: Outbox): boolean {
    return (
      this.#flights > 0 ||
      this.#slowLane.removing ||
      quick.length - sent > MANY_REQUESTS ||
      this.#ready.length > MANY_NAMESPACES
    );
  }

  #afterSend(outbox: Outbox): void {
    this.#startSlow(outbox);
    if (outbox.sent >= outbox.quick.length || outbox.waiting) return;
    outbox.waiting = true;
    this.#ready.push(outbox);
  }

  #startSlow(outbox: Outbox): void {
    const ripe: Entry[] = [];
    while (outbox.slow.length > 0 && outbox.slow[0]!.after <= outbox.total) ripe.push(outbox.slow.shift()!.entry);
    if (ripe.length > 0) this.#slowLane.start(outbox.namespace, ripe);
  }

  #send(outbox: Outbox): void {
    const start = performance.now();
    const burst = this.#takeBurst();
    const expected = this.#fill(outbox, burst);
    try {
      const socket = outbox.socket ?? openSocket(outbox.namespace, outbox.protocol);
      try {
        burst.exchange(socket, this.buffer, outbox.namespace.label);
      } finally {
        if (!outbox.socket) socket.close();
      }
    } catch (error) {
      burst.failAll(error);
    }
    this.#bursts.push(burst);
    const measured = (performance.now() - start) * 1000;
    if (expected > 500) this.#pace = Math.min(20, Math.max(0.2, this.#pace * 0.7 + (measured / expected) * 0.3));
  }

  async #sendFromThread(outbox: Outbox): Promise<void> {
    this.#flights++;
    outbox.flying = true;
    const burst = this.#takeBurst();
    this.#fill(outbox, burst);
    try {
      const socket = outbox.socket ?? openSocket(outbox.namespace, outbox.protocol);
      try {
        await burst.send(socket);
        // From here on nothing is awaited: the next send is under way before those go on who waited for this one.
        burst.receive(socket, this.buffer, outbox.namespace.label);
      } finally {
        if (!outbox.socket) socket.close();
      }
    } catch (error) {
      burst.failAll(error);
    }
    this.#bursts.push(burst);
    this.#flights--;
    outbox.flying = false;
    this.#afterSend(outbox);
    this.#pump();
    this.#schedule();
  }

  #takeBurst(): Burst {
    return this.#bursts.pop() ?? new Burst();
  }

  /** Moves entries from the outbox into the burst; returns their expected cost in µs. */
  #fill(outbox: Outbox, burst: Burst): number {
    const { quick, sent } = outbox;
    const next = burst.fill(quick, sent, BUDGET / this.#pace);
    let expected = 0;
    for (let index = sent; index < next; index++) expected += quick[index]!.cost;
    outbox.total += next - sent;
    outbox.sent = next;
    if (next === quick.length) {
      quick.length = 0;
      outbox.sent = 0;
    }
    return expected;
  }
}
