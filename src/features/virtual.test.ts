import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asKey } from '../model/key.ts';
import { createScheduler } from '../scheduler/index.ts';
import { virtualHandler } from './virtual.ts';

test('what nobody has to make is there once it waits for nothing, and is no surprise before', async () => {
  const engine = { name: 'kernel', concurrency: 1, deadline: 1_000 };
  const scheduler = createScheduler({ engines: [engine] });
  const [base, mark] = [asKey('base/a'), asKey('mark/a')];
  scheduler.register({ name: 'base', prefix: 'base/' }, virtualHandler('base', 'kernel'));
  scheduler.register(
    { name: 'mark', prefix: 'mark/', dependencies: () => [{ label: 'base a', key: base }] },
    virtualHandler('mark', 'kernel'),
  );
  await scheduler.commit([{ key: mark, value: {} }]);
  assert.equal(scheduler.status(mark)?.state, 'PENDING');
  assert.deepEqual(await scheduler.check(), []);
  await scheduler.commit([], { resync: 'DownstreamResync' });
  assert.equal(scheduler.status(mark)?.state, 'PENDING');
  await scheduler.commit([{ key: base, value: {} }]);
  assert.equal(scheduler.status(mark)?.state, 'CONFIGURED');
  assert.deepEqual(await scheduler.check(), []);
  await scheduler.close();
});
