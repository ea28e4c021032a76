/** A data plane that is not there: what fails for that alone is not counted, and waits for its return. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asKey } from '../model/key.ts';
import { SchedulerError } from './errors.ts';
import { createScheduler } from './index.ts';
import type { SchedulerLog } from './scheduler.ts';

const key = asKey('thing/a');

function stage() {
  const plane = { isThere: false, tries: 0, objects: new Set<string>() };
  const logged: string[] = [];
  const note = (level: string) => (_details: object, message: string) => void logged.push(`${level} ${message}`);
  const log: SchedulerLog = { debug() {}, info: note('info'), warn: note('warn'), error: note('error') };
  const scheduler = createScheduler({ engines: [{ name: 'plane', concurrency: 8, deadline: 1_000 }], log });
  const work = async (step: () => void): Promise<undefined> => {
    plane.tries++;
    if (!plane.isThere) throw new SchedulerError('away', 'the plane is away: made when it is back');
    step();
    return undefined;
  };
  scheduler.register(
    { name: 'thing', prefix: 'thing/' },
    {
      kind: 'thing',
      engine: 'plane',
      create: (_context, made) => work(() => plane.objects.add(made)),
      remove: (_context, gone) => work(() => plane.objects.delete(gone)),
      async retrieve() {
        if (!plane.isThere) throw new SchedulerError('away', 'the plane is away: nothing can be read');
        return [...plane.objects].map((found) => ({
          key: asKey(found),
          value: { n: 1 },
          metadata: undefined,
          origin: 'ours' as const,
        }));
      },
    },
  );
  return { plane, scheduler, logged };
}

const retry = { period: 1, maxCount: 2, backoff: false };

test('it is RETRYING without being tried, and made by the resync when the data plane is back', async () => {
  const { plane, scheduler, logged } = stage();
  const { failures } = await scheduler.commit([{ key, value: { n: 1 } }], { retry });
  assert.deepEqual(
    failures.map((failure) => `${failure.key}: ${failure.error.message}`),
    ['thing/a: the plane is away: made when it is back'],
  );
  const { tries } = plane;
  // Longer than all attempts would take.
  await new Promise((resolve) => setTimeout(resolve, 100));
  await scheduler.idle();
  assert.deepEqual([plane.tries, scheduler.status(key)?.state], [tries, 'RETRYING']);
  assert.deepEqual(
    logged.filter((line) => line.startsWith('warn')),
    [],
  );
  plane.isThere = true;
  await scheduler.commit([], { resync: 'DownstreamResync' });
  assert.deepEqual([[...plane.objects], scheduler.status(key)?.state], [['thing/a'], 'CONFIGURED']);
  await scheduler.close();
});

test('what could be read is compared, and the rest is named with the reason', async () => {
  const { scheduler } = stage();
  const other = asKey('other/a');
  let holds = 1;
  scheduler.register(
    { name: 'other', prefix: 'other/' },
    {
      kind: 'other',
      engine: 'plane',
      create: async () => {},
      remove: async () => {},
      retrieve: async () => [{ key: other, value: { n: holds }, metadata: undefined, origin: 'ours' as const }],
    },
  );
  await scheduler.commit([{ key: other, value: { n: 1 } }]);
  const unread = [{ kind: 'thing', key: 'thing/', error: 'the plane is away: nothing can be read' }];
  const compare = async () => {
    const comparison = await scheduler.compare();
    return {
      drift: comparison.drift.map(({ key: differing, problem }) => `${differing} ${problem}`),
      unread: comparison.unread.map(({ error, ...rest }) => ({ ...rest, error: error.message })),
    };
  };
  assert.deepEqual(await compare(), { drift: [], unread });
  holds = 2;
  assert.deepEqual(await compare(), { drift: ['other/a different'], unread });
  await assert.rejects(scheduler.check(), { code: 'away' });
  await assert.rejects(scheduler.compare({ kinds: ['thing'] }), { code: 'away' });
  await scheduler.close();
});

test('nothing is said to be as applied that could not be read', async () => {
  const { plane, scheduler } = stage();
  await assert.rejects(scheduler.check(), {
    code: 'away',
    message: 'could not be compared: thing: the plane is away: nothing can be read',
  });
  await assert.rejects(scheduler.dump({ kind: 'thing' }, 'SB'), { code: 'away' });
  plane.isThere = true;
  assert.deepEqual(await scheduler.check(), []);
  await scheduler.close();
});
