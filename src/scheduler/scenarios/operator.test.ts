/** What operators rely on: guarded commits, reverts, verification, adoption, claims, refusals, watching. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Thing } from '../testing/world.ts';
import { makeWorld, needsOf, planeHandler, thingKey, thingKind } from '../testing/world.ts';
import { DataPlane } from '../testing/data-plane.ts';
import { createScheduler } from '../index.ts';
import type { Handler, Kind } from '../index.ts';

const put = (name: string, value: Thing, priority = 0) => ({
  key: thingKey(name),
  value,
  source: { name: `s${priority}`, priority },
});
const drop = (name: string) => ({ key: thingKey(name), value: null });
const values = (plane: DataPlane) => Object.fromEntries([...plane.objects].map(([key, { value }]) => [key, value]));

test('an unconfirmed commit is rolled back, a confirmed one stays', async () => {
  const { plane, scheduler } = makeWorld();
  await scheduler.commit([put('a', { revision: 1 })]);
  await scheduler.commit([put('a', { revision: 2 }), put('b', {})], { confirmWithin: 10 });
  assert.deepEqual(values(plane), { 'thing/a': { revision: 2 }, 'thing/b': {} });
  for await (const { key, state } of scheduler.watch()) if (key === 'thing/b' && state === 'NONEXISTENT') break;
  await scheduler.idle();
  assert.deepEqual(values(plane), { 'thing/a': { revision: 1 } });
  const { seqNum } = await scheduler.commit([put('a', { revision: 3 })], { confirmWithin: 10 });
  scheduler.confirm(seqNum);
  assert.throws(() => scheduler.confirm(seqNum), { code: 'not-found' });
  await scheduler.rollback(seqNum);
  assert.deepEqual(values(plane), { 'thing/a': { revision: 1 } });
  await scheduler.close();
});

test('a reverted commit leaves everything as it was and reports its failure', async () => {
  const { plane, scheduler } = makeWorld();
  await scheduler.commit([put('a', { revision: 1 }), put('c', { fixed: 1 })]);
  plane.fault('update', 'thing/a', 'fail');
  const { failures, record } = await scheduler.commit(
    [put('c', { fixed: 2 }), put('a', { revision: 2 }), put('d', {})],
    { revert: true },
  );
  assert.deepEqual(
    failures.map(({ key }) => key),
    ['thing/a'],
  );
  assert.deepEqual(values(plane), { 'thing/a': { revision: 1 }, 'thing/c': { fixed: 1 } });
  assert.ok(record.executed.some(({ isRevert }) => isRevert));
  assert.equal(scheduler.status(thingKey('a'))?.state, 'CONFIGURED');
  assert.deepEqual(plane.violations, []);
  await scheduler.close();
});

test('verification finds what the data plane did not take', async () => {
  const { plane, scheduler } = makeWorld();
  const update = plane.create.bind(plane);
  plane.create = (key, value, needs) => update(key, { ...value, revision: 99 }, needs);
  const { failures } = await scheduler.commit([put('a', { revision: 1 })], { verify: true });
  assert.match(failures[0]?.error.message ?? '', /thing\/a is different in revision/);
  await scheduler.close();
});

test('a foreign object is listed, satisfies, can be adopted, and is never removed before', async () => {
  const { plane, scheduler } = makeWorld();
  plane.put('thing/x', { revision: 5 }, needsOf(thingKey('x'), {}));
  await scheduler.commit([put('a', { needs: ['thing/x'] })], { resync: 'FullResync' });
  assert.equal(scheduler.status(thingKey('x'))?.state, 'OBTAINED');
  assert.equal(scheduler.status(thingKey('a'))?.state, 'CONFIGURED');
  await scheduler.adopt(thingKey('x'), { name: 'cli', priority: 1 });
  assert.equal(scheduler.status(thingKey('x'))?.state, 'CONFIGURED');
  assert.equal(plane.log.length, 1);
  await scheduler.commit([drop('x')]);
  assert.equal(scheduler.status(thingKey('a'))?.state, 'PENDING');
  assert.equal(plane.objects.size, 0);
  await scheduler.close();
});

test('the loser of a conflict takes over by itself', async () => {
  const { plane, scheduler } = makeWorld();
  await scheduler.commit([put('b', { claims: ['x'] })]);
  await scheduler.commit([put('c', { claims: ['x'] }, 5)]);
  assert.deepEqual([...plane.objects.keys()], ['thing/c']);
  assert.deepEqual(scheduler.status(thingKey('b'))?.details, [
    'conflicts with thing/c: only one can have x; change or remove one of the two',
  ]);
  await scheduler.commit([drop('c')]);
  assert.deepEqual([...plane.objects.keys()], ['thing/b']);
  await scheduler.close();
});

test('an invalid revision leaves the applied one in place, and known', async () => {
  const { plane, scheduler } = makeWorld();
  await scheduler.commit([put('a', { revision: 1, parts: { p: {} } })]);
  await scheduler.commit([put('a', { revision: 2, invalid: 'not so' })]);
  assert.equal(scheduler.status(thingKey('a'))?.state, 'INVALID');
  assert.deepEqual(scheduler.status(thingKey('a'))?.details, ['invalid']);
  assert.equal(plane.objects.size, 2);
  await scheduler.commit([put('a', { revision: 3, parts: { p: {} } })]);
  assert.deepEqual(plane.log.at(-1), { action: 'update', key: 'thing/a' });
  await scheduler.commit([put('a', { invalid: 'again' })]);
  await scheduler.commit([drop('a')]);
  assert.equal(plane.objects.size, 0);
  await scheduler.close();
});

test('a value without handler is UNIMPLEMENTED until one is registered', async () => {
  const plane = new DataPlane();
  const scheduler = createScheduler({ engines: [{ name: 'plane', concurrency: 4, deadline: 1000 }] });
  await scheduler.commit([put('a', {})]);
  assert.equal(scheduler.status(thingKey('a'))?.state, 'UNIMPLEMENTED');
  scheduler.register(thingKind as Kind);
  await scheduler.idle();
  assert.equal(scheduler.status(thingKey('a'))?.error, 'no handler for thing on this engine');
  scheduler.register(thingKind as Kind, planeHandler(plane, 'thing') as Handler);
  await scheduler.idle();
  assert.equal(scheduler.status(thingKey('a'))?.state, 'CONFIGURED');
  assert.equal(scheduler.history().at(-1)?.type, 'RetryUnimplOps');
  assert.throws(() => scheduler.register({ name: 'other', prefix: 'thing/sub/' }), { code: 'usage' });
  await scheduler.close();
});

test('a snapshot stays what it was, and reading it waits for nothing', async () => {
  const { plane, scheduler } = makeWorld();
  await scheduler.commit([put('a', { revision: 1 })]);
  const before = scheduler.snapshot();
  plane.fault('update', 'thing/a', 'hang');
  const running = scheduler.commit([put('a', { revision: 2 }), put('b', {})], { retry: false });
  assert.equal(before.size, 1);
  assert.deepEqual(before.node(thingKey('a'))?.desired, { revision: 1 });
  assert.equal(before.status(thingKey('b')), undefined);
  await running;
  assert.deepEqual(
    [...before.nodes()].map(({ key, applied }) => [key, applied]),
    [['thing/a', { revision: 1 }]],
  );
  await scheduler.close();
});

test('a hung operation holds up only what depends on it', async () => {
  const { plane, scheduler } = makeWorld();
  plane.fault('create', 'thing/slow', 'hang');
  const slow = scheduler.commit([put('slow', {}), put('after', { needs: ['thing/slow'] })], { retry: false });
  await scheduler.commit([put('a', {})]);
  assert.equal(scheduler.status(thingKey('a'))?.state, 'CONFIGURED');
  assert.deepEqual(
    (await slow).failures.map(({ error }) => (error as { code?: string }).code),
    ['timeout'],
  );
  await scheduler.idle();
  assert.equal(scheduler.status(thingKey('slow'))?.state, 'FAILED');
  assert.equal(scheduler.status(thingKey('after'))?.state, 'PENDING');
  await scheduler.close();
});
