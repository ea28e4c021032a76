/**
 * Carries out what the ports were asked for. Runs when the event loop has nothing else to do, one send after the other, round
 * the namespaces, and gives the loop back every few milliseconds.
 */

import type { Namespace } from '../namespace/namespace.ts';
import type { NetlinkSocket } from '../netlink/socket.ts';
import { Burst } from './burst.ts';
import type { Entry } from './entry.ts';
import { openSocket } from './open.ts';
import type { NetlinkProtocol } from './open.ts';
import { SlowLane } from './slow-lane.ts';
import { nextTurn } from './turn.ts';

/** ms of work in one turn of the event loop. */
const TURN = 4;
/** µs of kernel time one send should take. */
const BUDGET = 3000;
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
  /** Stays open, for a namespace of our own; others are opened for each send. */
  socket: NetlinkSocket | undefined;
}

export class RtnlEngine {
  readonly buffer = Buffer.allocUnsafeSlow(RECEIVE_BUFFER);
  readonly #ready: Outbox[] = [];
  readonly #burst = new Burst();
  readonly #slowLane = new SlowLane(this.buffer);
  #running: Promise<void> | undefined;
  /** Measured cost : expected cost, of late. */
  #pace = 1;
  #closed = false;

  /** There is something in the outbox. */
  wake(outbox: Outbox): void {
    if (!outbox.waiting) {
      outbox.waiting = true;
      this.#ready.push(outbox);
    }
    this.#running ??= this.#run();
  }

  /** Resolves when all that was asked for has been answered. */
  async idle(): Promise<void> {
    while (this.#running || this.#slowLane.busy) {
      await this.#running;
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

  async #run(): Promise<void> {
    await nextTurn();
    let since = performance.now();
    for (let outbox = this.#ready.shift(); outbox; outbox = this.#ready.shift()) {
      outbox.waiting = false;
      if (outbox.sent < outbox.quick.length) {
        if (this.#slowLane.removing) await this.#sendFromThread(outbox);
        else this.#send(outbox);
      }
      this.#startSlow(outbox);
      if (outbox.sent < outbox.quick.length) this.#again(outbox);
      if (this.#ready.length > 0 && performance.now() - since > TURN) {
        await nextTurn();
        since = performance.now();
      }
    }
    this.#running = undefined;
  }

  #again(outbox: Outbox): void {
    if (outbox.waiting) return;
    outbox.waiting = true;
    this.#ready.push(outbox);
  }

  #startSlow(outbox: Outbox): void {
    const ripe: Entry[] = [];
    while (outbox.slow.length > 0 && outbox.slow[0]!.after <= outbox.total) ripe.push(outbox.slow.shift()!.entry);
    if (ripe.length > 0) this.#slowLane.start(outbox.namespace, ripe);
  }

  /** The usual way: the kernel carries it out before the send returns, in microseconds. */
  #send(outbox: Outbox): void {
    const start = performance.now();
    const expected = this.#fill(outbox);
    try {
      const socket = outbox.socket ?? openSocket(outbox.namespace, outbox.protocol);
      try {
        this.#burst.exchange(socket, this.buffer, outbox.namespace.label);
      } finally {
        if (!outbox.socket) socket.close();
      }
    } catch (error) {
      this.#burst.failAll(error);
    }
    const measured = (performance.now() - start) * 1000;
    if (expected > 500) this.#pace = Math.min(20, Math.max(0.2, this.#pace * 0.7 + (measured / expected) * 0.3));
  }

  /** While links are being removed the event loop must not wait for the kernel's lock. */
  async #sendFromThread(outbox: Outbox): Promise<void> {
    this.#fill(outbox);
    try {
      const socket = openSocket(outbox.namespace, outbox.protocol);
      try {
        await this.#burst.exchangeAsync(socket, this.buffer, outbox.namespace.label);
      } finally {
        socket.close();
      }
    } catch (error) {
      this.#burst.failAll(error);
    }
  }

  /** Moves entries from the outbox into the burst; returns their expected cost in µs. */
  #fill(outbox: Outbox): number {
    const { quick, sent } = outbox;
    const next = this.#burst.fill(quick, sent, BUDGET / this.#pace);
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
