/**
 * Looks again at objects that the kernel, or somebody else, may have taken away: routes vanish when their device goes down or
 * loses its last address, neighbours when it goes down or gets another MAC address.
 */

import { formatIp, formatPrefix } from '../../model/address.ts';
import type { Ip, Prefix } from '../../model/address.ts';
import type { Key } from '../../model/key.ts';
import type { KernelEvent } from '../../kernel/events/events.ts';
import type { Namespace } from '../../kernel/namespace/namespace.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { KernelEngine } from './engine.ts';
import { KeyIndex } from '../key-index.ts';

/** Where an object is. */
export interface Watched {
  readonly namespace: Namespace;
  readonly link: number;
  /** What events call it: `routePlace`, `neighbourPlace`. */
  readonly place: string;
  /** It changes by itself, so that only its removal counts. */
  readonly changes?: boolean;
  /** Whether the device is up: an object that waits for it is looked at when it comes up. */
  readonly up?: boolean;
}

export function routePlace({
  destination,
  table,
  metric,
}: {
  readonly destination: Prefix;
  readonly table: number;
  readonly metric: number;
}): string {
  return `${formatPrefix(destination)} ${table} ${metric}`;
}

export function neighbourPlace(link: number, address: Ip): string {
  return `${link} ${formatIp(address)}`;
}

interface Place extends Watched {
  /** `Watched.place` in its namespace. */
  readonly here: string;
  readonly device: string;
}

/** One for each kind of object. */
export class KernelUpkeep {
  readonly #engine: KernelEngine;
  readonly #places = new Map<Key, Place>();
  readonly #byPlace = new KeyIndex<string>();
  readonly #byDevice = new KeyIndex<string>();
  readonly #namespaces = new Map<string, { users: number; readonly stop: () => void }>();
  /** Whether a device was up when last heard of. */
  readonly #up = new Map<string, boolean>();
  #scheduler: Scheduler | undefined;

  constructor(engine: KernelEngine) {
    this.#engine = engine;
  }

  /** The object is there. */
  remember(key: Key, watched: Watched): void {
    const { namespace, link, place } = watched;
    const here = `${namespace.id} ${place}`;
    const device = `${namespace.id} ${link}`;
    if (watched.up === false) this.#up.set(device, false);
    const known = this.#places.get(key);
    if (known?.here === here && known.device === device) return;
    if (known) this.forget(key);
    this.#places.set(key, { ...watched, here, device });
    this.#byPlace.add(here, key);
    this.#byDevice.add(device, key);
    const open = this.#namespaces.get(namespace.id);
    if (open) open.users++;
    else this.#namespaces.set(namespace.id, { users: 1, stop: this.#engine.driver.events.watch(namespace) });
  }

  forget(key: Key): void {
    const known = this.#places.get(key);
    if (!known) return;
    this.#places.delete(key);
    this.#byPlace.remove(known.here, key);
    if (this.#byDevice.remove(known.device, key)) this.#up.delete(known.device);
    const open = this.#namespaces.get(known.namespace.id);
    if (!open || --open.users > 0) return;
    open.stop();
    this.#namespaces.delete(known.namespace.id);
  }

  /** Until the signal is aborted. */
  watch(scheduler: Scheduler, signal: AbortSignal): void {
    this.#scheduler = scheduler;
    const stop = this.#engine.driver.events.subscribe((event) => this.#heed(event));
    const end = (): void => {
      stop();
      this.#scheduler = undefined;
      for (const open of this.#namespaces.values()) open.stop();
      this.#namespaces.clear();
    };
    signal.addEventListener('abort', end, { once: true });
  }

  #heed(event: KernelEvent): void {
    if (event.type === 'resync') return this.#recheck(this.#places.keys(), 'events of the kernel were lost');
    const { id } = event.namespace;
    if (event.type === 'link') {
      const device = `${id} ${event.value.index}`;
      const keys = this.#byDevice.get(device);
      if (keys.length === 0) return;
      if (event.action === 'removed') return this.#recheck(keys, `${event.value.name} was removed`);
      const wasUp = this.#up.get(device);
      this.#up.set(device, event.value.up);
      if (event.value.up && wasUp === false) this.#recheck(keys, `${event.value.name} came up`);
    } else if (event.type === 'address') {
      const device = `${id} ${event.value.link}`;
      // The kernel tells of the address first and takes the routes then.
      if (event.action === 'removed')
        setTimeout(() => this.#recheck(this.#byDevice.get(device), 'an address went'), CALM).unref();
    } else if (event.type === 'route') {
      this.#recheck(this.#byPlace.get(`${id} ${routePlace(event.value)}`), 'a route was changed by somebody else');
    } else if (event.type === 'neighbour') {
      const keys = this.#byPlace.get(`${id} ${neighbourPlace(event.value.link, event.value.address)}`);
      const counts = (key: Key): boolean => event.action === 'removed' || this.#places.get(key)?.changes !== true;
      this.#recheck(keys.filter(counts), 'a neighbour was changed by somebody else');
    }
  }

  #recheck(keys: Iterable<Key>, reason: string): void {
    const list = [...keys];
    if (list.length > 0) this.#scheduler?.recheck(list, reason);
  }
}

/** Milliseconds. */
const CALM = 20;

/** One upkeep for each engine, for `kernelHandlers` and `watch` of a feature. */
export function upkeeps(): (engine: KernelEngine) => KernelUpkeep {
  const known = new WeakMap<KernelEngine, KernelUpkeep>();
  return (engine) => {
    let upkeep = known.get(engine);
    if (!upkeep) known.set(engine, (upkeep = new KernelUpkeep(engine)));
    return upkeep;
  };
}
