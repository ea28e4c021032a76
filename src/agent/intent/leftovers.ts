/**
 * Values that were wanted and may still be in the data plane. Their record in the store is written with the commit that
 * replaces or removes them, and erased when the data plane has let go of them: a few with the next commit, many when nothing
 * else is under way. One that is still there after a crash is looked at and erased then.
 */

import type { Key } from '../../model/key.ts';
import type { Scheduler, SchedulerLog, ValueStatus } from '../../scheduler/scheduler.ts';
import type { Write } from '../../store/store.ts';
import type { Archive } from './archive.ts';

/** ms before erasing, and between looks whether something is under way. */
const SETTLING = 20;
/** Erasures that go with a commit; nobody waits for those of a large one. */
const ALONG = 64;
/** Erasures of one transaction when nothing is under way. */
const SLICE = 512;
/** Erasures from which on commits take along as many as they write, so that an agent that never rests falls no further behind. */
const BACKLOG = 65_536;

export interface LeftoversDependencies {
  readonly archive: Archive;
  readonly scheduler: Scheduler;
  readonly log: SchedulerLog;
  /** Whether commits are under way. */
  readonly busy: () => boolean;
}

export class Leftovers {
  readonly #archive: Archive;
  readonly #scheduler: Scheduler;
  readonly #log: SchedulerLog;
  readonly #busy: () => boolean;
  /** Commits under way that left an old revision of a key behind; its record is kept until the last of them is through. */
  readonly #unsettled = new Map<Key, number>();
  /** Keys whose records can be erased. */
  readonly #settled = new Set<Key>();
  #timer: NodeJS.Timeout | undefined;
  #erasing: Promise<void> | undefined;
  #closed = false;

  constructor({ archive, scheduler, log, busy }: LeftoversDependencies) {
    this.#archive = archive;
    this.#scheduler = scheduler;
    this.#log = log;
    this.#busy = busy;
  }

  /** Whether an older revision of the key is still being taken down: that one is kept, the data plane may hold it. */
  isKept(key: Key): boolean {
    return this.#unsettled.has(key);
  }

  /** Keys whose revision so far a durable commit replaces. */
  replace(keys: readonly Key[]): void {
    for (const key of keys) {
      this.#unsettled.set(key, (this.#unsettled.get(key) ?? 0) + 1);
      this.#settled.delete(key);
    }
  }

  /** The commit that replaced these revisions is through. */
  release(keys: readonly Key[]): void {
    for (const key of keys) {
      const count = (this.#unsettled.get(key) ?? 1) - 1;
      if (count > 0) this.#unsettled.set(key, count);
      else {
        this.#unsettled.delete(key);
        if (isSettled(this.#scheduler, key)) this.#settled.add(key);
      }
    }
    this.#eraseSoon();
  }

  /** Erasures to go with `writes`, which write anew what is left of `replacing`. */
  due(writes: number, replacing: readonly Key[]): readonly { readonly key: Key; readonly write: Write }[] {
    if (this.#settled.size === 0) return [];
    const anew = new Set(replacing);
    const most = this.#settled.size > BACKLOG ? Math.max(ALONG, writes) : ALONG;
    const due: { readonly key: Key; readonly write: Write }[] = [];
    for (const key of this.#settled) {
      if (due.length === most) break;
      if (anew.has(key)) continue;
      this.#settled.delete(key);
      due.push({ key, write: this.#archive.settled(key) });
    }
    return due;
  }

  /** What was due could not be written. */
  takeBack(keys: Iterable<Key>): void {
    for (const key of keys) this.#settled.add(key);
  }

  /** Erases those of `keys` that the data plane has let go of. */
  async erase(keys: Iterable<Key>): Promise<void> {
    const settled = [...keys].filter((key) => isSettled(this.#scheduler, key));
    await this.#erase(settled);
  }

  /** Erases all that can be erased, now. */
  async eraseAll(): Promise<void> {
    await this.#erasing;
    const keys = [...this.#settled];
    this.#settled.clear();
    await this.#erase(keys);
  }

  /** Erases what can be erased; from here on nothing is erased later. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.eraseAll();
  }

  #eraseSoon(): void {
    if (this.#settled.size === 0 || this.#closed || this.#erasing !== undefined) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#busy()) return this.#eraseSoon();
      this.#erasing = this.#eraseSlice().finally(() => {
        this.#erasing = undefined;
        this.#eraseSoon();
      });
    }, SETTLING).unref();
  }

  async #eraseSlice(): Promise<void> {
    const keys: Key[] = [];
    for (const key of this.#settled) {
      if (keys.length === SLICE) break;
      keys.push(key);
    }
    for (const key of keys) this.#settled.delete(key);
    await this.#erase(keys);
  }

  async #erase(keys: readonly Key[]): Promise<void> {
    try {
      await this.#archive.write(keys.map((key) => this.#archive.settled(key)));
    } catch (error) {
      this.#log.warn(
        { err: error },
        'leftovers could not be erased from the store; the next resync looks at them again',
      );
    }
  }
}

/** Whether nothing of an earlier revision can be in the data plane any more. */
function isSettled(scheduler: Scheduler, key: Key): boolean {
  const status = scheduler.status(key);
  if (!status) return true;
  return !isUnsettled(status) && !status.parts.some(isUnsettled);
}

function isUnsettled({ state, lastOperation }: ValueStatus): boolean {
  // What the engine could not change to is still what it was.
  if (state === 'UNIMPLEMENTED') return lastOperation === 'UPDATE';
  return state === 'FAILED' || state === 'RETRYING' || state === 'INVALID';
}
