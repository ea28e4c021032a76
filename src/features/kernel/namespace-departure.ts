/**
 * A namespace that the agent made goes with the last object in it. Which ones it made is in the ledger, so that another agent of the
 * same label, and what somebody made by hand, is left alone.
 */

import { NetNamespace_ReferenceType as Type } from '../../model/gen/ligato/linux/namespace/namespace_pb.js';
import type { NetNamespace } from '../../model/gen/ligato/linux/namespace/namespace_pb.js';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import { ledgerOf } from './adoption.ts';
import type { KernelEngine } from './engine.ts';
import { removeMadeNamespaces } from './made-namespaces.ts';

const PREFIX = 'made-namespace/';

/** Kinds of objects that are in a namespace by themselves. */
const INHABITANTS = ['linux.interfaces.interface', 'linux.iptables.rulechain'];

export class NamespaceDepartures {
  readonly #engine: KernelEngine;
  /** Something was taken out of them, and nothing was put into them since. */
  readonly #left = new Set<string>();
  /** Those of them that are looked at. */
  #going = new Set<string>();
  #scheduler: Scheduler | undefined;
  #armed = false;

  constructor(engine: KernelEngine) {
    this.#engine = engine;
  }

  made(name: string): void {
    this.#engine.log?.info({ namespace: name }, `made namespace ${name}`);
    ledgerOf(this.#engine)
      .set(PREFIX + name, '')
      .catch((error: unknown) => this.#engine.log?.warn({ err: error }, `namespace ${name} will stay`));
  }

  /** Something is about to be put into it. */
  entered(namespace: NetNamespace | undefined): void {
    const name = nameOf(namespace);
    if (name === undefined) return;
    this.#left.delete(name);
    this.#going.delete(name);
  }

  /** Something is taken out of it. */
  leave(namespace: NetNamespace | undefined): void {
    const name = nameOf(namespace);
    if (name === undefined || ledgerOf(this.#engine).get(PREFIX + name) === undefined) return;
    this.#left.add(name);
    this.#arm();
  }

  /** Until the signal is aborted. What an earlier run left is looked at once all that is wanted is known. */
  watch(scheduler: Scheduler, signal: AbortSignal): void {
    this.#scheduler = scheduler;
    const stop = scheduler.onTransaction(({ resync }) => {
      if (resync !== 'FullResync') return;
      stop();
      const names = ledgerOf(this.#engine).entries(PREFIX);
      for (const [key] of names) this.#left.add(key.slice(PREFIX.length));
      if (names.length > 0) this.#arm();
    });
    signal.addEventListener(
      'abort',
      () => {
        stop();
        this.#scheduler = undefined;
      },
      { once: true },
    );
  }

  #arm(): void {
    if (this.#armed) return;
    this.#armed = true;
    setTimeout(() => {
      this.#look()
        .catch((error: unknown) => this.#engine.log?.warn({ err: error }, 'empty namespaces could not be removed'))
        .finally(() => {
          this.#armed = false;
          if (this.#left.size > 0) this.#arm();
        });
    }, PATIENCE).unref();
  }

  async #look(): Promise<void> {
    await this.#scheduler?.idle();
    // Ended meanwhile.
    if (!this.#scheduler) return this.#left.clear();
    const used = this.#used(this.#scheduler);
    const present = new Set(this.#engine.driver.namespaces.names());
    const unused = [...this.#left].filter((name) => !used.has(name));
    this.#left.clear();
    this.#going = new Set(unused.filter((name) => present.has(name)));
    const gone = unused.filter((name) => !present.has(name));
    await removeMadeNamespaces(this.#engine, [...this.#going], (name) => {
      if (!this.#scheduler || !this.#going.delete(name)) return false;
      this.#engine.log?.info({ namespace: name }, `removed namespace ${name}: nothing is in it any more`);
      return gone.push(name) > 0;
    });
    await Promise.all(gone.map((name) => ledgerOf(this.#engine).delete(PREFIX + name)));
  }

  /** Those that something wants to be in, or is in. */
  #used(scheduler: Scheduler): ReadonlySet<string> {
    const used = new Set<string>();
    const now = scheduler.snapshot();
    for (const kind of INHABITANTS) {
      for (const { desired, applied } of now.nodes({ kind })) {
        for (const value of [desired, applied] as readonly ({ readonly namespace?: NetNamespace } | null)[]) {
          const name = nameOf(value?.namespace);
          if (name !== undefined) used.add(name);
        }
      }
    }
    return used;
  }
}

function nameOf(namespace: NetNamespace | undefined): string | undefined {
  return namespace?.type === Type.NSID ? namespace.reference : undefined;
}

/** ms: who takes something out may put something else in. */
const PATIENCE = 1_000;

const known = new WeakMap<KernelEngine, NamespaceDepartures>();

/** One for each engine. */
export function namespaceDeparturesOf(engine: KernelEngine): NamespaceDepartures {
  let departures = known.get(engine);
  if (!departures) known.set(engine, (departures = new NamespaceDepartures(engine)));
  return departures;
}
