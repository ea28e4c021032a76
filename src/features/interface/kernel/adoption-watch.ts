/** Interfaces that wait for a device of the host (AF_PACKET) are looked at when one of that name appears. */

import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Link } from '../../../kernel/netlink/link.ts';
import type { Scheduler } from '../../../scheduler/scheduler.ts';
import type { KernelNotifier } from '../../kernel-notifier.ts';
import { INTERFACE_PREFIX } from '../model/keys.ts';

export class AdoptionWatch {
  readonly #scheduler: Scheduler;
  readonly #notifier: KernelNotifier;
  readonly #known = new Map<number, string>();
  readonly #appeared = new Set<string>();

  constructor(scheduler: Scheduler, notifier: KernelNotifier) {
    this.#scheduler = scheduler;
    this.#notifier = notifier;
  }

  see({ index, name }: Link): void {
    if (this.#known.get(index) === name) return;
    this.#known.set(index, name);
    if (this.#appeared.size === 0) setTimeout(() => this.#look(), PATIENCE).unref();
    this.#appeared.add(name);
  }

  forget({ index }: Link): void {
    this.#known.delete(index);
  }

  /** Many devices may appear at once: the interfaces are gone through once for all of them. */
  #look(): void {
    const names = new Set(this.#appeared);
    this.#appeared.clear();
    for (const { key, applied, desired } of this.#scheduler.snapshot().nodes({ prefix: INTERFACE_PREFIX })) {
      const link = (desired as Interface | null)?.link;
      if (applied !== null || link?.case !== 'afpacket' || !names.has(link.value.hostIfName)) continue;
      this.#notifier.recheck(key, `host device ${link.value.hostIfName} appeared`);
    }
  }
}

/** ms */
const PATIENCE = 50;
