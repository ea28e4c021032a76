/** A value with so many parts that it is taken in over several turns: what others ask for meanwhile. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asKey } from '../../model/key.ts';
import { createScheduler } from '../index.ts';
import type { Change, CommitResult, Handler, Kind, Part, Scheduler } from '../index.ts';
import { inSimulatedTime } from '../testing/event-loop.ts';

interface Box {
  readonly parts: readonly Part[];
  readonly needs?: string;
}

const many = 1000;
const key = asKey('box/a');
const item = (name: number | string, revision: number): Part => ({
  key: asKey(`item/${name}`),
  kind: 'item',
  value: { revision },
});
const items = (from: number, to: number, revision: number): Part[] =>
  Array.from({ length: to - from }, (_, i) => item(from + i, revision));
const box = (...parts: Part[]): Change => ({ key, value: { parts } satisfies Box });

interface World {
  readonly scheduler: Scheduler;
  readonly plane: Map<string, object>;
  readonly log: string[];
  /** The parts that are known of the box. */
  known(): number;
  /** Goes on until some, and not all, of them are. */
  untilSomeAreKnown(than: number): Promise<void>;
}

/** In a world where each look at the clock takes longer than a turn may: whatever can pause does. */
async function live(play: (world: World) => Promise<void>): Promise<void> {
  const plane = new Map<string, object>();
  const log: string[] = [];
  const scheduler = createScheduler({ engines: [{ name: 'plane', concurrency: 64, deadline: 1000 }] });
  const handler = (kind: string): Handler => ({
    kind,
    engine: 'plane',
    create: async (_, at, value) => void (plane.set(at, value), log.push(`create ${at}`)),
    update: async (_, at, __, value) => void (plane.set(at, value), log.push(`update ${at}`)),
    remove: async (_, at) => void (plane.delete(at), log.push(`remove ${at}`)),
  });
  scheduler.register({ name: 'item' }, handler('item'));
  scheduler.register(
    {
      name: 'box',
      prefix: 'box/',
      parts: (_, { parts }) => parts,
      dependencies: (_, { needs }) => (needs === undefined ? [] : [{ label: needs, key: asKey(needs) }]),
    } satisfies Kind<Box> as Kind,
    handler('box'),
  );
  const known = (): number => scheduler.snapshot().node(key)?.parts.length ?? 0;
  const untilSomeAreKnown = async (than: number): Promise<void> => {
    while (known() <= than) await new Promise((resolve) => setImmediate(resolve));
  };
  await inSimulatedTime(
    async () => {
      await play({ scheduler, plane, log, known, untilSomeAreKnown });
      await scheduler.close();
    },
    () => 5,
  );
}

const names = (plane: ReadonlyMap<string, object>): readonly string[] =>
  [...plane].map(([at, value]) => `${at} ${(value as { revision?: number }).revision ?? ''}`.trim()).sort();
const expected = (...parts: Part[]): readonly string[] =>
  ['box/a', ...parts.map(({ key: at, value }) => `${at} ${(value as { revision: number }).revision}`)].sort();
const failuresOf = ({ failures }: CommitResult): readonly string[] => failures.map(({ error }) => error.message);

test('another value is asked for while the parts of the first one are taken in', () =>
  live(async ({ scheduler, plane, known, untilSomeAreKnown }) => {
    const first = scheduler.commit([box(...items(0, many, 1))]);
    await untilSomeAreKnown(0);
    assert.ok(known() < many, 'in the middle of it');
    const second = scheduler.commit([box(...items(500, 510, 2), item('x', 2))]);
    assert.deepEqual((await Promise.all([first, second])).flatMap(failuresOf), []);
    assert.deepEqual(names(plane), expected(...items(500, 510, 2), item('x', 2)));
    assert.equal(known(), 11);
  }));

test('the value is removed while its parts are taken in', () =>
  live(async ({ scheduler, plane, known, untilSomeAreKnown }) => {
    const first = scheduler.commit([box(...items(0, many, 1))]);
    await untilSomeAreKnown(0);
    assert.ok(known() < many, 'in the middle of it');
    await Promise.all([first, scheduler.commit([{ key, value: null }])]);
    await scheduler.idle();
    assert.deepEqual(names(plane), []);
    assert.equal(scheduler.snapshot().size, 0);
  }));

test('the same value is asked for again while its parts are taken in, and all are there for both who asked', () =>
  live(async ({ scheduler, plane, known, untilSomeAreKnown }) => {
    const seen: number[] = [];
    const commit = async (): Promise<void> => {
      await scheduler.commit([box(...items(0, many, 1))]);
      seen.push(plane.size);
    };
    const first = commit();
    await untilSomeAreKnown(0);
    assert.ok(known() < many, 'in the middle of it');
    await Promise.all([first, commit()]);
    assert.deepEqual(seen, [many + 1, many + 1]);
  }));

test('a plan in between leaves everything as it was', () =>
  live(async ({ scheduler, plane, known, untilSomeAreKnown }) => {
    await scheduler.commit([box(...items(0, 10, 1))]);
    const change = scheduler.commit([box(...items(0, many, 2))]);
    await untilSomeAreKnown(10);
    assert.ok(known() < many, 'in the middle of it');
    const { operations } = scheduler.plan([box(item('x', 1))]);
    assert.ok(operations.some(({ key: at, operation }) => at === 'item/x' && operation === 'CREATE'));
    await change;
    assert.deepEqual(names(plane), expected(...items(0, many, 2)));
  }));

test('a part that another value takes meanwhile is that one’s, and the value takes over when it is free', () =>
  live(async ({ scheduler, plane, known, untilSomeAreKnown }) => {
    const first = scheduler.commit([box(...items(0, many, 1))]);
    await untilSomeAreKnown(0);
    assert.ok(known() < many, 'in the middle of it');
    const other = { key: asKey('box/b'), value: { parts: items(many - 1, many, 7) } };
    await Promise.all([first, scheduler.commit([other])]);
    await scheduler.idle();
    assert.deepEqual(names(plane), ['box/b', `item/${many - 1} 7`]);
    assert.equal(scheduler.status(key)?.error, `conflicts with box/b: both have item/${many - 1}`);
    await scheduler.commit([{ ...other, value: null }]);
    await scheduler.idle();
    assert.deepEqual(names(plane), expected(...items(0, many, 1)));
  }));

test('nothing is done to a value of which some parts are not known yet, and parts that go do so before it changes', () =>
  live(async ({ scheduler, log, known, untilSomeAreKnown }) => {
    const last = 8000;
    await scheduler.commit([box(...items(0, 10, 1))]);
    log.length = 0;
    const next = { key, value: { parts: items(10, last, 1), needs: 'box/z' } satisfies Box };
    const change = scheduler.commit([next], { lane: 'bulk' });
    await untilSomeAreKnown(10);
    assert.ok(known() < last - 10, 'in the middle of it');
    // Brings what the value waits for, and so deals with the value, too.
    const provider = scheduler.commit([{ key: asKey('box/z'), value: { parts: [] } }]);
    while (!log.includes('create box/z')) await new Promise((resolve) => setImmediate(resolve));
    assert.ok(known() < last - 10, 'still in the middle of it');
    await Promise.all([change, provider]);
    const update = log.indexOf('update box/a');
    const removals = items(0, 10, 1).map(({ key: at }) => log.indexOf(`remove ${at}`));
    assert.ok(Math.min(...removals) >= 0 && Math.max(...removals) < update, log.slice(0, 20).join(', '));
    assert.equal(log.length, 1 + 10 + 1 + last - 10);
  }));
