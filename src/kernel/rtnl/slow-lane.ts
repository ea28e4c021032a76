/**
 * What waits for RCU: sent from libuv's threads, so that the event loop goes on. The kernel waits outside its big lock, so
 * several run at the same time.
 */

import { isKernelError } from '../errors.ts';
import type { Namespace } from '../namespace/namespace.ts';
import { changeLink, deleteLinkGroup } from '../netlink/link.ts';
import type { LinkSelector } from '../netlink/link.ts';
import type { Request } from '../netlink/request.ts';
import { deviceGroups, numberIn } from '../pipeline/numbers.ts';
import { Burst } from './burst.ts';
import { openRouteSocket } from './open.ts';
import { Entry } from './entry.ts';

/**
 * Of libuv's four threads; the others are for file access and for quick requests during a removal. Shared by all drivers of a
 * process. The removal of several links takes all of them: a second one would only wait, spinning, for the kernel's lock.
 */
const THREADS = 2;
/**
 * Links removed in one step. The kernel holds its lock for 0.3-1 ms each, and each step costs it some 16 ms more: fewer make
 * removing a thousand slower, more make those wait longer who want something meanwhile.
 */
const TOGETHER = 96;

export class SlowLane {
  readonly #buffer: Buffer;
  readonly #jobs = new Set<Promise<void>>();
  #removals = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  get busy(): boolean {
    return this.#jobs.size > 0;
  }

  /** Links are being removed: the kernel holds its lock for 0.3-1 ms each, and who asks for something meanwhile waits. */
  get removing(): boolean {
    return this.#removals > 0;
  }

  /** Resolves when what runs now has ended. */
  async idle(): Promise<void> {
    await Promise.all(this.#jobs);
  }

  start(namespace: Namespace, entries: readonly Entry[]): void {
    const removals = entries.filter((entry) => (entry.message as Request).lane === 'remove');
    for (const entry of entries) if (!removals.includes(entry)) this.#job(1, () => this.#one(namespace, entry));
    for (let from = 0; from < removals.length; from += TOGETHER) {
      const together = removals.slice(from, from + TOGETHER);
      this.#removals++;
      this.#job(together.length === 1 ? 1 : THREADS, () =>
        this.#remove(namespace, together).finally(() => this.#removals--),
      );
    }
  }

  #job(weight: number, work: () => Promise<void>): void {
    const job = limit(weight, work).finally(() => this.#jobs.delete(job));
    this.#jobs.add(job);
  }

  async #one(namespace: Namespace, entry: Entry): Promise<void> {
    try {
      const socket = openRouteSocket(namespace);
      try {
        const burst = new Burst();
        burst.fill([entry], 0, Infinity);
        await burst.exchangeAsync(socket, this.#buffer, namespace.label);
      } finally {
        socket.close();
      }
    } catch (error) {
      entry.fail(error);
    }
  }

  #remove(namespace: Namespace, together: readonly Entry[]): Promise<void> {
    return together.length === 1 ? this.#one(namespace, together[0]!) : this.#group(namespace, together);
  }

  /** Marks the links with a group of their own and removes that: one wait for all of them. */
  async #group(namespace: Namespace, entries: readonly Entry[]): Promise<void> {
    try {
      const group = nextGroup();
      const marked = await this.#mark(namespace, entries, group);
      if (marked.length > 0) await this.#removeGroup(namespace, group, marked);
    } catch (error) {
      for (const entry of entries) entry.fail(error);
    }
  }

  async #mark(namespace: Namespace, entries: readonly Entry[], group: number): Promise<Entry[]> {
    const marked: Entry[] = [];
    const marks = entries.map((entry) => {
      const link = entry.message.spec as LinkSelector;
      return new Entry(
        changeLink(link, { group }),
        () => marked.push(entry),
        (error) => entry.fail(error),
      );
    });
    const socket = openRouteSocket(namespace);
    try {
      const burst = new Burst();
      for (let next = 0; next < marks.length; ) {
        next = burst.fill(marks, next, Infinity);
        await burst.exchangeAsync(socket, this.#buffer, namespace.label);
      }
    } finally {
      socket.close();
    }
    return marked;
  }

  async #removeGroup(namespace: Namespace, group: number, marked: readonly Entry[]): Promise<void> {
    try {
      await new Promise<unknown>((resolve, reject) => {
        void this.#one(namespace, new Entry(deleteLinkGroup(group), resolve, reject));
      });
      for (const entry of marked) entry.succeed();
    } catch (error) {
      // One link of a type that cannot be removed spoils the group.
      if (!isKernelError(error, 'EOPNOTSUPP')) throw error;
      for (const entry of marked) await this.#one(namespace, entry);
    }
  }
}

/** Groups that exist only for the moment of a removal. No other device is ever in them. */
let group = 0;
function nextGroup(): number {
  group = (group + 1) & 0xffff;
  return numberIn(deviceGroups.removal, group);
}

let free = THREADS;
const queue: { readonly weight: number; readonly go: () => void }[] = [];

/** Runs `work` when `weight` threads are free, in the order of asking. */
async function limit<T>(weight: number, work: () => Promise<T>): Promise<T> {
  if (queue.length > 0 || free < weight) await new Promise<void>((go) => queue.push({ weight, go }));
  else free -= weight;
  try {
    return await work();
  } finally {
    free += weight;
    for (let next = queue[0]; next && next.weight <= free; next = queue[0]) {
      queue.shift();
      free -= next.weight;
      next.go();
    }
  }
}
