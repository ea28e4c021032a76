/** Names of devices that somebody else has: said with the field that asks for them, and looked at again when they are free. */

import type { Key } from '../../model/key.ts';
import type { KernelEvent } from '../../kernel/events/events.ts';
import type { Namespace } from '../../kernel/namespace/namespace.ts';
import { getLink } from '../../kernel/netlink/link.ts';
import type { Link } from '../../kernel/netlink/link.ts';
import { parseMark } from '../../kernel/ownership/mark.ts';
import { isKernelError } from '../../kernel/errors.ts';
import { SchedulerError } from '../../scheduler/errors.ts';
import type { KernelEngine } from './engine.ts';

/** A name that an object asks for. */
export interface WantedName {
  readonly key: Key;
  /** What asks for it: `tap.host_if_name`, `host_if_name of Linux interface eth`. */
  readonly field: string;
  readonly name: string;
  readonly namespace: Namespace;
}

/** The error that says so; the object is looked at again when `link` goes or gets another name. */
export function nameTaken(
  engine: KernelEngine,
  { key, field, name, namespace }: WantedName,
  link: Link,
  cause?: unknown,
): SchedulerError {
  takenNamesOf(engine).wait(key, namespace, link);
  const mark = parseMark(link.alias);
  const holder = mark ? `the device of ${mark.name} (agent ${mark.owner})` : 'a device that is not ours';
  const place = namespace.id === engine.driver.own.id ? "the agent's namespace" : namespace.label;
  const message = `${field} ${name} is taken in ${place} by ${holder}: choose another name, or remove it`;
  return new SchedulerError('failed', message, { retriable: true, cause });
}

/** What that failure of giving a device a name means. */
export async function explainedName(engine: KernelEngine, wanted: WantedName, error: unknown): Promise<unknown> {
  if (!isKernelError(error, 'EEXIST')) return error;
  const link = await engine.driver.rtnl(wanted.namespace).get(getLink({ name: wanted.name }));
  return link ? nameTaken(engine, wanted, link, error) : error;
}

interface Waiting {
  readonly key: Key;
  readonly namespace: Namespace;
  readonly index: number;
  readonly name: string;
  readonly stop: () => void;
}

/** Objects that wait for the name of somebody else's device. */
export class TakenNames {
  readonly #engine: KernelEngine;
  readonly #waiting = new Map<Key, Waiting>();

  constructor(engine: KernelEngine) {
    this.#engine = engine;
  }

  wait(key: Key, namespace: Namespace, { index, name }: Link): void {
    const known = this.#waiting.get(key);
    if (known?.namespace.id === namespace.id && known.index === index && known.name === name) return;
    this.#forget(key);
    const stop = this.#engine.driver.events.watch(namespace);
    this.#waiting.set(key, { key, namespace, index, name, stop });
  }

  /** Objects whose name is, or may be, free now. */
  heed(event: KernelEvent): readonly Key[] {
    if (this.#waiting.size === 0 || (event.type !== 'link' && event.type !== 'resync')) return [];
    const free = [...this.#waiting.values()].filter(
      ({ namespace, index, name }) =>
        event.type === 'resync' ||
        (event.namespace.id === namespace.id &&
          event.value.index === index &&
          (event.action === 'removed' || event.value.name !== name)),
    );
    for (const { key } of free) this.#forget(key);
    return free.map(({ key }) => key);
  }

  #forget(key: Key): void {
    this.#waiting.get(key)?.stop();
    this.#waiting.delete(key);
  }
}

const known = new WeakMap<KernelEngine, TakenNames>();

/** One for each engine. */
export function takenNamesOf(engine: KernelEngine): TakenNames {
  let names = known.get(engine);
  if (!names) known.set(engine, (names = new TakenNames(engine)));
  return names;
}
