/** Linux interfaces whose named namespace came or went are looked at. */

import { NetNamespace_ReferenceType } from '../../../model/gen/ligato/linux/namespace/namespace_pb.js';
import type { Interface } from '../../../model/gen/ligato/linux/interfaces/interface_pb.js';
import type { GraphNode, Scheduler } from '../../../scheduler/scheduler.ts';
import type { KernelEngine } from '../../kernel-engine.ts';
import type { KernelNotifier } from '../../kernel-notifier.ts';
import type { KernelLinuxInterface } from '../kernel-metadata.ts';
import { LINUX_INTERFACE_PREFIX } from '../model/keys.ts';

export class NamespaceWatch {
  readonly #engine: KernelEngine;
  readonly #scheduler: Scheduler;
  readonly #notifier: KernelNotifier;
  readonly #names = new Set<string>();

  constructor(engine: KernelEngine, scheduler: Scheduler, notifier: KernelNotifier) {
    this.#engine = engine;
    this.#scheduler = scheduler;
    this.#notifier = notifier;
  }

  /** Many may change at once: the Linux interfaces are gone through once for all of them. */
  changed(name: string): void {
    if (this.#names.size === 0) setTimeout(() => this.#look(), PATIENCE).unref();
    this.#names.add(name);
  }

  #look(): void {
    const names = new Set(this.#names);
    this.#names.clear();
    for (const node of this.#scheduler.snapshot().nodes({ prefix: LINUX_INTERFACE_PREFIX })) {
      const namespace = (node.desired as Interface | null)?.namespace;
      if (namespace?.type !== NetNamespace_ReferenceType.NSID || !names.has(namespace.reference)) continue;
      if (this.#isElsewhere(node)) this.#notifier.recheck(node.key, `namespace ${namespace.reference} changed`);
    }
  }

  /** Not made, or made in a namespace that is not the one of this name any more. */
  #isElsewhere({ applied, metadata }: GraphNode): boolean {
    const namespace = (metadata as KernelLinuxInterface | undefined)?.namespace;
    return applied === null || namespace === undefined || !this.#engine.driver.namespaces.alive(namespace);
  }
}

/** ms */
const PATIENCE = 50;
