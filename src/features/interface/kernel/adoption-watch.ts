/** Interfaces that wait for a device of the host (AF_PACKET) are looked at when one of that name appears. */

import { Interface_Type } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Link } from '../../../kernel/netlink/link.ts';
import type { Scheduler } from '../../../scheduler/scheduler.ts';
import type { KernelNotifier } from '../../kernel/notifier.ts';
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
      const wanted = desired as Interface | null;
      if (applied !== null || !wanted || !mayBe(wanted, names)) continue;
      this.#notifier.recheck(key, `a host device appeared: ${[...names].join(', ')}`);
    }
  }
}

/** Of a card that is known by its PCI address only the host knows the name. */
function mayBe({ type, link }: Interface, names: ReadonlySet<string>): boolean {
  if (link.case === 'afpacket' || link.case === 'rdma') return names.has(link.value.hostIfName);
  return type === Interface_Type.DPDK || type === Interface_Type.VMXNET3_INTERFACE;
}

/** ms */
const PATIENCE = 50;
