import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import fc from 'fast-check';
import { checkAgainstModel } from './model.ts';
import type { OpenedStore } from './opened-store.ts';

export type { OpenedStore } from './opened-store.ts';
import { StoreError } from '../errors.ts';
import type { StoreErrorCode } from '../errors.ts';
import type { Store, StoreChange, StoreEvent } from '../store.ts';

export interface ConformanceOptions {
  /** An empty store. */
  readonly open: () => Promise<OpenedStore>;
  /** An empty store that keeps at most this many changes for watchers, if that can be had. */
  readonly openForgetful?: { readonly changes: number; readonly open: () => Promise<OpenedStore> };
  /** Runs of each property. Default 100; fewer for slow servers. */
  readonly runs?: number;
  /** Shortest ttl of a lease in ms that the store can keep. Default 100. */
  readonly shortestLease?: number;
}

/** What every store must do, whatever it is built on: registers the tests with node:test under `name`. */
export function storeConformance(name: string, options: ConformanceOptions): void {
  const open = async (t: TestContext): Promise<OpenedStore> => {
    const opened = await options.open();
    t.after(() => opened.dispose());
    return opened;
  };
  describe(`${name}: store contract`, () => {
    readingAndWriting(open);
    transactions(open);
    watching(open);
    forgetting(options);
    leases(open, options.shortestLease ?? 100);
    closing(open);
    restarting(open);
    properties(options);
  });
}

type Open = (t: TestContext) => Promise<OpenedStore>;

function readingAndWriting(open: Open): void {
  it('gives back what was put, with the revision of the write', async (t) => {
    const { store } = await open(t);
    assert.equal(await store.get('a/b'), undefined);
    const first = await store.put('a/b', text('one'));
    const second = await store.put('a/b', text('two'));
    assert.ok(second > first);
    const entry = await store.get('a/b');
    assert.deepEqual(entry && { ...entry, value: string(entry.value) }, { key: 'a/b', value: 'two', revision: second });
  });

  it('keeps any bytes and any well-formed key', async (t) => {
    const { store } = await open(t);
    const all = Uint8Array.from({ length: 256 }, (_, index) => index);
    await store.put('bytes', all);
    await store.put('empty', new Uint8Array(0));
    await store.put('ключ/鍵 🔑', text('x'));
    assert.deepEqual([...((await store.get('bytes'))?.value ?? [])], [...all]);
    assert.equal((await store.get('empty'))?.value.length, 0);
    assert.equal(string((await store.get('ключ/鍵 🔑'))?.value), 'x');
  });

  it('keeps a value of a megabyte', async (t) => {
    const { store } = await open(t);
    const value = Uint8Array.from({ length: 1_000_000 }, (_, index) => (index * 7) & 255);
    await store.put('big', value);
    assert.equal(Buffer.compare((await store.get('big'))?.value ?? text(''), value), 0);
  });

  it('lists by plain string prefix, sorted, at a revision', async (t) => {
    const { store } = await open(t);
    for (const key of ['b', 'a/2', 'a/10', 'a', 'ab', 'a/1']) await store.put(key, text(key));
    const { entries, revision } = await store.list('a/');
    assert.deepEqual(
      entries.map(({ key, value }) => [key, string(value)]),
      [
        ['a/1', 'a/1'],
        ['a/10', 'a/10'],
        ['a/2', 'a/2'],
      ],
    );
    assert.equal(revision, Math.max(...(await store.list('')).entries.map((entry) => entry.revision)));
    assert.deepEqual(
      (await store.list('a')).entries.map(({ key }) => key),
      ['a', 'a/1', 'a/10', 'a/2', 'ab'],
    );
    assert.deepEqual((await store.list('zz')).entries, []);
    for (const { value } of (await store.list('', { keysOnly: true })).entries) assert.equal(value.length, 0);
  });

  it('deletes, and says whether there was something', async (t) => {
    const { store } = await open(t);
    await store.put('a', text('1'));
    assert.equal(await store.delete('a'), true);
    assert.equal(await store.get('a'), undefined);
    assert.equal(await store.delete('a'), false);
    assert.deepEqual((await store.list('')).entries, []);
  });

  it('is not touched by what the caller does with a value afterwards', async (t) => {
    const { store } = await open(t);
    for (const size of [10, 100_000]) {
      const value = Buffer.alloc(size, 'before');
      const before = value.toString();
      await store.put('a', value);
      value.fill(0);
      assert.equal(string((await store.get('a'))?.value), before);
    }
  });

  it('honours a signal that is aborted', async (t) => {
    const { store } = await open(t);
    const signal = AbortSignal.abort(new Error('enough'));
    await assert.rejects(store.get('a', { signal }), /enough/);
    await assert.rejects(store.list('a', { signal }), /enough/);
  });

  it('refuses empty, overlong and malformed keys', async (t) => {
    const { store } = await open(t);
    for (const key of ['', 'k'.repeat(65_536), 'a\ud800']) await rejectsWith('usage', store.put(key, text('x')));
    assert.deepEqual((await store.list('')).entries, []);
  });
}

function transactions(open: Open): void {
  it('writes all of a transaction at one revision', async (t) => {
    const { store } = await open(t);
    await store.put('gone', text('x'));
    const outcome = await store.transaction([put('a', '1'), put('b', '2'), { type: 'delete', key: 'gone' }]);
    assert.equal(outcome.succeeded, true);
    const { entries, revision } = await store.list('');
    assert.equal(revision, outcome.revision);
    assert.deepEqual(
      entries.map((entry) => [entry.key, entry.revision]),
      [
        ['a', revision],
        ['b', revision],
      ],
    );
  });

  it('writes nothing when one compare does not hold', async (t) => {
    const { store } = await open(t);
    const revision = await store.put('a', text('1'));
    const wrong = [
      { key: 'a', revision: 0 },
      { key: 'a', revision: revision + 1 },
      { key: 'a', value: text('2') },
      { key: 'missing', value: text('') },
      { key: 'a', revision, value: text('2') },
    ];
    for (const compare of wrong) {
      const outcome = await store.transaction([put('a', '9'), put('b', '9')], [{ key: 'c', revision: 0 }, compare]);
      assert.equal(outcome.succeeded, false, JSON.stringify(compare));
    }
    assert.deepEqual(
      (await store.list('')).entries.map(({ key, value }) => [key, string(value)]),
      [['a', '1']],
    );
    assert.equal((await store.list('')).revision, revision);
  });

  it('writes when every compare holds', async (t) => {
    const { store } = await open(t);
    const revision = await store.put('a', text('1'));
    const compares = [
      { key: 'a', revision },
      { key: 'a', value: text('1') },
      { key: 'b', revision: 0 },
    ];
    assert.equal((await store.transaction([put('b', '2')], compares)).succeeded, true);
    assert.equal(string((await store.get('b'))?.value), '2');
  });

  it('lets one of many racing writers win each round', async (t) => {
    const { store } = await open(t);
    await store.put('counter', text('0'));
    const increment = async (): Promise<void> => {
      for (;;) {
        const now = await store.get('counter');
        assert.ok(now !== undefined);
        const next = put('counter', String(Number(string(now.value)) + 1));
        const { succeeded } = await store.transaction([next], [{ key: 'counter', revision: now.revision }]);
        if (succeeded) return;
      }
    };
    await Promise.all(Array.from({ length: 20 }, increment));
    assert.equal(string((await store.get('counter'))?.value), '20');
  });

  it('refuses a key written twice and a compare of nothing, and changes nothing', async (t) => {
    const { store } = await open(t);
    await rejectsWith('usage', store.transaction([put('a', '1'), put('a', '2')]));
    await rejectsWith('usage', store.transaction([put('a', '1')], [{ key: 'b' }]));
    assert.deepEqual((await store.list('')).entries, []);
  });

  it('serves a good call beside a bad one made in the same turn', async (t) => {
    const { store } = await open(t);
    const [bad, good] = await Promise.allSettled([store.put('', text('x')), store.put('a', text('1'))]);
    assert.equal(bad.status, 'rejected');
    assert.equal(good.status, 'fulfilled');
    assert.equal(string((await store.get('a'))?.value), '1');
  });
}

function watching(open: Open): void {
  it('delivers later changes in order, one for each transaction, with previous values', async (t) => {
    const { store } = await open(t);
    await store.put('a', text('0'));
    const watch = watcher(t, store, '');
    const r1 = await store.put('a', text('1'));
    const { revision: r2 } = await store.transaction([put('b', '2'), { type: 'delete', key: 'a' }]);
    await store.delete('missing');
    const r3 = await store.put('b', text('2'));
    assert.deepEqual(await watch.take(3), [
      [r1, 'put a 0>1'],
      [r2, 'delete a 1>, put b >2'],
      [r3, 'put b 2>2'],
    ]);
  });

  it('delivers only what is under the prefix', async (t) => {
    const { store } = await open(t);
    const watch = watcher(t, store, 'a/');
    await store.transaction([put('a/1', 'x'), put('b/1', 'y')]);
    await store.put('b/2', text('z'));
    const last = await store.delete('a/1').then(() => store.list(''));
    const [first, second] = await watch.take(2);
    assert.equal(first?.[1], 'put a/1 >x');
    assert.deepEqual(second, [last.revision, 'delete a/1 x>']);
  });

  it('resumes from a revision and misses nothing', async (t) => {
    const { store } = await open(t);
    await store.put('a', text('1'));
    const { revision } = await store.list('');
    await store.put('a', text('2'));
    await store.put('b', text('3'));
    const changes = await watcher(t, store, '', revision).take(2);
    assert.deepEqual(
      changes.map(([, events]) => events),
      ['put a 1>2', 'put b >3'],
    );
  });

  it('gives complete content for a revision it has never had', async (t) => {
    const { store } = await open(t);
    const revision = await store.put('a', text('1'));
    const watch = watcher(t, store, '', revision + 1_000_000);
    assert.deepEqual(await watch.take(1), [[revision, 'resync: put a >1']]);
  });

  it('ends when the signal aborts, also while waiting', async (t) => {
    const { store } = await open(t);
    const controller = new AbortController();
    const iterator = store.watch('', { signal: controller.signal })[Symbol.asyncIterator]();
    const waiting = iterator.next();
    controller.abort();
    assert.equal((await waiting).done, true);
    assert.equal((await iterator.next()).done, true);
  });

  it('ends when the consumer leaves, and others go on', async (t) => {
    const { store } = await open(t);
    const other = watcher(t, store, '');
    const iterator = store.watch('')[Symbol.asyncIterator]();
    await store.put('a', text('1'));
    assert.equal((await iterator.next()).done, false);
    await iterator.return?.();
    assert.equal((await iterator.next()).done, true);
    assert.deepEqual(
      (await other.take(1)).map(([, events]) => events),
      ['put a >1'],
    );
  });

  it('loses nothing for a consumer slower than the writer', async (t) => {
    const { store } = await open(t);
    const watch = watcher(t, store, '');
    for (let i = 0; i < 50; i++) await store.put(`k${i % 7}`, text(String(i)));
    const changes = await watch.take(50);
    const revisions = changes.map(([revision]) => revision);
    assert.deepEqual(
      revisions,
      [...revisions].sort((a, b) => a - b),
    );
    assert.equal(new Set(revisions).size, 50);
    assert.match(changes[49]?.[1] ?? '', />49$/);
  });
}

function forgetting({ openForgetful }: ConformanceOptions): void {
  if (openForgetful === undefined) return;
  const { changes: kept, open } = openForgetful;
  it('gives complete content to a watcher that fell behind its history', async (t) => {
    const { store, dispose } = await open();
    t.after(dispose);
    const watch = watcher(t, store, 'k/');
    await store.put('k/gone', text('x'));
    await store.delete('k/gone');
    for (let i = 0; i < kept * 2; i++) await store.put(`k/${i % 3}`, text(String(i)));
    await store.put('other', text('y'));
    const { revision } = await store.list('');
    const last = kept * 2 - 1;
    const content = [0, 1, 2].map((slot) => `put k/${slot} >${last - ((((last - slot) % 3) + 3) % 3)}`).join(', ');
    assert.deepEqual(await watch.take(1), [[revision, `resync: ${content}`]]);
    const next = await store.put('k/0', text('after'));
    const [change] = await watch.take(1);
    assert.equal(change?.[0], next);
    assert.match(change?.[1] ?? '', /^put k\/0 \d+>after$/);
  });
}

function leases(open: Open, ttl: number): void {
  it('deletes the keys of a lease together when it expires', async (t) => {
    const { store } = await open(t);
    const watch = watcher(t, store, '');
    const lease = await store.lease(ttl * 3);
    await store.transaction([{ ...put('a', '1'), lease }, { ...put('b', '2'), lease }, put('c', '3')]);
    const [, change] = await watch.take(2);
    assert.equal(change?.[1], 'delete a 1>, delete b 2>');
    assert.deepEqual(
      (await store.list('')).entries.map(({ key }) => key),
      ['c'],
    );
    await rejectsWith('conflict', lease.keepAlive());
    await rejectsWith('conflict', store.put('d', text('4'), { lease }));
  });

  it('keeps keys as long as the lease is kept alive', async (t) => {
    const { store } = await open(t);
    const watch = watcher(t, store, '');
    const lease = await store.lease(ttl * 3);
    await store.put('a', text('1'), { lease });
    const until = performance.now() + ttl * 6;
    while (performance.now() < until) {
      await lease.keepAlive();
      assert.notEqual(await store.get('a'), undefined);
      await new Promise((resolve) => setTimeout(resolve, ttl / 4));
    }
    assert.deepEqual(
      (await watch.take(2)).map(([, events]) => events),
      ['put a >1', 'delete a 1>'],
    );
  });

  it('deletes the keys when the lease is revoked, except those written again without it', async (t) => {
    const { store } = await open(t);
    const lease = await store.lease(60_000);
    await store.put('a', text('1'), { lease });
    await store.put('b', text('2'), { lease });
    await store.put('b', text('3'));
    await lease.revoke();
    assert.deepEqual(
      (await store.list('')).entries.map(({ key }) => key),
      ['b'],
    );
    await rejectsWith('conflict', lease.keepAlive());
  });

  it('refuses a ttl that is none', async (t) => {
    const { store } = await open(t);
    for (const bad of [0, -5, Number.NaN]) await rejectsWith('usage', store.lease(bad));
  });

  it('expires a lease granted before a restart', async (t) => {
    const { store, reopen } = await open(t);
    if (reopen === undefined) return t.skip('not durable');
    await store.put('a', text('1'), { lease: await store.lease(ttl * 5) });
    await store.put('b', text('2'), { lease: await store.lease(60_000) });
    await store.put('c', text('3'));
    const again = await reopen();
    const watch = watcher(t, again, '');
    assert.notEqual(await again.get('a'), undefined);
    assert.deepEqual(
      (await watch.take(1)).map(([, events]) => events),
      ['delete a 1>'],
    );
    assert.deepEqual(
      (await again.list('')).entries.map(({ key }) => key),
      ['b', 'c'],
    );
  });
}

function closing(open: Open): void {
  it('finishes calls under way, then refuses, and ends watches', async (t) => {
    const { store } = await open(t);
    const iterator = store.watch('')[Symbol.asyncIterator]();
    const waiting = iterator.next();
    const pending = store.put('a', text('1'));
    const closed = store.close();
    assert.equal(typeof (await pending), 'number');
    await closed;
    await rejectsWith('closed', store.get('a'));
    await rejectsWith('closed', store.put('a', text('2')));
    await rejectsWith('closed', store.lease(1000));
    if (!(await waiting).done) assert.equal((await iterator.next()).done, true);
    await store.close();
  });

  it('has all it acknowledged after a restart, and goes on counting', async (t) => {
    const { store, reopen } = await open(t);
    if (reopen === undefined) return t.skip('not durable');
    await store.transaction([put('a', '1'), put('b', '2')]);
    await store.delete('a');
    const before = await store.list('');
    const again = await reopen();
    const after = await again.list('');
    assert.deepEqual(
      after.entries.map(({ key, value }) => [key, string(value)]),
      [['b', '2']],
    );
    assert.equal(after.revision, before.revision);
    assert.ok((await again.put('c', text('3'))) > before.revision);
  });
}

function restarting(open: Open): void {
  it('has values of any size after a restart', async (t) => {
    const { store, reopen } = await open(t);
    if (reopen === undefined) return t.skip('not durable');
    const values = Array.from({ length: 40 }, (_, i) => String.fromCharCode(65 + i).repeat(i * i * 80));
    for (const [i, value] of values.entries()) await store.put(`k${String(i).padStart(2, '0')}`, text(value));
    const { entries } = await (await reopen()).list('');
    for (const [i, { value }] of entries.entries()) assert.ok(string(value) === values[i], `value ${i} differs`);
    assert.equal(entries.length, values.length);
  });
}

function properties({ open, runs = 100 }: ConformanceOptions): void {
  it('does what a simple model does', async () => {
    await fc.assert(checkAgainstModel(open), { numRuns: runs });
  });
}

/** Reads changes as `[revision, 'put key previous>value, ...']`, events sorted by key. */
function watcher(
  t: TestContext,
  store: Store,
  prefix: string,
  from?: number,
): { take: (count: number) => Promise<[number, string][]> } {
  const iterator = store.watch(prefix, { from, signal: t.signal })[Symbol.asyncIterator]();
  t.after(() => iterator.return?.());
  return {
    take: async (count) => {
      const changes: [number, string][] = [];
      while (changes.length < count) {
        const change = await nextChange(iterator);
        changes.push([change.revision, describeChange(change)]);
      }
      return changes;
    },
  };
}

/** The next change of a watch that must not end. */
export async function nextChange(changes: AsyncIterator<StoreChange, void>): Promise<StoreChange> {
  const { value, done } = await changes.next();
  assert.ok(done !== true && value !== undefined, 'the watch ended');
  return value;
}

function describeChange({ resync, events }: StoreChange): string {
  const sorted = [...events].sort((a, b) => (a.key < b.key ? -1 : 1));
  return (resync ? 'resync: ' : '') + sorted.map(describeEvent).join(', ');
}

function describeEvent(event: StoreEvent): string {
  const value = event.type === 'put' ? string(event.value) : '';
  return `${event.type} ${event.key} ${event.previous === undefined ? '' : string(event.previous)}>${value}`;
}

async function rejectsWith(code: StoreErrorCode, call: Promise<unknown>): Promise<void> {
  await assert.rejects(call, (error: unknown) => error instanceof StoreError && error.code === code);
}

function put(key: string, value: string): { type: 'put'; key: string; value: Uint8Array } {
  return { type: 'put', key, value: text(value) };
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function string(value: Uint8Array | undefined): string {
  return new TextDecoder().decode(value);
}
