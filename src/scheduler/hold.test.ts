import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScheduler } from './index.ts';

function held() {
  const scheduler = createScheduler({ engines: [] });
  const there = Promise.withResolvers<void>();
  scheduler.hold(() => 'the data plane is on its way', there.promise);
  return { scheduler, there };
}

test('transactions wait in their order for a data plane that is not there yet; reading it is refused', async () => {
  const { scheduler, there } = held();
  const done: string[] = [];
  const commits = ['first', 'second'].map((description) =>
    scheduler.commit([], { description }).then(() => done.push(description)),
  );
  assert.equal(scheduler.held, 'the data plane is on its way');
  await assert.rejects(scheduler.check(), { code: 'away', message: 'the data plane is on its way' });
  await assert.rejects(scheduler.dump({}, 'SB'), { code: 'away' });
  assert.deepEqual(await scheduler.dump({}, 'NB'), []);
  assert.deepEqual(done, []);
  there.resolve();
  await Promise.all(commits);
  assert.deepEqual([done, scheduler.held], [['first', 'second'], undefined]);
  assert.deepEqual(await scheduler.check(), []);
});

test('who waits is sent away when the scheduler closes', async () => {
  const { scheduler } = held();
  const waiting = assert.rejects(scheduler.commit([], { description: 'never' }), { code: 'closed' });
  await scheduler.close();
  await waiting;
});
