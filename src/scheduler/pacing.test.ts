import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asKey } from '../model/key.ts';
import { createScheduler } from './index.ts';
import { Pacing } from './pacing.ts';
import type { Thing } from './testing/world.ts';
import { thingKey, thingKind } from './testing/world.ts';

test('what is found otherwise again and again is looked at less and less often, and at once after a calm', () => {
  let now = 0;
  const pacing = new Pacing(() => now);
  const [restless, other] = [asKey('thing/restless'), asKey('thing/other')];
  const pauses: number[] = [];
  for (let n = 0; n < 22; n++) {
    now += pacing.pauseOf(restless);
    assert.equal(pacing.differed(restless), n === 8);
    pauses.push(pacing.pauseOf(restless));
  }
  assert.deepEqual(pauses.slice(0, 12), [0, 0, 0, 0, 0, 0, 0, 0, 40, 80, 160, 320]);
  assert.equal(Math.max(...pauses), 60_000);
  assert.equal(pacing.pauseOf(other), 0);
  now += 60_000 + 10_001;
  pacing.differed(other);
  pacing.differed(restless);
  assert.equal(pacing.pauseOf(restless), 0);
});

test('a value that reads back differently is not made again at full speed by the events of its own re-creations', async () => {
  const warned: string[] = [];
  const log = { debug() {}, info() {}, error() {}, warn: (_: unknown, text: string) => void warned.push(text) };
  const scheduler = createScheduler({ engines: [{ name: 'plane', concurrency: 4, deadline: 1000 }], log });
  const key = thingKey('a');
  const made: number[] = [];
  let exists = false;
  scheduler.register(thingKind, {
    kind: 'thing',
    engine: 'plane',
    recreate: () => true,
    async create() {
      exists = true;
      made.push(performance.now());
    },
    async remove() {
      exists = false;
      // As an engine that hears of the removal, a little later.
      setTimeout(() => scheduler.recheck([key], 'it vanished'), 5);
    },
    // The data plane has an idea of its own of what was asked.
    retrieve: async () => (exists ? [{ key, value: { fixed: 7 } as Thing, metadata: undefined, origin: 'ours' }] : []),
  });
  await scheduler.commit([{ key, value: { fixed: 1 } }]);
  scheduler.recheck([key], 'somebody asked');
  while (made.length < 13) await new Promise((resolve) => setTimeout(resolve, 5));
  const pauses = made.map((at, index) => at - (made[index - 1] ?? at)).slice(10);
  // Timers may be a moment early.
  for (const [index, pause] of pauses.entries()) assert.ok(pause > 40 * 2 ** index - 5, pauses.join());
  assert.deepEqual(warned, ['found otherwise after each healing: looked at less often from now on']);
  await scheduler.close();
});
