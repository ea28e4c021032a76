/**
 * What happens to the vswitch's devices without us: link states are told to the scheduler; what vanished, went down and up, or lost
 * an address is looked at.
 */

import type { KernelEvent } from '../../../kernel/events/events.ts';
import { listLinks } from '../../../kernel/netlink/link.ts';
import type { Link } from '../../../kernel/netlink/link.ts';
import type { Scheduler } from '../../../scheduler/scheduler.ts';
import { ownMark } from '../../kernel/device.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { KernelNotifier } from '../../kernel/notifier.ts';
import { dhcpLeaseKey, interfaceKey, linkStateKey } from '../model/keys.ts';
import { dhcpLease, linkState } from '../model/part-kinds.ts';
import { AdoptionWatch } from './adoption-watch.ts';
import { TakenCards } from './cards.ts';
import { DhcpClients } from './dhcp-client.ts';
import { interfaceRoles } from './roles.ts';
import { isVxlanTable } from './vxlan-arrivals.ts';
import { tagStackRoles } from './tag-stack.ts';
import { redirectedTunnels } from './vxlan.ts';

export async function watchInterfaces(engine: KernelEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  const { driver } = engine;
  const notifier = new KernelNotifier(scheduler, signal);
  const watch = new LinkWatch(engine, scheduler, notifier);
  const host = new AdoptionWatch(scheduler, notifier);
  const look = async (): Promise<void> => watch.replace(await driver.rtnl(driver.vswitch).dump(listLinks()));
  const lookAtHost = async (): Promise<void> => {
    for (const link of await driver.rtnl(driver.own).dump(listLinks())) host.see(link);
  };
  const again = (looking: () => Promise<void>): void => {
    if (!signal.aborted) looking().catch(() => setTimeout(() => again(looking), LATER).unref());
  };
  const unsubscribe = driver.events.subscribe((event) => {
    if (event.type === 'resync') {
      again(look);
      again(lookAtHost);
    } else if (event.namespace.id === driver.vswitch.id) watch.take(event);
    if (event.type !== 'link' || event.namespace.id !== driver.own.id) return;
    if (event.action === 'set') host.see(event.value);
    else host.forget(event.value);
  });
  DhcpClients.of(engine).listen((name, lease) => {
    notifier.notify({ key: dhcpLeaseKey(name), kind: dhcpLease.name, value: lease });
  }, signal);
  const stopWatching = driver.events.watch(driver.own, () => again(lookAtHost));
  const stopWatchingTunnels = driver.nft(driver.vswitch).watch(isVxlanTable, () => {
    for (const name of redirectedTunnels(engine))
      notifier.recheck(interfaceKey(name), 'what leads to the tunnel changed');
  });
  signal.addEventListener('abort', () => {
    unsubscribe();
    stopWatching();
    stopWatchingTunnels();
  });
  await Promise.all([look(), TakenCards.of(engine).watch(scheduler, signal)]);
}

/** ms until the next attempt to read what could not be read. */
const LATER = 1_000;

interface Device {
  readonly name: string;
  readonly up: boolean;
  readonly carrier: boolean;
  readonly master: number | undefined;
}

class LinkWatch {
  readonly #engine: KernelEngine;
  readonly #scheduler: Scheduler;
  readonly #notifier: KernelNotifier;
  readonly #devices = new Map<number, Device>();
  /** Names of the interfaces whose frames pass these devices. */
  readonly #aids = new Map<number, string>();

  constructor(engine: KernelEngine, scheduler: Scheduler, notifier: KernelNotifier) {
    this.#engine = engine;
    this.#scheduler = scheduler;
    this.#notifier = notifier;
  }

  take(event: KernelEvent): void {
    if (event.type === 'link') {
      if (event.action === 'set') this.#see(event.value);
      else this.#forget(event.value.index);
    } else if (event.type === 'address' && event.action === 'removed') {
      const device = this.#devices.get(event.value.link);
      if (device) this.#notifier.recheck(interfaceKey(device.name), 'an address was removed');
    }
  }

  replace(links: readonly Link[]): void {
    const there = new Set(links.map((link) => link.index));
    for (const index of [...this.#devices.keys(), ...this.#aids.keys()]) if (!there.has(index)) this.#forget(index);
    for (const link of links) this.#see(link);
  }

  #see(link: Link): void {
    const mark = ownMark(this.#engine, link);
    if (mark && tagStackRoles.has(mark.role)) this.#aids.set(link.index, mark.name);
    if (!mark || !interfaceRoles.has(mark.role)) return;
    const before = this.#devices.get(link.index);
    const now: Device = { name: mark.name, up: link.up, carrier: link.up && link.lowerUp, master: link.master };
    this.#devices.set(link.index, now);
    if (before?.carrier !== now.carrier) this.#tell(now.name, now.carrier ? 'UP' : 'DOWN');
    if (before?.master !== undefined && before.master !== now.master) {
      this.#notifier.recheck(interfaceKey(now.name), 'the device left its master');
      const master = this.#devices.get(before.master);
      if (master) this.#notifier.recheck(interfaceKey(master.name), `${now.name} left the bond`);
    }
    if (!before || before.up === now.up) return;
    // The kernel took routes and IPv6 addresses away with the link, and somebody else may have taken it down.
    this.#notifier.recheck(interfaceKey(now.name), now.up ? 'the link came up' : 'the link went down');
  }

  #forget(index: number): void {
    const aided = this.#aids.get(index);
    if (this.#aids.delete(index)) this.#notifier.recheck(interfaceKey(aided!), 'a device that it needs vanished');
    const device = this.#devices.get(index);
    if (!device) return;
    this.#devices.delete(index);
    for (const state of ['UP', 'DOWN'] as const) this.#withdraw(device.name, state);
    const key = interfaceKey(device.name);
    this.#notifier.recheck(key, 'the device vanished');
    // What is in the device went with it (peers of WireGuard), and its loss is no event.
    for (const dependant of this.#scheduler.dependants(key)) this.#notifier.recheck(dependant, 'the device vanished');
  }

  #tell(name: string, state: 'UP' | 'DOWN'): void {
    this.#withdraw(name, state === 'UP' ? 'DOWN' : 'UP');
    this.#notifier.notify({ key: linkStateKey(name, state), kind: linkState.name, value: { interface: name, state } });
  }

  #withdraw(name: string, state: 'UP' | 'DOWN'): void {
    this.#notifier.notify({ key: linkStateKey(name, state), kind: linkState.name, value: null });
  }
}
