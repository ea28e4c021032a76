/**
 * Keeps routes when the kernel takes them away or the world around them changes: IPv4 routes vanish without a word when their
 * device goes down or loses its last address; a next hop without an interface may move; a refused route may become possible.
 */

import type { Key } from '../../../model/key.ts';
import type { KernelEvent } from '../../../kernel/events/events.ts';
import { listLinks } from '../../../kernel/netlink/link.ts';
import type { Route as KernelRouteEntry } from '../../../kernel/netlink/route.ts';
import { routeProtocols } from '../../../kernel/pipeline/numbers.ts';
import type { Scheduler } from '../../../scheduler/scheduler.ts';
import { addressNewsOf } from '../../kernel/address-news.ts';
import type { AddressChange } from '../../kernel/address-news.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { NextHops } from '../../kernel/next-hops.ts';
import type { Recursive } from '../../kernel/next-hops.ts';
import type { KernelRoute, KernelWay } from '../kernel-metadata.ts';
import { placeHash, samePlace, sameWay } from './path.ts';
import { KeyIndex } from '../../key-index.ts';

export class Upkeep {
  readonly #engine: KernelEngine;
  readonly #known = new Map<Key, KernelRoute>();
  /** By `placeHash`, which several places may share. */
  readonly #byPlace = new KeyIndex<number>();
  readonly #byLink = new KeyIndex<number>();
  readonly #followed = new Map<Key, { readonly recursive: Recursive; readonly way: KernelWay | undefined }>();
  /**
   * Until when a next hop that is not reachable may still become so without that being a failure; ms of performance.now(),
   * 0 when that is over.
   */
  readonly #patience = new Map<Key, number>();
  readonly #failed = new Set<Key>();
  #scheduler: Scheduler | undefined;
  #timer: NodeJS.Timeout | undefined;
  #overdue: NodeJS.Timeout | undefined;

  constructor(engine: KernelEngine) {
    this.#engine = engine;
  }

  /** This path is in the kernel. */
  remember(key: Key, route: KernelRoute): void {
    this.#failed.delete(key);
    const known = this.#known.get(key);
    if (known === route) return;
    if (known) this.#unlink(key, known);
    this.#known.set(key, route);
    this.#byPlace.add(placeHash(route), key);
    if (route.link !== undefined) this.#byLink.add(route.link, key);
  }

  forget(key: Key): void {
    this.#failed.delete(key);
    this.#followed.delete(key);
    this.#patience.delete(key);
    const known = this.#known.get(key);
    if (!known) return;
    this.#unlink(key, known);
    this.#known.delete(key);
  }

  /** A next hop that is not reachable is looked up when something changes, anything else is tried again. */
  failed(key: Key): void {
    const patience = this.#patience.get(key);
    const followed = this.#followed.get(key);
    this.forget(key);
    if (patience !== undefined) this.#patience.set(key, patience);
    if (followed && !followed.way) this.#followed.set(key, followed);
    else this.#failed.add(key);
  }

  /** The way that this path takes in the kernel; undefined: none, so it is looked at again when its next hop has one. */
  follow(key: Key, recursive: Recursive, way: KernelWay | undefined): void {
    this.#followed.set(key, { recursive, way });
    if (way) this.#patience.delete(key);
  }

  /**
   * True for a while after a next hop was found unreachable for the first time: the address or route that leads there may be
   * in the same commit. When that is over, the path is looked at again and fails with the reason.
   */
  hasPatience(key: Key): boolean {
    const now = performance.now();
    const end = this.#patience.get(key) ?? now + PATIENCE;
    this.#patience.set(key, end);
    if (now >= end) return false;
    this.#overdue ??= setTimeout(() => this.#losePatience(), PATIENCE + 1).unref();
    return true;
  }

  #losePatience(): void {
    this.#overdue = undefined;
    const now = performance.now();
    const waiting = [...this.#patience].filter(([, end]) => end > 0);
    const overdue = waiting.filter(([, end]) => end <= now).map(([key]) => key);
    for (const key of overdue) this.#patience.set(key, 0);
    this.#recheck(overdue, 'a next hop is not reachable');
    if (overdue.length < waiting.length) this.#overdue = setTimeout(() => this.#losePatience(), PATIENCE).unref();
  }

  /** Routes or addresses changed: next hops may be elsewhere, what failed may be possible. */
  routesChanged(): void {
    if (this.#scheduler === undefined || this.#timer !== undefined) return;
    if (this.#failed.size === 0 && this.#followed.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#lookAgain();
    }, CALM);
    this.#timer.unref();
  }

  async watch(scheduler: Scheduler, signal: AbortSignal): Promise<void> {
    const { driver } = this.#engine;
    this.#scheduler = scheduler;
    const up = new Map<number, boolean>();
    const stop = driver.events.subscribe((event) => this.#heed(event, up));
    const stopNews = addressNewsOf(this.#engine).subscribe((change) => this.#addressChanged(change));
    signal.addEventListener(
      'abort',
      () => {
        stop();
        stopNews();
        clearTimeout(this.#timer);
        clearTimeout(this.#overdue);
        this.#scheduler = undefined;
      },
      { once: true },
    );
    for (const link of await driver.rtnl(driver.vswitch).dump(listLinks())) {
      if (!up.has(link.index)) up.set(link.index, link.up);
    }
  }

  #heed(event: KernelEvent, up: Map<number, boolean>): void {
    if (event.type === 'resync') return this.#recheck(this.#known.keys(), 'events of the kernel were lost');
    if (event.namespace.id !== this.#engine.driver.vswitch.id) return;
    if (event.type === 'link') {
      const { index, name, up: isUp } = event.value;
      const wasUp = up.get(index);
      if (event.action === 'removed') up.delete(index);
      else up.set(index, isUp);
      if (event.action === 'removed' || !isUp || wasUp === isUp) return;
      this.#recheck(this.#byLink.get(index), `${name} came up`);
      this.routesChanged();
    } else if (event.type === 'address') {
      this.#addressChanged({ link: event.value.link, removed: event.action === 'removed' });
    } else if (event.type === 'route') {
      this.#heedRoute(event.value);
    }
  }

  #heedRoute(route: KernelRouteEntry): void {
    const keys = this.#byPlace.get(placeHash(route)).filter((key) => samePlace(this.#known.get(key)!, route));
    this.#recheck(keys, 'a route was changed by somebody else');
    if (route.protocol !== routeProtocols.route) this.routesChanged();
  }

  #addressChanged({ link, removed }: AddressChange): void {
    // The kernel tells of the address first and takes the routes then.
    if (removed && this.#byLink.get(link).length > 0)
      setTimeout(() => this.#recheck(this.#byLink.get(link), 'an address went'), CALM).unref();
    this.routesChanged();
  }

  async #lookAgain(): Promise<void> {
    const { driver } = this.#engine;
    const nextHops = new NextHops(driver.rtnl(driver.vswitch));
    this.#recheck(this.#failed, 'the network around a refused route changed');
    const moved: Key[] = [];
    await Promise.all(
      [...this.#followed].map(async ([key, { recursive, way }]) => {
        const now = await nextHops.find(recursive).catch(() => undefined);
        if (now && way ? !sameWay(now, way) : now !== way) moved.push(key);
      }),
    );
    this.#recheck(moved, 'a next hop moved');
  }

  #recheck(keys: Iterable<Key> | undefined, reason: string): void {
    if (!keys || !this.#scheduler) return;
    const list = [...keys];
    if (list.length > 0) this.#scheduler.recheck(list, reason);
  }

  #unlink(key: Key, route: KernelRoute): void {
    this.#byPlace.remove(placeHash(route), key);
    if (route.link !== undefined) this.#byLink.remove(route.link, key);
  }
}

/** Milliseconds: a burst of changes is one. */
const CALM = 20;
/** Milliseconds. */
const PATIENCE = 1_000;
