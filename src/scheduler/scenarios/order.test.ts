/** In which order the data plane is read, and what a slow reader of statuses gets. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asKey } from '../../model/key.ts';
import { createScheduler } from '../index.ts';
import { makeWorld, thingKey } from '../testing/world.ts';

test('12: a kind is read after those whose metadata it needs, and sees it, whatever the order of registration', async () => {
  const scheduler = createScheduler({ engines: [{ name: 'plane', concurrency: 4, deadline: 1000 }] });
  const read: string[] = [];
  const register = (name: string, retrieveAfter: readonly string[]): void =>
    scheduler.register(
      { name, prefix: `${name}/` },
      {
        kind: name,
        engine: 'plane',
        retrieveAfter,
        create: async () => undefined,
        remove: async () => {},
        retrieve: async (context) => {
          const known = retrieveAfter.map((other) => `${other}=${context.metadata<number>(asKey(`${other}/x`))}`);
          read.push([name, ...known].join(' '));
          return [{ key: asKey(`${name}/x`), value: {}, metadata: name.length, origin: 'ours' }];
        },
      },
    );
  register('address', ['interface', 'namespace']);
  register('interface', ['namespace']);
  register('namespace', []);
  const value = {};
  await scheduler.commit(
    ['address', 'interface', 'namespace'].map((name) => ({ key: asKey(`${name}/x`), value })),
    { resync: 'FullResync' },
  );
  assert.deepEqual(read, ['namespace', 'interface namespace=9', 'address interface=9 namespace=9']);
  await scheduler.close();
});

test('a reader that lags gets the newest status of each key once, in the order of the first change', async () => {
  const { scheduler } = makeWorld();
  const watch = scheduler.watch({ prefix: 'thing/' })[Symbol.asyncIterator]();
  for (let revision = 0; revision < 50; revision++) {
    await scheduler.commit([{ key: thingKey('a'), value: { revision } }]);
    await scheduler.commit([{ key: thingKey('b'), value: { revision } }]);
  }
  const last = scheduler.status(thingKey('b'))!.seqNum;
  const first = await watch.next();
  const second = await watch.next();
  const told = [first, second].map((result) => (result.done ? undefined : [result.value.key, result.value.seqNum]));
  assert.deepEqual(told, [
    ['thing/a', last - 1],
    ['thing/b', last],
  ]);
  const third = watch.next();
  await scheduler.commit([{ key: thingKey('a'), value: null }]);
  const result = await third;
  assert.deepEqual(result.done ? undefined : [result.value.key, result.value.state], ['thing/a', 'NONEXISTENT']);
  await watch.return!();
  await scheduler.close();
});
