import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asKey } from '../model/key.ts';
import type { Thing } from './testing/world.ts';
import { makeWorld, partKey, propertyKey, thingKey } from './testing/world.ts';

const put = (name: string, value: Thing) => ({ key: thingKey(name), value });
const drop = (name: string) => ({ key: thingKey(name), value: null });

test('a value waits for what it needs, and is made when that comes', async () => {
  const { plane, scheduler } = makeWorld();
  await scheduler.commit([put('b', { needs: ['thing/a'] })]);
  assert.equal(scheduler.status(thingKey('b'))?.state, 'PENDING');
  assert.deepEqual(scheduler.status(thingKey('b'))?.details, ['thing/a']);
  const { record, failures } = await scheduler.commit([put('a', {})]);
  assert.deepEqual(failures, []);
  assert.deepEqual(
    record.executed.map(({ operation, key, newState }) => `${operation} ${key} ${newState}`),
    ['CREATE thing/a CONFIGURED', 'CREATE thing/b CONFIGURED'],
  );
  assert.equal(scheduler.status(thingKey('b'))?.state, 'CONFIGURED');
  await scheduler.commit([drop('a')]);
  assert.deepEqual(
    plane.log.map(({ action, key }) => `${action} ${key}`),
    ['create thing/a', 'create thing/b', 'remove thing/b', 'remove thing/a'],
  );
  assert.equal(scheduler.status(thingKey('b'))?.state, 'PENDING');
  assert.equal(scheduler.status(thingKey('a')), undefined);
  await scheduler.close();
});

test('parts follow their base, with needs of their own', async () => {
  const { plane, scheduler } = makeWorld();
  await scheduler.commit([
    put('bd', { parts: { one: { needs: ['thing/one'] }, two: {} }, properties: ['up'] }),
    put('user', { needs: ['property/bd/up'] }),
  ]);
  assert.deepEqual(plane.violations, []);
  assert.deepEqual([...plane.objects.keys()].sort(), ['part/bd/two', 'thing/bd', 'thing/user']);
  const status = scheduler.status(thingKey('bd'));
  assert.deepEqual(
    status?.parts.map(({ key, state }) => `${key} ${state}`),
    ['part/bd/one PENDING', 'part/bd/two CONFIGURED', 'property/bd/up CONFIGURED'],
  );
  await scheduler.commit([put('one', {})]);
  assert.equal(scheduler.status(partKey('bd', 'one'))?.state, 'CONFIGURED');
  await scheduler.commit([put('bd', { fixed: 1, parts: { one: { needs: ['thing/one'] } } })]);
  assert.deepEqual(plane.violations, []);
  assert.deepEqual(
    plane.log.slice(5).map(({ action, key }) => `${action} ${key}`),
    [
      'remove part/bd/two',
      'remove part/bd/one',
      'remove thing/user',
      'remove thing/bd',
      'create thing/bd',
      'create part/bd/one',
    ],
  );
  assert.equal(scheduler.status(propertyKey('bd', 'up')), undefined);
  await scheduler.commit([drop('bd'), drop('one'), drop('user')]);
  assert.equal(plane.objects.size, 0);
  assert.equal(scheduler.snapshot().size, 0);
  await scheduler.close();
});

test('what fails is looked up and tried again', async () => {
  const { plane, scheduler } = makeWorld();
  plane.fault('create', 'thing/a', 'fail');
  const { failures } = await scheduler.commit([put('a', {}), put('b', { needs: ['thing/a'] })], {
    retry: { period: 5, maxCount: 3, backoff: false },
  });
  assert.equal(failures.length, 1);
  assert.equal(scheduler.status(thingKey('a'))?.state, 'RETRYING');
  assert.equal(scheduler.status(thingKey('b'))?.state, 'PENDING');
  for await (const { key, state } of scheduler.watch()) if (key === 'thing/b' && state === 'CONFIGURED') break;
  await scheduler.idle();
  assert.equal(scheduler.status(thingKey('a'))?.state, 'CONFIGURED');
  assert.equal(scheduler.history().at(-1)?.type, 'RetryFailedOps');
  await scheduler.close();
});

test('a restart finds what is there, and a full resync of an unchanged plane does nothing', async () => {
  const { plane, scheduler } = makeWorld();
  const changes = [put('a', {}), put('b', { needs: ['thing/a'], parts: { x: {} } })];
  await scheduler.commit(changes);
  await scheduler.close();
  const done = plane.log.length;
  const again = makeWorld({ plane });
  const { record } = await again.scheduler.commit(changes, { resync: 'FullResync' });
  assert.deepEqual(record.executed, []);
  assert.equal(plane.log.length, done);
  assert.equal(again.scheduler.status(thingKey('b'))?.state, 'CONFIGURED');
  await again.scheduler.commit([], { resync: 'FullResync' });
  assert.equal(plane.objects.size, 0);
  await again.scheduler.close();
});

test('the plan names what commit then does, and leaves nothing behind', async () => {
  const { plane, scheduler } = makeWorld();
  await scheduler.commit([put('a', {}), put('b', { needs: ['thing/a'] })]);
  const changes = [put('a', { fixed: 1 }), put('c', { needs: ['thing/b', 'thing/none'] })];
  const size = scheduler.snapshot().size;
  const plan = scheduler.plan(changes);
  assert.equal(scheduler.snapshot().size, size);
  assert.equal(scheduler.status(thingKey('c')), undefined);
  const { record } = await scheduler.commit(changes);
  const short = (operations: typeof record.executed) =>
    operations.map(({ operation, key, noop }) => `${operation} ${key} ${noop}`);
  assert.deepEqual(short(plan.operations), short(record.executed));
  assert.deepEqual(short(record.planned), short(record.executed));
  assert.deepEqual(plane.violations, []);
  await scheduler.close();
});

test('notifications satisfy dependencies and take them away', async () => {
  const { plane, scheduler } = makeWorld();
  await scheduler.commit([put('a', { needs: ['fact/link'] })]);
  scheduler.notify([{ key: 'fact/link' as never, kind: 'fact', value: { up: true } }]);
  await scheduler.idle();
  assert.equal(scheduler.status('fact/link' as never)?.state, 'OBTAINED');
  assert.ok(plane.objects.has('thing/a'));
  scheduler.notify([{ key: 'fact/link' as never, kind: 'fact', value: null }]);
  await scheduler.idle();
  assert.equal(plane.objects.size, 0);
  assert.equal(scheduler.status(thingKey('a'))?.state, 'PENDING');
  await scheduler.close();
});

test('a recheck heals what was changed behind our back', async () => {
  const { plane, scheduler } = makeWorld();
  await scheduler.commit([put('a', { parts: { x: {} } })]);
  plane.objects.delete('part/a/x');
  assert.deepEqual(
    (await scheduler.check()).map(({ key, problem }) => `${key} ${problem}`),
    ['part/a/x missing'],
  );
  scheduler.recheck([thingKey('a')], 'link event');
  await scheduler.idle();
  assert.ok(plane.objects.has('part/a/x'));
  assert.equal(scheduler.history().at(-1)?.description, 'recheck: link event');
  await scheduler.close();
});

test('an engine may be added while others run, once; handlers of engines nobody added are refused', async () => {
  const { scheduler } = makeWorld();
  const made: string[] = [];
  const handler = {
    kind: 'file',
    engine: 'files',
    create: (_context: unknown, key: string) => Promise.resolve(void made.push(key)),
    remove: () => Promise.resolve(),
  };
  const kind = { name: 'file', prefix: 'file/' };
  assert.throws(() => scheduler.register(kind, handler), /engine files, which this scheduler does not have/);
  scheduler.addEngine({ name: 'files', concurrency: 2, deadline: 1000 });
  assert.throws(
    () => scheduler.addEngine({ name: 'files', concurrency: 2, deadline: 1000 }),
    /there is an engine files already/,
  );
  scheduler.register(kind, handler);
  await scheduler.commit([put('a', {}), { key: asKey('file/x'), value: {} }]);
  assert.deepEqual(made, ['file/x']);
  assert.equal(scheduler.status(thingKey('a'))?.state, 'CONFIGURED');
  await scheduler.close();
});
