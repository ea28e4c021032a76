import assert from 'node:assert/strict';
import type { Store } from '../store/store.ts';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { openEmbeddedStore } from '../store/embedded/embedded-store.ts';
import { MemoryStore } from '../store/memory/memory-store.ts';
import { prefixed } from '../store/prefixed.ts';
import { Allocator } from './allocator.ts';
import { AllocateError } from './errors.ts';
import type { AllocateErrorCode } from './errors.ts';
import { addressPool, numberPool, prefixPool } from './pool.ts';
import { serveStore } from './testing/store-over-ipc.ts';

const rejectsWith = (code: AllocateErrorCode, call: Promise<unknown>): Promise<void> =>
  assert.rejects(call, (error: unknown) => error instanceof AllocateError && error.code === code);

describe('Allocator', () => {
  it('gives the lowest free item, the same to the same owner, and takes it back', async () => {
    const vnis = new Allocator(new MemoryStore(), numberPool('vni', { from: 10, to: 13, reserved: [11] }));
    assert.equal(await vnis.allocate('a/b'), 10);
    assert.equal(await vnis.allocate('c'), 12);
    assert.equal(await vnis.allocate('a/b'), 10);
    assert.equal(await vnis.allocate('d'), 13);
    await rejectsWith('exhausted', vnis.allocate('e'));
    assert.equal(await vnis.release('c'), true);
    assert.equal(await vnis.release('c'), false);
    assert.equal(await vnis.allocate('e'), 12);
    assert.deepEqual(await vnis.list(), [
      { owner: 'a/b', item: 10 },
      { owner: 'd', item: 13 },
      { owner: 'e', item: 12 },
    ]);
    assert.equal(await vnis.get('d'), 13);
    assert.equal(await vnis.get('c'), undefined);
    assert.equal(await vnis.ownerOf(12), 'e');
    assert.equal(await vnis.ownerOf(11), undefined);
  });

  it('gives a wanted item, or says why not', async () => {
    const pool = addressPool('ip', { cidr: '10.0.0.0/24', reserved: ['10.0.0.1'] });
    const addresses = new Allocator(new MemoryStore(), pool);
    assert.equal(await addresses.allocate('a', { wanted: '10.0.0.7' }), '10.0.0.7');
    assert.equal(await addresses.allocate('a', { wanted: '10.0.0.7' }), '10.0.0.7');
    await rejectsWith('taken', addresses.allocate('b', { wanted: '10.0.0.7' }));
    await rejectsWith('reserved', addresses.allocate('b', { wanted: '10.0.0.1' }));
    await rejectsWith('reserved', addresses.allocate('b', { wanted: '10.0.1.1' }));
    await rejectsWith('usage', addresses.allocate('a', { wanted: '10.0.0.8' }));
    await rejectsWith('usage', addresses.allocate('b', { wanted: 'fd00::1' }));
    await rejectsWith('usage', addresses.allocate(''));
  });

  it('refuses to mix pools of different items under one name', async () => {
    const store = new MemoryStore();
    await new Allocator(store, prefixPool('p', { cidr: '10.0.0.0/16', length: 24 })).allocate('a');
    await rejectsWith(
      'usage',
      new Allocator(store, prefixPool('p', { cidr: '10.0.0.0/16', length: 25 })).allocate('b'),
    );
    const larger = new Allocator(store, prefixPool('p', { cidr: '10.0.0.0/8', length: 24, reserved: ['10.0.1.0/24'] }));
    assert.equal(await larger.allocate('a'), '10.0.0.0/24');
    assert.equal(await larger.allocate('b'), '10.0.2.0/24');
  });

  it('gives the lowest items, without a race, to owners that ask at once', async () => {
    const store = new MemoryStore();
    const before = (await store.list('')).revision;
    const ids = new Allocator(store, numberPool('id', { from: 1, to: 5000 }));
    const asked = Array.from({ length: 300 }, (_, i) => `owner-${i % 200}`);
    const items = await Promise.all(asked.map((owner) => ids.allocate(owner)));
    assert.deepEqual(items.slice(200), items.slice(0, 100));
    assert.equal(new Set(items).size, 200);
    assert.ok(Math.max(...items) <= 300, 'gaps only from owners that asked twice at once');
    assert.equal((await store.list('')).revision - before, 201, 'one write for the shape, one for each owner');
    assert.equal(await ids.release('owner-7'), true);
    assert.equal(await ids.allocate('another'), Math.min(items[7] ?? 0, 201));
  });

  it('sees what another allocator released when nothing else is left', async () => {
    const store = new MemoryStore();
    const pool = numberPool('n', { from: 1, to: 2 });
    const [one, two] = [new Allocator(store, pool), new Allocator(store, pool)];
    await one.allocate('a');
    await two.allocate('b');
    await rejectsWith('exhausted', one.allocate('c'));
    await two.release('b');
    assert.equal(await one.allocate('c'), 2);
  });

  it('does what a simple model does, through any of several allocators, one by one or all at once', async () => {
    const owner = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g');
    const step = fc.record({ by: fc.nat(2), release: fc.boolean(), owner });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.boolean(), async (steps, together) => {
        const store = prefixed(new MemoryStore(), '/x/');
        const pool = numberPool('n', { from: 1, to: 5, reserved: [3] });
        const allocators = [0, 1, 2].map(() => new Allocator(store, pool));
        const run = async ({ by, release, owner: whose }: (typeof steps)[number]): Promise<void> => {
          const allocator = allocators[by] as Allocator<number>;
          if (release) return void (await allocator.release(whose));
          const full = (await allocator.list()).length >= 4;
          try {
            const item = await allocator.allocate(whose);
            assert.ok([1, 2, 4, 5].includes(item));
            if (!together) assert.equal(await allocator.allocate(whose), item);
          } catch (error) {
            assert.ok(error instanceof AllocateError && error.code === 'exhausted', String(error));
            if (!together) assert.ok(full);
          }
        };
        if (together) await Promise.all(steps.map(run));
        else for (const one of steps) await run(one);
        const items = (await (allocators[0] as Allocator<number>).list()).map(({ item }) => item);
        assert.equal(new Set(items).size, items.length, 'no item has two owners');
        assert.equal((await store.list('allocate/n/item/')).entries.length, items.length, 'both sides agree');
      }),
      { numRuns: 200 },
    );
  });

  it('never gives the same to several processes', async () => {
    const store = new MemoryStore();
    const outputs = ['one', 'two', 'three'].map(async (name) => {
      const child = fork(join(import.meta.dirname, 'testing/allocating-process.ts'), [name, '40'], {
        serialization: 'advanced',
        silent: true,
      });
      let [output, errors] = ['', ''];
      child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
      serveStore(store, child);
      const [code] = (await once(child, 'close')) as [number];
      assert.equal(code, 0, errors);
      return JSON.parse(output) as string[];
    });
    const items = (await Promise.all(outputs)).flat();
    assert.equal(items.length, 120);
    assert.equal(new Set(items).size, 120);
  });

  it('goes on when another call, which has lost a race, looks again at what items are', async () => {
    const store = new MemoryStore();
    const [lost, claimed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let isFirst = true;
    const writesOf = (writes: Parameters<Store['transaction']>[0], end: string) =>
      writes.some(({ key }) => key.endsWith(end));
    const racy: Store = Object.assign(Object.create(store) as Store, {
      async get(key: string) {
        if (key.endsWith('/slow')) await lost.promise;
        return store.get(key);
      },
      list: store.list.bind(store),
      async transaction(...[writes, compares]: Parameters<Store['transaction']>) {
        if (writesOf(writes, '/quick') && isFirst) {
          isFirst = false;
          lost.resolve();
          return { succeeded: false, revision: 0 };
        }
        if (writesOf(writes, '/slow')) claimed.resolve();
        // The quick one does so again: not before the slow one is through.
        else if (writesOf(writes, '/shape') && !isFirst) await claimed.promise;
        return store.transaction(writes, compares);
      },
    });
    const allocator = new Allocator(racy, prefixPool('nodes', { cidr: 'fd00::/48', length: 64 }));
    await allocator.allocate('before');
    const items = await Promise.all([allocator.allocate('slow'), allocator.allocate('quick')]);
    assert.equal(new Set(items).size, 2);
  });

  it('has its allocations after a restart', async (t) => {
    const path = await mkdtemp(join(tmpdir(), 'ligature-allocate-'));
    t.after(() => rm(path, { recursive: true }));
    const pool = prefixPool('nodes', { cidr: 'fd00::/48', length: 64 });
    const before = await openEmbeddedStore({ path });
    const item = await new Allocator(before, pool).allocate('node-1');
    await before.close();
    const after = await openEmbeddedStore({ path });
    t.after(() => after.close());
    const allocator = new Allocator(after, pool);
    assert.equal(await allocator.allocate('node-1'), item);
    assert.equal(await allocator.allocate('node-2'), 'fd00:0:0:1::/64');
  });
});
