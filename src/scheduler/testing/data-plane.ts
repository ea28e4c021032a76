/** A data plane in memory that insists on order: it refuses what a real one would refuse, and fails as scripted. */

import type { Key } from '../../model/key.ts';
import { isUnder } from '../../model/key.ts';
import { structurallyEqual } from '../equality.ts';
import { SchedulerError } from '../errors.ts';

export type Action = 'create' | 'update' | 'remove' | 'refresh';

/**
 * What goes wrong with an operation. `fail`: refused, nothing happens. `lack`: the engine cannot do it; nothing happens. `half`: it happens, and an error is reported. `hang`:
 * nothing happens and nobody answers until the abort. `mute`: it happens, the answer comes only after the abort. `silent`:
 * nothing happens, and not even the abort is answered. `die`: the process ends here; it did not happen. `dieAfter`: it happened.
 */
export type Fault = 'fail' | 'lack' | 'half' | 'hang' | 'mute' | 'silent' | 'die' | 'dieAfter';

export interface Needs {
  readonly keys: readonly string[];
  /** One of each list: something under one of its prefixes. */
  readonly anyOf: readonly (readonly string[])[];
}

export interface PlaneObject {
  readonly value: object;
  readonly needs: Needs;
  readonly index: number;
  readonly foreign: boolean;
}

export interface LogEntry {
  readonly action: Action;
  readonly key: Key;
}

export class OrderViolation extends Error {
  readonly retriable = false;
}

export class DataPlane {
  readonly objects = new Map<string, PlaneObject>();
  /** What was really done, in order. */
  readonly log: LogEntry[] = [];
  /** What broke the order; stays empty with a right scheduler. */
  readonly violations: string[] = [];
  readonly faults = new Map<string, Fault[]>();
  /** Faults that took place, by kind. */
  readonly tally = new Map<Fault, number>();
  /** Operations that were started, of whatever outcome. */
  calls = 0;
  /** The n-th call from now is the last one. */
  dieAt: { readonly call: number; readonly after: boolean } | undefined;
  /** The process that works on it has died. */
  dead = false;
  /** Counts the processes that have worked on it: what is left of a dead one reaches nothing any more. */
  life = 0;
  /** Turns of the event loop an operation takes; undefined: none. */
  latency: (() => number) | undefined;
  /** As `latency`, of reading: before what is there is looked at, and again before it is told. */
  readLatency: (() => number) | undefined;
  /** Whether two objects are needed by each other, by what is wanted. */
  inCycle: (key: string, needed: string) => boolean = () => false;
  #nextIndex = 1;

  /** What is there, as of some moment while it is read. */
  async read(): Promise<readonly (readonly [string, PlaneObject])[]> {
    await pass(this.readLatency?.() ?? 0);
    const found = [...this.objects];
    await pass(this.readLatency?.() ?? 0);
    return found;
  }

  /** Runs an operation: waits, fails or hangs as scripted, and performs it. */
  async perform<T>(
    life: number,
    action: Action,
    key: Key,
    signal: AbortSignal | undefined,
    effect: () => T,
  ): Promise<T> {
    if (this.isOver(life)) return never();
    const call = ++this.calls;
    let fault = this.faults.get(`${action} ${key}`)?.shift();
    if (this.dieAt?.call === call) fault = this.dieAt.after ? 'dieAfter' : 'die';
    await pass(this.latency?.() ?? 0);
    if (this.isOver(life)) return never();
    if (fault !== undefined) this.tally.set(fault, (this.tally.get(fault) ?? 0) + 1);
    switch (fault) {
      case 'fail':
        throw new Error(`scripted failure of ${action} ${key}`);
      case 'lack':
        // What it could make it can take away.
        if (action === 'remove') return effect();
        throw new SchedulerError('unimplemented', `this engine cannot ${action} ${key}`);
      case 'half':
        effect();
        throw new Error(`scripted half failure of ${action} ${key}`);
      case 'hang':
        return aborted(signal!);
      case 'silent':
        return never();
      case 'mute': {
        const result = effect();
        await aborted(signal!).catch(() => {});
        return this.isOver(life) ? never() : result;
      }
      case 'die':
        this.dead = true;
        return never();
      case 'dieAfter':
        effect();
        this.dead = true;
        return never();
      case undefined:
        return effect();
    }
  }

  isOver(life: number): boolean {
    return this.dead || this.life !== life;
  }

  /** A new process takes over. */
  revive(): void {
    this.life++;
    this.dead = false;
    this.dieAt = undefined;
  }

  fault(action: Action, key: string, ...faults: Fault[]): void {
    this.faults.set(`${action} ${key}`, [...(this.faults.get(`${action} ${key}`) ?? []), ...faults]);
  }

  create(key: Key, value: object, needs: Needs): number {
    this.log.push({ action: 'create', key });
    if (this.objects.has(key)) this.#violate(`create ${key}: it exists`);
    this.#demand('create', key, needs);
    const index = this.#nextIndex++;
    this.objects.set(key, { value, needs, index, foreign: false });
    return index;
  }

  /** `index`: what the scheduler takes for that of the object. */
  update(key: Key, value: object, needs: Needs, index: number): number {
    this.log.push({ action: 'update', key });
    const object = this.objects.get(key);
    if (object === undefined) return this.#violate(`update ${key}: it does not exist`);
    if (object.index !== index) this.#violate(`update ${key}: it is another one`);
    if (fixedPart(object.value) !== fixedPart(value)) this.#violate(`update ${key}: this takes a re-creation`);
    if (structurallyEqual(object.value, value)) this.#violate(`update ${key}: nothing changes`);
    this.#demand('update', key, needs);
    this.objects.set(key, { value, needs, index: object.index, foreign: false });
    return object.index;
  }

  refresh(key: Key): void {
    this.log.push({ action: 'refresh', key });
    if (!this.objects.has(key)) this.#violate(`refresh ${key}: it does not exist`);
  }

  remove(key: Key, index: number): void {
    this.log.push({ action: 'remove', key });
    if (!this.objects.has(key)) this.#violate(`remove ${key}: it does not exist`);
    if (this.objects.get(key)!.index !== index) this.#violate(`remove ${key}: it is another one`);
    for (const [user, { needs, foreign }] of this.objects) {
      if (foreign || user === key) continue;
      const relies =
        needs.keys.includes(key) ||
        needs.anyOf.some(
          (prefixes) =>
            covers(prefixes, key) &&
            !this.#has(prefixes, key) &&
            !prefixes.some((prefix) => this.inCycle(user, prefix)),
        );
      if (relies && !this.inCycle(user, key)) this.#violate(`remove ${key}: ${user} needs it`);
    }
    this.objects.delete(key);
  }

  /** Something happens behind the scheduler's back. */
  put(key: string, value: object, needs: Needs, foreign = true): void {
    this.objects.set(key, { value, needs, index: this.#nextIndex++, foreign });
  }

  #demand(action: Action, key: Key, needs: Needs): void {
    for (const needed of needs.keys) {
      if (!this.objects.has(needed) && !this.inCycle(key, needed))
        this.#violate(`${action} ${key}: ${needed} does not exist`);
    }
    for (const prefixes of needs.anyOf) {
      if (!this.#has(prefixes, undefined) && !prefixes.some((prefix) => this.inCycle(key, prefix)))
        this.#violate(`${action} ${key}: nothing under ${prefixes.join(', ')}`);
    }
  }

  #has(prefixes: readonly string[], except: string | undefined): boolean {
    for (const key of this.objects.keys()) if (key !== except && covers(prefixes, key)) return true;
    return false;
  }

  #violate(text: string): never {
    this.violations.push(text);
    throw new OrderViolation(text);
  }
}

/** What cannot be changed in place. */
function fixedPart(value: object): unknown {
  return (value as { readonly fixed?: unknown }).fixed;
}

function covers(prefixes: readonly string[], key: string): boolean {
  return prefixes.some((prefix) => isUnder(prefix, key));
}

function never<T>(): Promise<T> {
  return new Promise(() => {});
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    else signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

async function pass(turns: number): Promise<void> {
  for (let left = turns; left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
}
