/**
 * Namespaces of processes and files come and go, and nothing tells: whether one is there is looked up when a value that names it is
 * planned. While a value waits for one, it is looked for.
 */

import { NetNamespace_ReferenceType as Type } from '../../model/gen/ligato/linux/namespace/namespace_pb.js';
import type { NetNamespace } from '../../model/gen/ligato/linux/namespace/namespace_pb.js';
import type { NamespaceReference } from '../../kernel/namespace/namespace.ts';
import { isKernelError } from '../../kernel/errors.ts';
import type { Dependency } from '../../scheduler/kind.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { KernelEngine } from './engine.ts';
import { HOST_NAMESPACES_KEY, hostNamespaces, isOwnNamespace, namespaceLabel } from '../namespace/model.ts';
import type { HostNamespaces } from '../namespace/model.ts';

export class NamespaceFacts {
  readonly #engine: KernelEngine;
  /** What was found, by label, since the scheduler was told last: the same question has the same answer until it is told again. */
  #answers = new Map<string, { readonly there: boolean; readonly reference: NamespaceReference }>();
  #look = 0;
  #scheduler: Scheduler | undefined;
  #timer: NodeJS.Timeout | undefined;
  #telling = false;

  constructor(engine: KernelEngine) {
    this.#engine = engine;
  }

  /** What a value in that namespace waits for. */
  dependencies(namespace: NetNamespace | undefined): readonly Dependency[] {
    const reference = referenceOf(namespace);
    if (!reference) return [];
    const label = namespaceLabel(namespace);
    return [{ label, anyOf: { prefixes: [HOST_NAMESPACES_KEY], where: () => this.#isThere(label, reference) } }];
  }

  /** Somebody looked for it: when that is news, what waits for it, or has lost it, is planned anew. */
  saw(namespace: NetNamespace | undefined, there: boolean): void {
    const known = referenceOf(namespace) && this.#answers.get(namespaceLabel(namespace));
    if (known && known.there !== there) this.#tell();
  }

  /** Until the signal is aborted. Tells at once: what is in such a namespace is not there before. */
  watch(scheduler: Scheduler, signal: AbortSignal): void {
    this.#scheduler = scheduler;
    this.#notify();
    signal.addEventListener(
      'abort',
      () => {
        this.#scheduler = undefined;
        clearInterval(this.#timer);
      },
      { once: true },
    );
  }

  #isThere(label: string, reference: NamespaceReference): boolean {
    const known = this.#answers.get(label);
    if (known) return known.there;
    const there = this.#find(reference);
    this.#answers.set(label, { there, reference });
    if (!there && this.#scheduler) this.#timer ??= setInterval(() => this.#lookAgain(), INTERVAL).unref();
    return there;
  }

  /** What is no network namespace is there: its user says so. */
  #find(reference: NamespaceReference): boolean {
    try {
      return this.#engine.driver.namespaces.find(reference) !== undefined;
    } catch (error) {
      if (isKernelError(error)) return true;
      throw error;
    }
  }

  #lookAgain(): void {
    const missing = [...this.#answers.values()].filter(({ there }) => !there);
    if (missing.some(({ reference }) => this.#find(reference))) return this.#notify();
    if (missing.length > 0 && this.#scheduler && this.#scheduler.dependants(HOST_NAMESPACES_KEY).length > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    // Nobody waits any more; the next one looks.
    for (const [label, { there }] of this.#answers) if (!there) this.#answers.delete(label);
  }

  #tell(): void {
    if (this.#telling) return;
    this.#telling = true;
    setImmediate(() => {
      this.#telling = false;
      this.#notify();
    });
  }

  #notify(): void {
    if (!this.#scheduler) return;
    this.#answers = new Map();
    const value: HostNamespaces = { look: ++this.#look };
    this.#scheduler.notify([{ key: HOST_NAMESPACES_KEY, kind: hostNamespaces.name, value }]);
  }
}

/** Undefined: neither of a process nor at a path. */
function referenceOf(namespace: NetNamespace | undefined): NamespaceReference | undefined {
  if (namespace === undefined || isOwnNamespace(namespace)) return undefined;
  if (namespace.type === Type.PID) return { type: 'pid', pid: Number(namespace.reference) };
  return namespace.type === Type.FD ? { type: 'path', path: namespace.reference } : undefined;
}

/** ms between two looks for what somebody waits for. */
const INTERVAL = 500;

const known = new WeakMap<KernelEngine, NamespaceFacts>();

/** One for each engine. */
export function namespaceFactsOf(engine: KernelEngine): NamespaceFacts {
  let facts = known.get(engine);
  if (!facts) known.set(engine, (facts = new NamespaceFacts(engine)));
  return facts;
}
