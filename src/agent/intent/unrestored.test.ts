import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asKey } from '../../model/key.ts';
import { createScheduler, type Change, type CommitResult, type Scheduler } from '../../scheduler/index.ts';
import { Unrestored } from './unrestored.ts';

const keyOf = (name: string) => asKey(`thing/${name}`);
const put = (name: string, parts: readonly string[] = []): Change => ({ key: keyOf(name), value: { name, parts } });

/** Things, whose parts are made on their own; the keys in `broken` are refused. */
function makeWorld() {
  const broken = new Set<string>();
  const made = new Set<string>();
  let unreadable: Error | undefined;
  const scheduler = createScheduler({ engines: [{ name: 'plane', concurrency: 4, deadline: 50 }] });
  const handler = (kind: string) => ({
    kind,
    engine: 'plane',
    create: async (_: unknown, key: string) => {
      if (broken.has(key)) throw new Error('the plane refuses');
      made.add(key);
    },
    remove: async (_: unknown, key: string) => {
      if (broken.has(key)) throw new Error('the plane refuses');
      made.delete(key);
    },
  });
  scheduler.register({ name: 'part' }, handler('part'));
  scheduler.register(
    {
      name: 'thing',
      prefix: 'thing/',
      parts: (key, value) =>
        (value as { parts: readonly string[] }).parts.map((name) => ({
          key: asKey(`${key}/part/${name}`),
          kind: 'part',
          value: { name },
        })),
    },
    {
      ...handler('thing'),
      retrieve: async () => {
        if (unreadable !== undefined) throw unreadable;
        return [];
      },
    },
  );
  const read = (error?: Error): void => void (unreadable = error);
  return { scheduler, broken, made, read };
}

/** Restores and counts: `told` is what was said, `until` waits for that many. */
async function restore(scheduler: Scheduler, changes: readonly Change[], options: object = { retry: false }) {
  const restored: CommitResult = await scheduler.commit(changes, { resync: 'FullResync', ...options });
  const told: (string | undefined)[] = [];
  let heard = (): void => {};
  const unrestored = new Unrestored(
    scheduler,
    restored,
    ({ reason }) => {
      told.push(reason);
      heard();
    },
    5,
  );
  const until = async (reason: string | undefined): Promise<void> => {
    // The looks themselves keep no process alive.
    const alive = setInterval(() => {}, 1000);
    while (unrestored.reason !== reason) await new Promise<void>((resolve) => (heard = resolve));
    clearInterval(alive);
  };
  return { unrestored, told, until };
}

test('values that could not be restored are counted until they are given anew, removed or restored', async () => {
  const { scheduler, broken } = makeWorld();
  for (const name of ['a', 'b', 'c', 'd/part/p']) broken.add(keyOf(name));
  const { unrestored, told, until } = await restore(scheduler, [
    put('a'),
    put('b'),
    put('c'),
    put('d', ['p', 'q']),
    put('e', ['p']),
  ]);
  assert.equal(unrestored.values, 4);
  assert.equal(unrestored.reason, '4 values could not be restored, see values');
  // Given anew: whether it can be made now is what that commit says.
  await scheduler.commit([put('a', ['x'])], { retry: false });
  await until('3 values could not be restored, see values');
  await scheduler.commit([{ key: keyOf('b'), value: null }]);
  await until('2 values could not be restored, see values');
  broken.clear();
  await scheduler.commit([], { resync: 'DownstreamResync' });
  await until(undefined);
  assert.deepEqual(told.at(-1), undefined);
  assert.equal(unrestored.isEmpty, true);
  await scheduler.close();
});

test('a value that is restored by a retry is counted no longer, and nothing else changes the count', async () => {
  const { scheduler, broken, made } = makeWorld();
  broken.add(keyOf('a')).add(keyOf('b'));
  const { unrestored, told, until } = await restore(scheduler, [put('a'), put('b')], {
    retry: { period: 20, maxCount: 0, backoff: false },
  });
  assert.equal(unrestored.values, 2);
  await scheduler.commit([put('other')]);
  broken.delete(keyOf('a'));
  await until('1 value could not be restored, see values');
  assert.deepEqual(told, ['1 value could not be restored, see values']);
  assert.deepEqual([...made].sort(), ['thing/a', 'thing/other']);
  unrestored.close();
  await scheduler.close();
});

test('a kind that could not be read is named until it was read', async () => {
  const { scheduler, read } = makeWorld();
  read(new Error('no answer'));
  const { unrestored, until } = await restore(scheduler, [put('a')]);
  assert.equal(unrestored.values, 0);
  assert.equal(unrestored.reason, 'what there is of thing/ could not be read');
  await scheduler.commit([put('b')]);
  assert.equal(unrestored.isEmpty, false);
  read();
  await scheduler.commit([], { resync: 'DownstreamResync' });
  await until(undefined);
  await scheduler.close();
});

test('of what was restored nothing is said', async () => {
  const { scheduler } = makeWorld();
  const { unrestored, told } = await restore(scheduler, [put('a', ['p'])]);
  assert.equal(unrestored.isEmpty, true);
  assert.deepEqual(told, []);
  await scheduler.close();
});
