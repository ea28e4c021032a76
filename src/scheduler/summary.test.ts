import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summarize, summarizePlan } from './index.ts';
import type { Change } from './index.ts';
import type { Thing } from './testing/world.ts';
import { makeWorld, thingKey } from './testing/world.ts';

const put = (name: string, value: Thing): Change => ({ key: thingKey(name), value });

test('a summary says what was asked, what was done and what went wrong', async () => {
  const { scheduler, plane } = makeWorld();
  const told: string[] = [];
  scheduler.onTransaction((record, course) => told.push(summarize(record, course)));
  plane.fault('create', 'thing/b', 'fail');
  await scheduler.commit([put('a', {}), put('b', {}), put('c', { needs: ['fact/up'] })], {
    description: 'three things',
    retry: false,
  });
  assert.deepEqual(
    told
      .join('\n')
      .replace(/[0-9.]+ ms/, 'n ms')
      .split('\n'),
    [
      'transaction 0 (NBTransaction) "three things": 3 changes; state only 1, CREATE 2; 1 failed; n ms',
      '  CREATE thing/c [state only]: NONEXISTENT -> PENDING (requested)',
      '  CREATE thing/a: NONEXISTENT -> CONFIGURED (requested)',
      '  CREATE thing/b: NONEXISTENT -> FAILED (requested): scripted failure of create thing/b',
    ],
  );
  await scheduler.close();
});

test('a long transaction is cut short', async () => {
  const { scheduler } = makeWorld();
  let text = '';
  scheduler.onTransaction((record, course) => (text = summarize(record, course)));
  await scheduler.commit(
    Array.from({ length: 100 }, (_, i) => put(`t${i}`, {})),
    { resync: 'FullResync' },
  );
  const lines = text.split('\n');
  assert.match(lines[0] ?? '', /^transaction 0 \(NBTransaction, FullResync\): 100 changes; CREATE 100; /);
  assert.equal(lines.length, 22);
  assert.equal(lines.at(-1), '  and 80 more: see the history');
  await scheduler.close();
});

test('a plan is told before anything is done, and stays what it was when things go otherwise', async () => {
  const told: string[] = [];
  const { scheduler, plane } = makeWorld({
    onPlan: (transaction) => told.push(summarizePlan(transaction), `${plane.objects.size} there`),
  });
  await scheduler.commit([put('a', {})]);
  plane.fault('create', 'thing/b', 'fail');
  const { record } = await scheduler.commit([put('a', { revision: 1 }), put('b', {})], { retry: false });
  await scheduler.commit([put('a', { revision: 1 })]);
  assert.deepEqual(told.join('\n').split('\n'), [
    'transaction 0 (NBTransaction) is going to: CREATE 1',
    '  CREATE thing/a: NONEXISTENT -> CONFIGURED (requested)',
    '0 there',
    'transaction 1 (NBTransaction) is going to: CREATE 1, UPDATE 1',
    '  CREATE thing/b: NONEXISTENT -> CONFIGURED (requested)',
    '  UPDATE thing/a: CONFIGURED -> CONFIGURED (requested)',
    '1 there',
  ]);
  assert.deepEqual(
    record.planned.map(({ newState }) => newState),
    ['CONFIGURED', 'CONFIGURED'],
  );
  await scheduler.close();
});

test('a plan that nobody wanted to hear of is kept where things went otherwise', async () => {
  const { scheduler, plane } = makeWorld();
  plane.fault('create', 'thing/b', 'fail');
  const { record } = await scheduler.commit([put('a', {}), put('b', {})], { retry: false });
  assert.deepEqual(
    record.planned.map(({ key, prevState, newState }) => `${key}: ${prevState} -> ${newState}`),
    ['thing/a: NONEXISTENT -> CONFIGURED', 'thing/b: NONEXISTENT -> CONFIGURED'],
  );
  await scheduler.close();
});

test('a listener that fails takes no transaction along, and all hear of the time spent', async () => {
  const errors: string[] = [];
  const log = { debug() {}, info() {}, warn() {}, error: (_: object, message: string) => void errors.push(message) };
  const { scheduler } = makeWorld({
    log,
    onPlan: () => {
      throw new Error('no');
    },
  });
  const phases: string[][] = [];
  scheduler.onTransaction(() => {
    throw new Error('no');
  });
  scheduler.onTransaction((_, { timing }) => phases.push(Object.keys(timing).sort()));
  await scheduler.commit([put('a', {})]);
  assert.deepEqual(errors, ['a listener to plans failed', 'a listener to transactions failed']);
  assert.deepEqual(phases, [['execute', 'plan', 'record', 'validate', 'wait']]);
  assert.equal(scheduler.waiting, 0);
  await scheduler.close();
});
