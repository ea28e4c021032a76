/** `Notify`: links of interfaces that came, went, rose or fell, numbered and kept for clients that come later. */

import { create } from '@bufbuild/protobuf';
import {
  type Notification,
  type NotifyResponse,
  NotifyResponseSchema,
} from '../../model/gen/ligato/configurator/configurator_pb.js';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { InterfaceState, InterfaceStates } from '../interfaces/interface-states.ts';
import { linkNotification } from './interface-messages.ts';
import { matchesFilter } from './notification-filter.ts';

/** As many as Ligato keeps. */
const kept = 10_000;
/** ms in which changes of links gather before they are looked at. */
const patience = 50;

export class InterfaceNotifications {
  readonly #scheduler: Scheduler;
  readonly #interfaces: InterfaceStates;
  readonly #failed: (error: unknown) => void;
  readonly #ring: NotifyResponse[] = [];
  readonly #links = new Map<string, { readonly link: string; readonly state: InterfaceState }>();
  readonly #waiting = new Set<() => void>();
  readonly #stop = new AbortController();
  #next = 1;
  #timer: NodeJS.Timeout | undefined;
  #started = false;
  #reading = false;

  constructor(scheduler: Scheduler, interfaces: InterfaceStates, failed: (error: unknown) => void) {
    this.#scheduler = scheduler;
    this.#interfaces = interfaces;
    this.#failed = failed;
  }

  /** From number `index` on (0: the oldest that is kept), then as they happen. A change passes when one of the filters fits. */
  async *stream(index: number, filters: readonly Notification[], signal: AbortSignal): AsyncGenerator<NotifyResponse> {
    this.#start();
    let next = index === 0 ? this.#oldest : Math.max(index, this.#oldest);
    while (!signal.aborted) {
      for (; next < this.#next; next++) {
        const response = this.#ring[next % kept];
        const { notification } = response ?? {};
        if (response === undefined || notification === undefined) continue;
        if (filters.length === 0 || filters.some((filter) => matchesFilter(filter, notification))) yield response;
        // A slow client has been overtaken: the numbers show it what it missed.
        next = Math.max(next, this.#oldest - 1);
      }
      await this.#news(signal);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#stop.abort();
  }

  get #oldest(): number {
    return Math.max(1, this.#next - kept);
  }

  /** From the first client on: nobody else wants to know, and each change costs a look at all interfaces. */
  #start(): void {
    if (this.#started) return;
    this.#started = true;
    const look = (): void => this.#lookSoon();
    const stop = this.#interfaces.watch(look);
    this.#stop.signal.addEventListener('abort', stop, { once: true });
    void this.#followStates(look);
    look();
  }

  async #followStates(look: () => void): Promise<void> {
    for await (const { kind } of this.#scheduler.watch({}, this.#stop.signal)) {
      if (kind === 'vpp.interfaces' || kind === 'linux.interfaces.interface') look();
    }
  }

  #lookSoon(): void {
    if (this.#timer !== undefined || this.#stop.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#reading) return this.#lookSoon();
      this.#reading = true;
      this.#look()
        .catch((error: unknown) => this.#stop.signal.aborted || this.#failed(error))
        .finally(() => (this.#reading = false));
    }, patience);
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    const { interfaces } = await this.#interfaces.read(this.#stop.signal);
    const there = new Set<string>();
    for (const state of interfaces) {
      there.add(state.key);
      const link = `${state.admin} ${state.operational} ${state.device} ${state.mac} ${state.mtu}`;
      if (this.#links.get(state.key)?.link === link) continue;
      this.#links.set(state.key, { link, state });
      this.#tell(linkNotification(state, this.#scheduler));
    }
    for (const [key, { state }] of this.#links) {
      if (there.has(key)) continue;
      this.#links.delete(key);
      this.#tell(linkNotification({ ...state, since: Date.now() }, this.#scheduler, true));
    }
  }

  #tell(notification: Notification): void {
    const number = this.#next++;
    this.#ring[number % kept] = create(NotifyResponseSchema, { nextIdx: this.#next, notification });
    for (const wake of [...this.#waiting]) wake();
  }

  #news(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done);
        this.#waiting.delete(done);
        resolve();
      };
      signal.addEventListener('abort', done, { once: true });
      this.#waiting.add(done);
    });
  }
}
