/** The scenarios of the reference's own tests (KVScheduler), by the numbers of its summary, told in our terms. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asKey } from '../../model/key.ts';
import type { CommitResult } from '../index.ts';
import type { Thing } from '../testing/world.ts';
import { makeWorld, needsOf, partKey, thingKey } from '../testing/world.ts';

const put = (name: string, value: Thing) => ({ key: thingKey(name), value });
const drop = (name: string) => ({ key: thingKey(name), value: null });
const done = ({ record }: CommitResult): string[] =>
  record.executed.filter(({ noop }) => !noop).map(({ operation, key }) => `${operation} ${key}`);
const fast = { period: 5, maxCount: 3, backoff: true };

test('1: a change that re-creates one value and extends another unblocks a third', async () => {
  const { plane, scheduler } = makeWorld();
  await scheduler.commit([
    put('a', { parts: { item1: {} } }),
    put('b', { parts: { item1: {}, item2: { needs: ['part/a/item2'] } } }),
    put('c', { parts: { item1: {} } }),
  ]);
  assert.deepEqual(scheduler.status(partKey('b', 'item2'))?.details, ['part/a/item2']);
  assert.equal((await scheduler.dump({}, 'NB')).length, 3);
  assert.equal((await scheduler.dump({}, 'SB')).length, 3 + 3);
  assert.equal((await scheduler.dump({ kind: 'thing' }, 'cached')).length, 3);
  const result = await scheduler.commit([
    put('c', { fixed: 1, parts: { item1: {} } }),
    put('a', { revision: 1, parts: { item1: {}, item2: {} } }),
  ]);
  const order = done(result);
  for (const [first, second] of [
    ['DELETE part/c/item1', 'DELETE thing/c'],
    ['DELETE thing/c', 'CREATE thing/c'],
    ['CREATE thing/c', 'CREATE part/c/item1'],
    ['UPDATE thing/a', 'CREATE part/a/item2'],
    ['CREATE part/a/item2', 'CREATE part/b/item2'],
  ] as const) {
    assert.ok(
      order.includes(first) && order.indexOf(first) < order.indexOf(second),
      `${first} before ${second} in ${order.join(', ')}`,
    );
  }
  assert.deepEqual(result.record.planned, result.record.executed);
  assert.equal(scheduler.history({ seqNum: result.seqNum }).length, 1);
  assert.deepEqual(plane.violations, []);
  await scheduler.close();
});

test('3: a cycle is made as a whole when its outside is there; a failing removal of a member is got over', async () => {
  const { plane, scheduler } = makeWorld();
  plane.inCycle = (key, needed) => [key, needed].every((one) => /thing\/v[123]/.test(one));
  const cycle = [
    put('v1', { needs: ['thing/v2'] }),
    put('v2', { needs: ['thing/v3'] }),
    put('v3', { needs: ['thing/v1', 'thing/v4'] }),
  ];
  await scheduler.commit(cycle);
  assert.deepEqual(
    ['v1', 'v2', 'v3'].map((name) => scheduler.status(thingKey(name))?.details),
    [['thing/v2'], ['thing/v3'], ['thing/v1', 'thing/v4']],
  );
  assert.equal(done(await scheduler.commit([put('v4', {})])).length, 4);
  assert.equal(plane.objects.size, 4);
  plane.fault('remove', 'thing/v2', 'fail');
  const { failures } = await scheduler.commit([drop('v2')], { retry: false });
  assert.equal(failures.length, 1);
  assert.equal(scheduler.status(thingKey('v2'))?.state, 'FAILED');
  await scheduler.commit([put('v2', { revision: 1, needs: ['thing/v3'] })]);
  assert.deepEqual(
    ['v1', 'v2', 'v3', 'v4'].map((name) => scheduler.status(thingKey(name))?.state),
    Array(4).fill('CONFIGURED'),
  );
  assert.deepEqual(plane.violations, []);
  await scheduler.close();
});

test('4: only the failing removal of the part is executed; its base stays', async () => {
  const { plane, scheduler } = makeWorld();
  await scheduler.commit([put('a', { parts: { x: {} } })]);
  plane.fault('remove', 'part/a/x', 'fail');
  const result = await scheduler.commit([drop('a')], { retry: false });
  assert.deepEqual(done(result), ['DELETE part/a/x']);
  assert.ok(plane.objects.has('thing/a'));
  await scheduler.commit([drop('a')]);
  await scheduler.commit([], { resync: 'DownstreamResync' });
  assert.equal(plane.objects.size, 0);
  await scheduler.close();
});

test('5: a part that cannot come back fails, its base is updated', async () => {
  const { plane, scheduler } = makeWorld();
  await scheduler.commit([put('a', { parts: { x: { fixed: 1 } } })]);
  plane.fault('create', 'part/a/x', 'fail');
  await scheduler.commit([put('a', { revision: 1, parts: { x: { fixed: 2 } } })], { retry: false });
  assert.equal(scheduler.status(thingKey('a'))?.state, 'CONFIGURED');
  assert.equal(scheduler.status(partKey('a', 'x'))?.state, 'FAILED');
  await scheduler.close();
});

test('6: notifications make and unmake what depends on them, and on what they consist of', async () => {
  const { plane, scheduler } = makeWorld();
  await scheduler.commit([put('b', { needs: ['fact/a'], parts: { item1: {} } })], { resync: 'FullResync' });
  assert.equal(scheduler.status(thingKey('b'))?.state, 'PENDING');
  scheduler.notify([{ key: asKey('fact/a'), kind: 'fact', value: {}, metadata: 7 }]);
  await scheduler.idle();
  assert.equal(scheduler.history().at(-1)?.type, 'SBNotification');
  assert.equal(plane.objects.size, 2);
  await assert.rejects(scheduler.dump({ kind: 'fact' }, 'SB'), { code: 'unimplemented' });
  scheduler.notify([{ key: asKey('fact/a'), kind: 'fact', value: null }]);
  await scheduler.idle();
  assert.equal(plane.objects.size, 0);
  assert.equal(scheduler.status(asKey('fact/a')), undefined);
  await scheduler.close();
});

test('7: values that a notification made fail, and are tried again as their own transactions said', async () => {
  const { plane, scheduler } = makeWorld();
  await scheduler.commit([put('b', { anyOf: [['fact']] })], { retry: fast });
  await scheduler.commit([put('c', { anyOf: [['fact']] })], { retry: fast });
  plane.fault('create', 'thing/b', 'fail');
  plane.fault('create', 'thing/c', 'fail', 'fail');
  scheduler.notify([{ key: asKey('fact/a'), kind: 'fact', value: {} }]);
  await scheduler.idle();
  assert.deepEqual(
    ['b', 'c'].map((name) => scheduler.status(thingKey(name))?.state),
    ['RETRYING', 'RETRYING'],
  );
  for await (const { key, state } of scheduler.watch()) if (key === 'thing/c' && state === 'CONFIGURED') break;
  await scheduler.idle();
  assert.equal(scheduler.status(thingKey('b'))?.state, 'CONFIGURED');
  assert.ok(scheduler.history().some(({ type, retryAttempt }) => type === 'RetryFailedOps' && retryAttempt === 2));
  await scheduler.close();
});

test('8, 9: a resync of nothing is recorded; one of everything, then of nothing, makes and removes all in order', async () => {
  const { plane, scheduler } = makeWorld();
  assert.deepEqual(scheduler.history(), []);
  await scheduler.commit([], { resync: 'FullResync' });
  assert.equal(scheduler.history().length, 1);
  await scheduler.commit(
    [
      put('a', { parts: { x: { needs: ['part/b/y'] } } }),
      put('b', { parts: { y: {} } }),
      put('c', { needs: ['part/a/x'] }),
    ],
    { resync: 'FullResync' },
  );
  assert.equal(plane.objects.size, 5);
  await scheduler.commit([], { resync: 'FullResync' });
  assert.equal(plane.objects.size, 0);
  assert.deepEqual(plane.violations, []);
  await scheduler.close();
});

test('10, 11: a resync finds, keeps, changes, re-creates and removes what is there; what is not ours stays', async () => {
  const { plane, scheduler } = makeWorld();
  const there = (name: string, value: Thing, foreign = false) =>
    plane.put(`thing/${name}`, value, needsOf(thingKey(name), value), foreign);
  there('same', { revision: 1 });
  there('other', { revision: 1 });
  there('fixed', { fixed: 1 });
  there('extra', {});
  there('foreign', {}, true);
  const result = await scheduler.commit(
    [
      put('same', { revision: 1 }),
      put('other', { revision: 2 }),
      put('fixed', { fixed: 2 }),
      put('new', { needs: ['thing/foreign'] }),
      put('waits', { needs: ['thing/none'] }),
    ],
    { resync: 'FullResync' },
  );
  assert.deepEqual(done(result).sort(), [
    'CREATE thing/fixed',
    'CREATE thing/new',
    'DELETE thing/extra',
    'DELETE thing/fixed',
    'UPDATE thing/other',
  ]);
  assert.equal(scheduler.status(thingKey('foreign'))?.state, 'OBTAINED');
  assert.equal(scheduler.status(thingKey('waits'))?.state, 'PENDING');
  assert.deepEqual(plane.violations, []);
  await scheduler.close();
});

test('13: a part that fails during a resync is tried again', async () => {
  const { plane, scheduler } = makeWorld();
  plane.fault('create', 'part/a/x', 'fail');
  await scheduler.commit([put('a', { parts: { x: {} } })], { resync: 'FullResync', retry: fast });
  assert.equal(scheduler.status(partKey('a', 'x'))?.state, 'RETRYING');
  for await (const { parts } of scheduler.watch()) if (parts[0]?.state === 'CONFIGURED') break;
  assert.ok(plane.objects.has('part/a/x'));
  await scheduler.close();
});
