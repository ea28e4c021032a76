/** Lives through a sequence of steps with a scheduler and checks, at rest, that all is as it ought to be. */

import assert from 'node:assert/strict';
import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import type { Change, CommitOptions, CommitResult, RecordedOperation, Scheduler, SchedulerOptions } from '../index.ts';
import { structurallyEqual } from '../equality.ts';
import { DataPlane } from './data-plane.ts';
import type { Edit, Step } from './generators.ts';
import { outcomeOf, reachability, unitsOf } from './model.ts';
import type { Unit, Wish } from './model.ts';
import { makeWorld, needsOf, thingKey } from './world.ts';
import type { Thing } from './world.ts';

/** What a run was about, to judge the generators by. */
export type Trait =
  | 'cycle'
  | 'any-of'
  | 'part'
  | 're-creation'
  | 'conflict'
  | 'failure'
  | 'pending'
  | 'restart'
  | 'drift'
  | 'retry';
export const traits: readonly Trait[] = [
  'cycle',
  'any-of',
  'part',
  're-creation',
  'conflict',
  'failure',
  'pending',
  'restart',
  'drift',
  'retry',
];

export type Make = (plane: DataPlane) => Scheduler;

const retry = { period: 1, maxCount: 12, backoff: false };

export function makeTrialScheduler(options: Partial<SchedulerOptions> = {}): Make {
  return (plane) =>
    makeWorld({ plane, engines: [{ name: 'plane', concurrency: 4, deadline: 1000 }], ...options }).scheduler;
}

export class Trial {
  readonly plane = new DataPlane();
  scheduler: Scheduler;
  readonly seen = new Set<Trait>();
  readonly #make: Make;
  wishes = new Map<string, Wish>();
  readonly facts = new Map<string, Thing>();
  #recent: Unit[] = [];
  /** The last thing that happened left the plane otherwise than believed. */
  damaged = false;

  constructor(make: Make) {
    this.#make = make;
    this.scheduler = make(this.plane);
    this.#knowCycles();
  }

  changesOf(edits: readonly Edit[]): Change[] {
    return edits.map(({ name, value, priority }) => ({
      key: thingKey(name),
      value,
      source: { name: `source ${priority}`, priority },
    }));
  }

  everything(): Change[] {
    return [...this.wishes].map(([name, { value, priority }]) => ({
      key: thingKey(name),
      value,
      source: { name: `source ${priority}`, priority },
    }));
  }

  wish(edits: readonly Edit[], replace = false): void {
    if (replace) this.wishes = new Map();
    for (const { name, value, priority } of edits) {
      if (value === null) this.wishes.delete(name);
      else this.wishes.set(name, { value, priority });
    }
    this.#knowCycles();
  }

  async commit(edits: readonly Edit[], options: CommitOptions = {}): Promise<CommitResult> {
    const replaces = options.resync === 'FullResync' || options.resync === 'UpstreamResync';
    this.wish(edits, replaces);
    const result = await this.scheduler.commit(
      this.changesOf(edits).filter(({ value }) => !replaces || value !== null),
      { retry, ...options },
    );
    this.#observe(result.record.executed);
    if (result.failures.length > 0) this.seen.add('failure');
    return result;
  }

  tell(name: string, value: Thing | null): void {
    if (value === null) this.facts.delete(`fact/${name}`);
    else this.facts.set(`fact/${name}`, value);
    this.scheduler.notify([{ key: asKey(`fact/${name}`), kind: 'fact', value }]);
  }

  /** Ends the scheduler, or what is left of it after a crash, and starts another one on the same plane. */
  async restart(leftovers: ReadonlyMap<Key, Thing> = new Map()): Promise<CommitResult> {
    this.seen.add('restart');
    if (!this.plane.dead) {
      await this.scheduler.close();
    }
    this.plane.revive();
    this.scheduler = this.#make(this.plane);
    for (const [key, value] of this.facts) this.scheduler.notify([{ key: asKey(key), kind: 'fact', value }]);
    const result = await this.scheduler.commit(this.everything(), { resync: 'FullResync', retry, leftovers });
    this.#observe(result.record.executed);
    return result;
  }

  /** One calm step: nothing fails, nothing else goes on. */
  async step(step: Step): Promise<void> {
    switch (step.do) {
      case 'commit':
        return this.#commitAsPlanned(step);
      case 'fact':
        return this.tell(step.name, step.value);
      case 'resync': {
        const { record } = await this.scheduler.commit([], { resync: 'DownstreamResync' });
        if (!this.damaged)
          assert.deepEqual(brief(record.executed), [], 'I9: a resync of an unchanged data plane does nothing');
        this.damaged = false;
        return;
      }
      case 'damage':
        return this.#damage(step);
      case 'restart': {
        const { record } = await this.restart();
        if (!this.damaged)
          assert.deepEqual(
            brief(record.executed.filter(({ noop }) => !noop)),
            [],
            'I9: a restart on an unchanged data plane does nothing',
          );
        this.damaged = false;
        return;
      }
    }
  }

  /** Waits until nothing runs and nothing will be tried again. */
  async settle(): Promise<void> {
    for (let round = 0; ; round++) {
      await this.scheduler.idle();
      const busy = [...this.scheduler.snapshot().nodes()].filter(({ state }) => state === 'RETRYING');
      if (busy.length === 0) break;
      this.seen.add('retry');
      if (round > 1000) throw new Error(`never at rest: ${busy.map(({ key, state }) => `${key} ${state}`).join(', ')}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    this.#recent = [...unitsOf(this.wishes).values()];
  }

  /** I1, I2, I3 and that belief and data plane agree. */
  check(): void {
    this.#checkOrder();
    const { applied, pending, conflicts } = outcomeOf(this.wishes, this.facts);
    const objects = [...this.plane.objects].map(([key, { value }]) => [key, value] as const).sort(byKey);
    const expected = [...applied.values()]
      .filter(({ isProperty }) => !isProperty)
      .map(({ key, value }) => [key, value] as const)
      .sort(byKey);
    assert.deepEqual(objects, expected, 'I3, I5: the data plane at rest');
    const snapshot = this.scheduler.snapshot();
    for (const key of applied.keys()) assert.equal(snapshot.node(key)?.state, 'CONFIGURED', `state of ${key}`);
    for (const [key, missing] of pending) {
      assert.equal(snapshot.node(key)?.state, 'PENDING', `state of ${key}`);
      assert.deepEqual([...this.#details(key)].sort(), [...missing].sort(), `I3: what ${key} waits for`);
    }
    for (const key of conflicts)
      assert.match(snapshot.status(key)?.error ?? '', /^conflicts with /, `conflict of ${key}`);
    for (const { key, desired, applied: value } of snapshot.nodes())
      assert.ok(desired !== null || value !== null, `${key} is remembered for nothing`);
    this.#look(applied, pending, conflicts);
  }

  #checkOrder(): void {
    assert.deepEqual(this.plane.violations, [], 'I1, I2: the order of operations');
  }

  #details(key: Key): readonly string[] {
    for (const status of this.scheduler.snapshot().statuses()) {
      const queue = [status];
      for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
        if (at.key === key) return at.details;
        queue.push(...at.parts);
      }
    }
    return [];
  }

  async #commitAsPlanned({ edits, resync }: Extract<Step, { do: 'commit' }>): Promise<void> {
    const changes = this.changesOf(edits).filter(({ value }) => resync === 'NotResync' || value !== null);
    const before = this.scheduler.snapshot().size;
    const plan = this.scheduler.plan(changes, { resync });
    assert.equal(this.scheduler.snapshot().size, before, 'a plan leaves nothing behind');
    const { record } = await this.commit(edits, { resync });
    if (this.damaged && resync === 'FullResync') {
      this.damaged = false;
      return;
    }
    if (this.damaged) return;
    this.#checkOrder();
    assert.deepEqual(brief(record.executed).sort(), brief(plan.operations).sort(), 'I7: plan and execution');
    const position = new Map(brief(record.executed).map((text, i) => [text, i]));
    const texts = brief(plan.operations);
    plan.operations.forEach(({ after }, i) => {
      for (const earlier of after)
        assert.ok(
          position.get(texts[earlier]!)! < position.get(texts[i]!)!,
          `I7: ${texts[earlier]} before ${texts[i]}`,
        );
    });
  }

  async #damage({ name, how, heal }: Extract<Step, { do: 'damage' }>): Promise<void> {
    const there = [...this.plane.objects.keys()].filter((known) => known.startsWith('thing/'));
    const key =
      there.includes(thingKey(name)) || there.length === 0
        ? thingKey(name)
        : asKey(there[name.charCodeAt(0) % there.length]!);
    const object = this.plane.objects.get(key);
    if (object === undefined) return;
    this.seen.add('drift');
    if (how === 'delete') this.plane.objects.delete(key);
    else {
      const value: Thing = { ...(object.value as Thing), revision: 77 };
      this.plane.objects.set(key, { ...object, value, needs: needsOf(key, value) });
    }
    if (heal === 'recheck') this.scheduler.recheck([key], 'damage');
    else await this.scheduler.commit([], { resync: 'DownstreamResync' });
  }

  /** I4: no key is touched twice in a transaction, except for the two halves of a re-creation. */
  #observe(executed: readonly RecordedOperation[]): void {
    if (executed.some(({ isRecreate }) => isRecreate)) this.seen.add('re-creation');
  }

  checkOnce(executed: readonly RecordedOperation[]): void {
    const done = new Map<Key, string>();
    for (const { key, operation, noop } of executed) {
      if (noop) continue;
      const before = done.get(key);
      assert.ok(
        before === undefined || (before === 'DELETE' && operation === 'CREATE'),
        `I4: ${operation} of ${key} after ${before}`,
      );
      done.set(key, operation);
    }
  }

  /** Cycles of what is wanted now or was since the last rest may be made and unmade as a whole. */
  #knowCycles(): void {
    this.#recent.push(...unitsOf(this.wishes).values());
    const reached = reachability(this.#recent);
    this.plane.inCycle = (key, needed) => {
      if (!needed.startsWith('part') && !needed.startsWith('thing/') && needed !== 'thing') return false;
      for (const [from, targets] of reached)
        if (
          (from === needed || from.startsWith(`${needed}/`)) &&
          targets.has(asKey(key)) &&
          reached.get(asKey(key))?.has(from)
        )
          return true;
      return false;
    };
  }

  #look(applied: ReadonlyMap<Key, Unit>, pending: ReadonlyMap<Key, unknown>, conflicts: ReadonlySet<Key>): void {
    const reached = reachability(applied.values());
    if ([...reached].some(([key, targets]) => targets.has(key))) this.seen.add('cycle');
    for (const { value, base } of applied.values()) {
      if (value.anyOf !== undefined) this.seen.add('any-of');
      if (base !== undefined) this.seen.add('part');
    }
    if (pending.size > 0) this.seen.add('pending');
    if (conflicts.size > 0) this.seen.add('conflict');
  }
}

export function brief(operations: readonly RecordedOperation[]): string[] {
  return operations.map(
    ({ operation, key, noop, newState }) => `${operation} ${key} ${newState}${noop ? ' noop' : ''}`,
  );
}

export function sameObjects(left: DataPlane, right: DataPlane): boolean {
  const values = (plane: DataPlane): readonly (readonly [string, object])[] =>
    [...plane.objects].map(([key, { value }]) => [key, value] as const).sort(byKey);
  return structurallyEqual(values(left), values(right));
}

function byKey([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}
