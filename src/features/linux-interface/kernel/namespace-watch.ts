/** Linux interfaces whose named namespace came or went are looked at. */

import { NetNamespace_ReferenceType } from '../../../model/gen/ligato/linux/namespace/namespace_pb.js';
import type { Interface } from '../../../model/gen/ligato/linux/interfaces/interface_pb.js';
import type { Key } from '../../../model/key.ts';
import type { GraphNode, Scheduler } from '../../../scheduler/scheduler.ts';
import { interfaceKey } from '../../interface/model/keys.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { KeyIndex } from '../../key-index.ts';
import type { KernelNotifier } from '../../kernel/notifier.ts';
import type { KernelLinuxInterface } from '../kernel-metadata.ts';
import { linuxInterfaceKey } from '../model/keys.ts';

/** Linux interfaces that were to be made in a named namespace, by its name: nobody has to go through all values for them. */
export class NamespaceUsers {
  readonly #keys = new KeyIndex<string>();

  remember(key: Key, value: Interface): void {
    const name = namedNamespace(value);
    if (name !== undefined) this.#keys.add(name, key);
  }

  in(name: string): readonly Key[] {
    return this.#keys.get(name);
  }

  forget(name: string, key: Key): void {
    this.#keys.remove(name, key);
  }
}

const known = new WeakMap<KernelEngine, NamespaceUsers>();

/** One for each engine. */
export function namespaceUsersOf(engine: KernelEngine): NamespaceUsers {
  let users = known.get(engine);
  if (!users) known.set(engine, (users = new NamespaceUsers()));
  return users;
}

function namedNamespace(value: Interface | undefined): string | undefined {
  const namespace = value?.namespace;
  return namespace?.type === NetNamespace_ReferenceType.NSID ? namespace.reference : undefined;
}

function otherEnd({ link }: Interface): readonly Key[] {
  if (link.case === 'tap') return [interfaceKey(link.value.vppTapIfName)];
  return link.case === 'veth' ? [linuxInterfaceKey(link.value.peerIfName)] : [];
}

export class NamespaceWatch {
  readonly #engine: KernelEngine;
  readonly #scheduler: Scheduler;
  readonly #notifier: KernelNotifier;
  readonly #users: NamespaceUsers;
  readonly #names = new Set<string>();

  constructor(engine: KernelEngine, scheduler: Scheduler, notifier: KernelNotifier) {
    this.#engine = engine;
    this.#scheduler = scheduler;
    this.#notifier = notifier;
    this.#users = namespaceUsersOf(engine);
  }

  /** Many may change at once: one look does for all of them. */
  changed(name: string): void {
    if (this.#names.size === 0) setTimeout(() => this.#look(), PATIENCE).unref();
    this.#names.add(name);
  }

  #look(): void {
    const names = new Set(this.#names);
    this.#names.clear();
    const now = this.#scheduler.snapshot();
    for (const name of names) {
      for (const key of this.#users.in(name)) {
        const node = now.node(key);
        const wanted = (node?.desired ?? undefined) as Interface | undefined;
        if (!wanted || namedNamespace(wanted) !== name) {
          this.#users.forget(name, key);
          continue;
        }
        if (!this.#isElsewhere(node!)) continue;
        // Its other end is not whole when something holds the namespace that had this name.
        for (const one of [key, ...otherEnd(wanted)]) this.#notifier.recheck(one, `namespace ${name} changed`);
      }
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
