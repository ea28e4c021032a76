/** Nothing that is wanted is forgotten: worlds, found by the properties and made small, that once ended with something missing. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Change, RecordedOperation, Scheduler } from '../index.ts';
import type { DataPlane } from '../testing/data-plane.ts';
import { inSimulatedTime } from '../testing/event-loop.ts';
import type { Thing } from '../testing/world.ts';
import { makeWorld, partKey, thingKey } from '../testing/world.ts';

const put = (name: string, value: Thing): Change => ({ key: thingKey(name), value });
const retry = { period: 1, maxCount: 3, backoff: false };
const texts = (operations: readonly RecordedOperation[]): readonly string[] =>
  operations.filter(({ noop }) => !noop).map(({ operation, key }) => `${operation} ${key}`);

/** Commits one after the other, waits for rest and returns what is there. */
async function live(
  play: (scheduler: Scheduler, plane: DataPlane) => Promise<void>,
  closes: readonly string[] = [],
): Promise<readonly string[]> {
  const { scheduler, plane } = makeWorld();
  plane.inCycle = (_, needed) => closes.includes(needed);
  await inSimulatedTime(
    async () => {
      await play(scheduler, plane);
      while ([...scheduler.snapshot().nodes()].some(({ state }) => state === 'RETRYING'))
        await new Promise((resolve) => setTimeout(resolve, 10));
      await scheduler.idle();
      await scheduler.close();
    },
    () => 0.01,
  );
  assert.deepEqual(plane.violations, []);
  return [...plane.objects.keys()].sort();
}

test('a removal that has to wait for an unknown outcome is left alone, and holds up nobody else', async () => {
  const there = await live(async (scheduler, plane) => {
    plane.fault('create', 'part/c/p', 'silent');
    plane.fault('create', 'thing/b', 'hang');
    await scheduler.commit([put('c', { parts: { p: {} }, properties: ['m'] })], { retry });
    const { record, failures } = await scheduler.commit(
      [put('c', { needs: ['fact/up'], parts: { p: {} } }), put('b', {})],
      { retry },
    );
    assert.deepEqual(texts(record.executed), ['CREATE thing/b']);
    assert.deepEqual(
      failures.map(({ key }) => key),
      ['thing/b'],
    );
  });
  assert.deepEqual(there, ['thing/b']);
});

test('a value that could not be changed is looked at again when what its new revision needs has come', async () => {
  const there = await live(async (scheduler, plane) => {
    plane.fault('remove', 'thing/b', 'fail');
    await scheduler.commit([put('b', {})]);
    await scheduler.commit([put('b', { needs: ['part/a/p'], properties: ['m'] })], { retry: false });
    await scheduler.commit([put('a', { parts: { p: { needs: ['property/b/m'] } } })]);
  });
  assert.deepEqual(there, ['part/a/p', 'thing/a', 'thing/b']);
});

test('what is given up for lack of a value is thought over when the value turns out to move on', async () => {
  const there = await live(
    async (scheduler, plane) => {
      plane.fault('update', 'thing/e', 'fail');
      await scheduler.commit([put('e', { parts: { p: { needs: ['part/a/p'] } } })]);
      const unfinished = put('e', { anyOf: [['part', 'thing/e']], parts: { p: {} }, fit: false });
      await scheduler.commit(
        [put('a', { watches: ['thing/b'], parts: { p: { needs: ['fact/up'] }, q: {} } }), unfinished],
        { retry: false },
      );
      await scheduler.commit([put('b', { watches: ['thing/a'] })]);
    },
    ['thing/a', 'thing/b'],
  );
  assert.deepEqual(there, ['part/a/q', 'part/e/p', 'thing/a', 'thing/b', 'thing/e']);
});

test('a transaction sees what others found out about a value that failed in it', async () => {
  await live(async (scheduler, plane) => {
    plane.fault('create', 'thing/c', 'half');
    plane.fault('remove', 'thing/d', 'mute');
    await scheduler.commit([put('d', {})]);
    await scheduler.commit([put('c', {}), put('d', { needs: ['thing/c', 'thing/a'] })], { retry });
    await scheduler.idle();
    assert.deepEqual(scheduler.status(thingKey('d'))?.details, ['thing/a']);
  });
});

test('what was never there interrupts nobody when it does not come', async () => {
  const there = await live(
    async (scheduler, plane) => {
      await scheduler.commit([put('c', { anyOf: [['thing/c', 'thing/d']] }), put('d', { needs: ['thing/x'] })]);
      const next = [put('c', { fit: false }), put('d', { needs: ['thing/y'] })];
      assert.deepEqual(texts(scheduler.plan(next).operations), ['UPDATE thing/c']);
      plane.log.length = 0;
      await scheduler.commit(next);
      assert.deepEqual(plane.log, [{ action: 'update', key: 'thing/c' }]);
    },
    ['thing/c'],
  );
  assert.deepEqual(there, ['thing/c']);
});

test('a transaction hears that its key hangs in another one, and is done when that is found out', async () => {
  const there = await live(async (scheduler, plane) => {
    plane.latency = () => 3;
    plane.fault('create', 'thing/a', 'silent');
    const first = scheduler.commit([put('a', { revision: 1 })], { retry: false });
    await new Promise((resolve) => setImmediate(resolve));
    const second = scheduler.commit([put('a', { revision: 2 }), put('b', {})], { retry: false });
    const results = await Promise.all([first, second]);
    assert.deepEqual(
      results.map(({ failures }) => failures.map(({ key, operation }) => `${operation} ${key}`)),
      [['CREATE thing/a'], ['CREATE thing/a']],
    );
    assert.equal(
      results[1].record.executed.some(({ key }) => key === 'thing/a'),
      false,
    );
  });
  assert.deepEqual(there, ['thing/a', 'thing/b']);
});

test('what failed for an older request does not keep the younger one waiting for a retry', async () => {
  const there = await live(async (scheduler, plane) => {
    plane.latency = () => 3;
    plane.fault('create', 'thing/f', 'half');
    await scheduler.commit([put('a', { claims: ['y'] })]);
    const first = scheduler.commit([put('f', { revision: 1 })], { retry: false });
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([first, scheduler.commit([put('f', { claims: ['y'] })], { retry: false })]);
    assert.equal(
      scheduler.status(thingKey('f'))?.error,
      'conflicts with thing/a: only one can have y; change or remove one of the two',
    );
  });
  assert.deepEqual(there, ['thing/a']);
});

test('who asks for another look while an operation fails gets one, though nobody wanted it tried again', async () => {
  for (let moment = 0; moment < 8; moment++) {
    const there = await live(async (scheduler, plane) => {
      plane.latency = () => 6;
      plane.readLatency = () => 1;
      plane.fault('create', 'thing/a', 'fail');
      const commit = scheduler.commit([put('a', {})], { retry: false });
      for (let turns = 0; turns < moment; turns++) await new Promise((resolve) => setImmediate(resolve));
      scheduler.recheck([thingKey('a')], 'something happened');
      await commit;
      await scheduler.idle();
      assert.equal(scheduler.status(thingKey('a'))?.state, 'CONFIGURED', `asked after ${moment} turns`);
    });
    assert.deepEqual(there, ['thing/a']);
  }
});

test('what the engine turns out to lack is UNIMPLEMENTED at once, and is tried again when what it needs comes anew', async () => {
  const there = await live(async (scheduler, plane) => {
    const state = (): string | undefined => scheduler.status(thingKey('b'))?.state;
    await scheduler.commit([put('a', { revision: 1 })]);
    plane.fault('create', 'thing/b', 'lack');
    const { failures, record } = await scheduler.commit([put('b', { needs: ['thing/a'] })], { retry });
    assert.deepEqual(
      failures.map(({ key, error }) => `${key} ${error.message}`),
      ['thing/b this engine cannot create thing/b'],
    );
    assert.deepEqual(
      record.executed.map(({ operation, newState }) => `${operation} ${newState}`),
      ['CREATE UNIMPLEMENTED'],
    );
    assert.equal(state(), 'UNIMPLEMENTED');
    assert.equal(scheduler.status(thingKey('b'))?.error, 'this engine cannot create thing/b');
    // Taken down and made again: what it is for may be another one now.
    await scheduler.commit([put('a', { fixed: 2 })]);
    assert.equal(state(), 'CONFIGURED');
    // A revision that cannot be leaves the one that is.
    plane.fault('update', 'thing/b', 'lack');
    await scheduler.commit([put('b', { needs: ['thing/a'], revision: 7 })], { retry });
    assert.equal(state(), 'UNIMPLEMENTED');
    assert.deepEqual(plane.objects.get('thing/b')?.value, { needs: ['thing/a'] });
    await scheduler.commit([], { resync: 'DownstreamResync' });
    assert.equal(state(), 'CONFIGURED');
  });
  assert.deepEqual(there, ['thing/a', 'thing/b']);
});

test('a part that could not go, and stays because the engine cannot make the revision it was to go for, rests', async () => {
  const states: unknown[] = [];
  const there = await live(async (scheduler, plane) => {
    const look = (): void =>
      void states.push([scheduler.status(thingKey('a'))?.state, scheduler.snapshot().node(partKey('a', 'p'))?.state]);
    plane.fault('remove', 'part/a/p', 'fail');
    plane.fault('update', 'thing/a', 'lack');
    await scheduler.commit([put('a', { revision: 0, parts: { p: { fixed: 0 } } })], { retry });
    await scheduler.commit([put('a', { revision: 1, parts: { p: { fixed: 1 } } })], { retry });
    look();
    for (let i = 0; i < 100; i++) await new Promise((resolve) => setTimeout(resolve, 10));
    look();
    await scheduler.commit([], { resync: 'DownstreamResync' });
    look();
    states.push(plane.objects.get('part/a/p')?.value);
  });
  assert.deepEqual(states, [
    ['UNIMPLEMENTED', 'RETRYING'],
    ['UNIMPLEMENTED', 'CONFIGURED'],
    ['CONFIGURED', 'CONFIGURED'],
    { fixed: 1 },
  ]);
  assert.deepEqual(there, ['part/a/p', 'thing/a']);
});
