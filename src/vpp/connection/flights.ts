/** Requests whose replies are awaited, by their context. */

import { VppError } from '../errors.ts';
import type { Call } from './message-table.ts';

/**
 * One request on its way. Hundreds of thousands may wait at once: each is one object, without closures, or collecting garbage would take
 * longer than asking.
 */
export abstract class Flight {
  readonly call: Call;
  /** Time-out in ms, and when it ends (`performance.now()`). */
  readonly timeout: number;
  context = 0;
  deadline = 0;
  /** Those that end with the same signal. */
  aborted: Set<Flight> | undefined = undefined;

  constructor(call: Call, timeout: number) {
    this.call = call;
    this.timeout = timeout;
  }

  get api(): string {
    return this.call.name;
  }

  /** What is asked; needed until it is sent. */
  abstract readonly fields: object;

  /** Takes a message with the flight's context; true when it was the last one. */
  abstract receive(api: string, fields: object): boolean;

  /** The message cannot be read, or nothing comes any more. */
  fail(error: VppError): void {
    this.release();
    this.refuse(error);
  }

  /** When it was sent (`performance.now()`). */
  protected begun(): number {
    return this.deadline - this.timeout;
  }

  /** It is answered to the end. */
  protected succeed(): void {
    const ms = performance.now() - this.begun();
    // The ping behind a list has no time-out: it is no request of anybody's.
    if (Number.isFinite(ms)) this.call.count.succeed(ms);
  }

  protected refuse(error: VppError): void {
    this.call.count.fail(error.reason ?? error.code);
    this.reject(error);
  }

  /** Waits for its signal no longer. */
  release(): void {
    this.aborted?.delete(this);
  }

  protected abstract readonly reject: (error: VppError) => void;
}

/** Contexts of given-up requests that are remembered, so that their late replies are known for what they are. */
const REMEMBERED = 4096;

export class Flights {
  readonly #flying = new Map<number, Flight>();
  readonly #abandoned = new Map<number, string>();
  #last = 0;
  /** Replies that came after their request was given up. */
  late = 0;
  /** Messages with a context that nobody asked with. */
  unmatched = 0;

  /** Requests so far, those that nobody waits for any more or that VPP was lost over, and messages that answered one. */
  started = 0;
  failed = 0;
  replies = 0;

  get size(): number {
    return this.#flying.size;
  }

  start(flight: Flight, now: number): void {
    this.started++;
    flight.call.count.sent++;
    do this.#last = (this.#last + 1) >>> 0;
    while (this.#last === 0 || this.#flying.has(this.#last) || this.#abandoned.has(this.#last));
    flight.context = this.#last;
    flight.deadline = now + flight.timeout;
    this.#flying.set(flight.context, flight);
  }

  find(context: number): Flight | undefined {
    return this.#flying.get(context);
  }

  finish(flight: Flight): void {
    this.#flying.delete(flight.context);
    flight.release();
  }

  /** Nobody waits for it any more. VPP may still answer. */
  abandon(flight: Flight): void {
    if (!this.#flying.delete(flight.context)) return;
    this.failed++;
    this.#abandoned.set(flight.context, flight.api);
    if (this.#abandoned.size <= REMEMBERED) return;
    for (const context of this.#abandoned.keys()) {
      this.#abandoned.delete(context);
      break;
    }
  }

  /** Counts a message that no flight waits for. Returns what it answers, if that was given up. */
  stray(context: number): string | undefined {
    const api = this.#abandoned.get(context);
    if (api === undefined) this.unmatched++;
    else this.late++;
    return api;
  }

  expire(now: number): void {
    for (const flight of this.#flying.values()) {
      if (flight.deadline > now) continue;
      this.abandon(flight);
      flight.fail(
        new VppError('timeout', `${flight.api}: no reply within ${flight.timeout} ms; VPP may still carry it out`, {
          api: flight.api,
        }),
      );
    }
  }

  failAll(error: VppError): void {
    const flying = [...this.#flying.values()];
    this.#flying.clear();
    this.failed += flying.length;
    for (const flight of flying) flight.fail(error);
  }
}
