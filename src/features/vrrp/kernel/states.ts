/** Tells who is master: keepalived puts the virtual addresses on the virtual router's device while this machine is. */

import { formatIp, parseIp } from '../../../model/address.ts';
import type { Key } from '../../../model/key.ts';
import { listAddresses } from '../../../kernel/netlink/address.ts';
import { listLinks } from '../../../kernel/netlink/link.ts';
import type { Scheduler } from '../../../scheduler/scheduler.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { KernelNotifier } from '../../kernel/notifier.ts';
import { vrrpState, vrrpStateKey } from '../model.ts';
import type { VrrpState } from '../model.ts';
import { virtualDevice } from './configuration.ts';
import type { Placed } from './configuration.ts';

interface Followed {
  readonly router: Placed;
  state: VrrpState['state'] | undefined;
}

export class VrrpStates {
  readonly #engine: KernelEngine;
  readonly #routers = new Map<Key, Followed>();
  #notifier: KernelNotifier | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(engine: KernelEngine) {
    this.#engine = engine;
  }

  follow(router: Placed): void {
    const known = this.#routers.get(router.key);
    if (!router.value.enabled) return this.forget(router.key);
    this.#routers.set(router.key, { router, state: known?.state });
    this.#lookSoon();
  }

  forget(key: Key): void {
    const known = this.#routers.get(key);
    this.#routers.delete(key);
    if (known?.state !== undefined) this.#tell(known.router, known.state, false);
  }

  watch(scheduler: Scheduler, signal: AbortSignal): void {
    const { driver } = this.#engine;
    this.#notifier = new KernelNotifier(scheduler, signal);
    const stop = driver.events.subscribe((event) => {
      if (event.type === 'resync') return this.#lookSoon();
      if (event.type === 'address' && event.namespace.id === driver.vswitch.id) this.#lookSoon();
    });
    signal.addEventListener(
      'abort',
      () => {
        stop();
        clearTimeout(this.#timer);
        this.#notifier = undefined;
      },
      { once: true },
    );
    this.#lookSoon();
  }

  /** Several addresses come at once. */
  #lookSoon(): void {
    if (this.#timer !== undefined || this.#routers.size === 0 || !this.#notifier) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#look().catch(() => this.#lookSoon());
    }, CALM);
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    const rtnl = this.#engine.driver.rtnl(this.#engine.driver.vswitch);
    const [links, addresses] = await Promise.all([rtnl.dump(listLinks()), rtnl.dump(listAddresses())]);
    const names = new Map(links.map(({ index, name }) => [index, name]));
    const there = new Set(addresses.map(({ link, address }) => `${names.get(link)} ${formatIp(address.address)}`));
    for (const followed of this.#routers.values()) {
      const { value, device } = followed.router;
      const first = parseIp(value.ipAddresses[0]!)!;
      const name = virtualDevice(value.vrId, first.family, device);
      const isMaster = there.has(`${name} ${formatIp(first)}`);
      const state = isMaster ? 'MASTER' : 'BACKUP';
      if (state === followed.state) continue;
      if (followed.state !== undefined) this.#tell(followed.router, followed.state, false);
      followed.state = state;
      this.#tell(followed.router, state, true);
    }
  }

  #tell({ value: { interface: name, vrId } }: Placed, state: VrrpState['state'], holds: boolean): void {
    const value: VrrpState | null = holds ? { interface: name, vrId, state } : null;
    this.#notifier?.notify({ key: vrrpStateKey(name, vrId, state), kind: vrrpState.name, value });
  }
}

/** Milliseconds. */
const CALM = 20;
