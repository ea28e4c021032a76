/** What only one value can have: claims of values and of their parts, and parts that two values make. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asKey } from '../../model/key.ts';
import type { Change, Handler, Kind, Part } from '../index.ts';
import type { Thing, World } from '../testing/world.ts';
import { makeWorld, partKey, planeHandler, thingKey } from '../testing/world.ts';

const put = (name: string, value: Thing | null): Change => ({ key: thingKey(name), value });
const there = ({ plane }: World): readonly string[] => [...plane.objects.keys()].sort();

test('a part of a value that lost a claim takes nothing from anybody', async () => {
  const world = makeWorld();
  const { scheduler } = world;
  await scheduler.commit([put('a', { claims: ['x'] })]);
  await scheduler.commit([put('b', { claims: ['x'], parts: { p: { claims: ['y'] } } })]);
  await scheduler.commit([put('c', { claims: ['y'] })]);
  assert.deepEqual(there(world), ['thing/a', 'thing/c']);
  assert.equal(
    scheduler.status(thingKey('b'))?.error,
    'conflicts with thing/a: only one can have x; change or remove one of the two',
  );
  await scheduler.commit([put('a', null)]);
  assert.deepEqual(there(world), ['part/b/p', 'thing/b']);
  assert.equal(
    scheduler.status(thingKey('c'))?.error,
    'conflicts with part/b/p: only one can have y; change or remove one of the two',
  );
  await scheduler.commit([put('a', { claims: ['x'] })]);
  assert.deepEqual(there(world), ['thing/a', 'thing/c']);
  await scheduler.close();
});

test('a part that lost a claim leaves its base alone, and says so', async () => {
  const world = makeWorld();
  const { scheduler } = world;
  await scheduler.commit([put('b', { parts: { p: { claims: ['y'], parts: { s: { claims: ['z'] } } }, q: {} } })]);
  await scheduler.commit([
    { ...put('c', { claims: ['y'] }), source: { name: 'operator', priority: 1 } },
    put('d', { claims: ['z'] }),
  ]);
  assert.deepEqual(there(world), ['part/b/q', 'thing/b', 'thing/c', 'thing/d']);
  assert.equal(scheduler.status(thingKey('b'))?.state, 'CONFIGURED');
  assert.equal(
    scheduler.status(partKey('b', 'p'))?.error,
    'conflicts with thing/c: only one can have y; change or remove one of the two',
  );
  await scheduler.commit([put('c', null)]);
  assert.deepEqual(there(world), ['part/b/p', 'part/b/p/s', 'part/b/q', 'thing/b']);
  await scheduler.close();
});

test('a part has the priority of whoever asks for its base now', async () => {
  const world = makeWorld();
  const { scheduler } = world;
  const by = (change: Change, priority: number): Change => ({ ...change, source: { name: `${priority}`, priority } });
  const base = put('c', { parts: { p: { claims: ['y'] } } });
  await scheduler.commit([by(base, 0), by(put('a', { claims: ['y'] }), 1)]);
  assert.deepEqual(there(world), ['thing/a', 'thing/c']);
  await scheduler.commit([by(base, 2)]);
  assert.deepEqual(there(world), ['part/c/p', 'thing/c']);
  await scheduler.close();
});

test('a plan gives back the claims of parts that it took', async () => {
  const world = makeWorld();
  const { scheduler } = world;
  await scheduler.commit([
    put('a', { parts: { p: { claims: ['y'] } } }),
    put('b', { parts: { p: { claims: ['x'] } } }),
    put('c', { parts: { q: { claims: ['y'] } } }),
  ]);
  const loses = [put('a', { claims: ['x'] })];
  const first = scheduler.plan(loses).operations.map(({ operation, key }) => `${operation} ${key}`);
  assert.ok(first.includes('CREATE part/c/q'));
  assert.equal(
    scheduler.status(partKey('c', 'q'))?.error,
    'conflicts with part/a/p: only one can have y; change or remove one of the two',
  );
  const again = scheduler.plan(loses).operations.map(({ operation, key }) => `${operation} ${key}`);
  assert.deepEqual(again, first);
  await scheduler.close();
});

/** Values that make parts of any key. */
function makeShares(): World {
  const world = makeWorld();
  const shares: Kind = {
    name: 'share',
    prefix: 'share/',
    parts: (_, value) => (value as { readonly parts: readonly Part[] }).parts,
  };
  const handler = (kind: string): Handler => planeHandler(world.plane, kind, { retrieve: false }) as Handler;
  world.scheduler.register({ name: 'shared' }, handler('shared'));
  world.scheduler.register(shares, handler('share'));
  return world;
}

const shared = (revision: number): Part => ({ key: asKey('shared/x'), kind: 'shared', value: { revision } });
const share = (name: string, ...parts: Part[]): Change => ({ key: asKey(`share/${name}`), value: { parts } });

test('a value that has one part twice is made when both are the same, and refused when they differ', async () => {
  const world = makeShares();
  const { scheduler } = world;
  await scheduler.commit([share('a', shared(1), shared(1))]);
  assert.deepEqual(there(world), ['share/a', 'shared/x']);
  await scheduler.commit([share('a', shared(1), shared(2))]);
  const status = scheduler.status(asKey('share/a'));
  assert.equal(status?.state, 'INVALID');
  assert.equal(status.error, 'has shared/x twice, and differently');
  assert.deepEqual(status.details, ['has shared/x twice, and differently']);
  assert.deepEqual(scheduler.validate([share('c', shared(1), shared(2))]), [
    { key: 'share/c', problems: [{ field: '', message: 'has shared/x twice, and differently' }] },
  ]);
  assert.deepEqual(world.plane.objects.get('shared/x')?.value, { revision: 1 });
  await scheduler.close();
});

test('of two values that make the same part the second says so, and takes over when the first lets it go', async () => {
  const world = makeShares();
  const { scheduler } = world;
  await scheduler.commit([share('b', shared(1)), share('a', shared(2)), share('c', shared(3))]);
  const status = scheduler.status(asKey('share/a'));
  assert.equal(status?.state, 'INVALID');
  assert.equal(status.error, 'conflicts with share/b: both have shared/x');
  assert.deepEqual(there(world), ['share/b', 'shared/x']);
  await scheduler.commit([share('b')]);
  await scheduler.idle();
  assert.deepEqual(there(world), ['share/a', 'share/b', 'shared/x']);
  assert.deepEqual(world.plane.objects.get('shared/x')?.value, { revision: 2 });
  assert.equal(scheduler.status(asKey('share/c'))?.error, 'conflicts with share/a: both have shared/x');
  await scheduler.commit([{ key: asKey('share/c'), value: null }]);
  await scheduler.commit([{ key: asKey('share/a'), value: null }]);
  await scheduler.idle();
  assert.deepEqual(there(world), ['share/b']);
  assert.deepEqual(world.plane.violations, []);
  await scheduler.close();
});
