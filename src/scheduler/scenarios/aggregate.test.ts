import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asKey } from '../../model/key.ts';
import type { AggregateChange, Handler } from '../index.ts';
import { createScheduler } from '../index.ts';

interface Hop {
  readonly route: string;
  readonly weight: number;
}

const hop = (name: string, route: string, weight = 1) => ({ key: asKey(`hop/${name}`), value: { route, weight } });

function makeRoutes(refused: ReadonlySet<string> = new Set()) {
  const calls: string[] = [];
  let running = 0;
  const handler: Handler<Hop, number> = {
    kind: 'hop',
    engine: 'e',
    aggregate: (_, { route }) => route,
    async reconcile(_, { aggregate, before, after }: AggregateChange<Hop, number>) {
      assert.equal(++running, 1, 'never two at a time');
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      calls.push(`${aggregate}: ${[...before.keys()].join(' ')} -> ${[...after.keys()].join(' ')}`);
      return new Map([...after].map(([key, { weight }]) => [key, refused.has(key) ? new Error('refused') : weight]));
    },
    create: () => assert.fail('a member is made by reconcile'),
    remove: () => assert.fail('a member is removed by reconcile'),
  };
  const scheduler = createScheduler({ engines: [{ name: 'e', concurrency: 8, deadline: 1000 }] });
  scheduler.register({ name: 'hop', prefix: 'hop/' }, handler as unknown as Handler);
  return { scheduler, calls };
}

test('all next hops of a route are written by one call', async () => {
  const { scheduler, calls } = makeRoutes();
  const { failures } = await scheduler.commit([hop('a', 'r'), hop('b', 'r'), hop('c', 'r')]);
  assert.deepEqual(failures, []);
  assert.deepEqual(calls.splice(0), ['r:  -> hop/a hop/b hop/c']);
  await scheduler.commit([{ key: asKey('hop/a'), value: null }, hop('d', 'r')]);
  assert.deepEqual([...scheduler.snapshot().statuses()].map(({ key }) => key).sort(), ['hop/b', 'hop/c', 'hop/d']);
  assert.equal(calls.at(-1)?.endsWith('-> hop/b hop/c hop/d'), true);
  await scheduler.close();
});

test('transactions at the same time do not write one aggregate at the same time', async () => {
  const { scheduler, calls } = makeRoutes();
  await Promise.all([
    scheduler.commit([hop('a', 'r')]),
    scheduler.commit([hop('b', 'r')]),
    scheduler.commit([hop('c', 'r')]),
  ]);
  assert.equal(calls.at(-1)?.includes('hop/a') && calls.at(-1)?.includes('hop/b'), true);
  await scheduler.close();
});

test('a member that is refused fails alone', async () => {
  const { scheduler } = makeRoutes(new Set(['hop/b']));
  const { failures } = await scheduler.commit([hop('a', 'r'), hop('b', 'r')], { retry: false });
  assert.deepEqual(
    failures.map(({ key }) => key),
    ['hop/b'],
  );
  assert.equal(scheduler.status(asKey('hop/a'))?.state, 'CONFIGURED');
  assert.equal(scheduler.status(asKey('hop/b'))?.state, 'FAILED');
  await scheduler.close();
});
