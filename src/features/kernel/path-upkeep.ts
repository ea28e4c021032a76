/**
 * Looks again at path tables (path-table.ts) when the kernel takes their routes away, their devices come up, somebody
 * changes them or their rules, or a next hop without an interface is elsewhere.
 */

import type { Ip } from '../../model/address.ts';
import type { Key } from '../../model/key.ts';
import type { KernelEvent } from '../../kernel/events/events.ts';
import type { NumberRange } from '../../kernel/pipeline/numbers.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { KernelEngine } from './engine.ts';
import { KernelNotifier } from './notifier.ts';
import { NextHops, wayText } from './next-hops.ts';

/** What a table depends on. */
export interface Followed {
  /** Indices of devices. */
  readonly links: ReadonlySet<number>;
  /** Next hops that are looked up, and the ways that were found (wayText); undefined: none. */
  readonly nextHops: readonly { readonly gateway: Ip; readonly way: string | undefined }[];
}

/** Numbers that events know a feature's objects by. */
export interface PathNumbers {
  readonly tables: NumberRange;
  readonly rules: NumberRange;
}

export class PathUpkeep {
  readonly #engine: KernelEngine;
  readonly #numbers: PathNumbers;
  readonly #tables = new Map<number, Map<Key, Followed>>();
  #notifier: KernelNotifier | undefined;
  #scheduler: Scheduler | undefined;
  /** Ends the listening to what the agent itself does, which goes on only while there is a table: every value is told. */
  #following: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(engine: KernelEngine, numbers: PathNumbers) {
    this.#engine = engine;
    this.#numbers = numbers;
  }

  remember(key: Key, table: number, followed: Followed): void {
    const users = this.#tables.get(table);
    if (users) users.set(key, followed);
    else this.#tables.set(table, new Map([[key, followed]]));
    this.#follow();
  }

  forget(key: Key, table: number): void {
    const users = this.#tables.get(table);
    users?.delete(key);
    if (users?.size === 0) this.#tables.delete(table);
    if (this.#tables.size === 0) this.#unfollow();
  }

  /** Until the signal is aborted. */
  watch(scheduler: Scheduler, signal: AbortSignal): Promise<void> {
    this.#notifier = new KernelNotifier(scheduler, signal);
    this.#scheduler = scheduler;
    const stop = this.#engine.driver.events.subscribe((event) => this.#heed(event));
    signal.addEventListener(
      'abort',
      () => {
        stop();
        clearTimeout(this.#timer);
        this.#notifier = undefined;
        this.#scheduler = undefined;
        this.#unfollow();
      },
      { once: true },
    );
    if (this.#tables.size > 0) this.#follow();
    return Promise.resolve();
  }

  /** What the agent itself does to addresses and routes is no event. */
  #follow(): void {
    if (this.#following || !this.#scheduler) return;
    this.#following = new AbortController();
    for (const kind of ['vpp.interfaces', 'vpp.route'])
      void this.#listen(this.#scheduler, kind, this.#following.signal);
  }

  #unfollow(): void {
    this.#following?.abort();
    this.#following = undefined;
  }

  async #listen(scheduler: Scheduler, kind: string, signal: AbortSignal): Promise<void> {
    for await (const _status of scheduler.watch({ kind }, signal)) this.#lookAgain();
  }

  #heed(event: KernelEvent): void {
    if (event.type === 'resync') return this.#recheck(() => true, 'events of the kernel were lost');
    if (event.namespace.id !== this.#engine.driver.vswitch.id) return;
    if (event.type === 'link') {
      const { index, name } = event.value;
      this.#recheck((_table, { links }) => links.has(index), `${name} changed`);
    } else if (event.type === 'address') {
      const { link } = event.value;
      // The kernel tells of the address first and takes the routes then.
      if (event.action === 'removed') this.#recheck((_table, { links }) => links.has(link), 'an address went');
      this.#lookAgain();
    } else if (event.type === 'route') {
      const { table } = event.value;
      if (isIn(this.#numbers.tables, table))
        this.#recheck((id) => id === table, 'a route was changed by somebody else');
      else this.#lookAgain();
    } else if (event.type === 'rule') {
      const { priority, table } = event.value;
      if (!isIn(this.#numbers.rules, priority)) return;
      this.#recheck((id) => id === table, 'a rule was changed by somebody else');
    }
  }

  #recheck(concerns: (table: number, followed: Followed) => boolean, reason: string): void {
    for (const [table, users] of this.#tables) {
      for (const [key, followed] of users) if (concerns(table, followed)) this.#notifier?.recheck(key, reason);
    }
  }

  /** Next hops may be elsewhere; a burst of changes is one. */
  #lookAgain(): void {
    if (this.#timer !== undefined || !this.#notifier || this.#tables.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#findMoved();
    }, CALM);
    this.#timer.unref();
  }

  async #findMoved(): Promise<void> {
    const { driver } = this.#engine;
    const nextHops = new NextHops(driver.rtnl(driver.vswitch));
    const followed = [...this.#tables.values()].flatMap((users) => [...users]);
    for (const [key, { nextHops: before }] of followed) {
      for (const { gateway, way } of before) {
        const now = await nextHops.find({ gateway, vrf: undefined, vrfId: 0 }).catch(() => undefined);
        if ((now && wayText(now)) !== way) this.#notifier?.recheck(key, 'a next hop moved');
      }
    }
  }
}

function isIn({ first, last }: NumberRange, number: number): boolean {
  return number >= first && number <= last;
}

/** Milliseconds. */
const CALM = 20;
