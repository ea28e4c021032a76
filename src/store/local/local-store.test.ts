import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nextChange } from '../testing/conformance.ts';
import { StoreError } from '../errors.ts';
import { MemoryStore } from '../memory/memory-store.ts';
import type { Commit, Image, Journal } from './journal.ts';
import { LocalStore } from './local-store.ts';

/** A journal whose appends wait for the test. */
class HeldJournal implements Journal {
  readonly appended: (readonly Commit[])[] = [];
  images: Image[] = [];
  /** Appends of more operations than this fail as on a full disk. */
  room = Number.POSITIVE_INFINITY;
  #release: (() => void)[] = [];

  async append(commits: readonly Commit[], image: () => Image): Promise<void> {
    this.appended.push(commits);
    await new Promise<void>((resolve) => this.#release.push(resolve));
    const operations = commits.reduce((sum, commit) => sum + commit.operations.length, 0);
    if (operations > this.room) throw new StoreError('no-space', 'full');
    this.images.push(image());
  }

  async close(): Promise<void> {}

  async release(): Promise<void> {
    while (this.#release.length === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    this.#release.shift()?.();
  }
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const put = (key: string) => ({ type: 'put', key, value: bytes(key) }) as const;

describe('LocalStore', () => {
  it('makes calls that wait durable together', async () => {
    const journal = new HeldJournal();
    const store = new LocalStore('held', journal);
    const first = store.put('first', bytes('1'));
    await new Promise<void>((resolve) => setImmediate(resolve));
    const rest = Array.from({ length: 100 }, (_, i) => store.put(`k${i}`, bytes('2')));
    await journal.release();
    await first;
    await journal.release();
    await Promise.all(rest);
    assert.deepEqual(
      journal.appended.map((commits) => commits.length),
      [1, 100],
    );
    assert.equal(journal.images[1]?.entries.length, 101);
  });

  it('shows nothing before it is durable', async () => {
    const journal = new HeldJournal();
    const store = new LocalStore('held', journal);
    const changes = store.watch('')[Symbol.asyncIterator]();
    const next = nextChange(changes);
    const written = store.put('a', bytes('1'));
    await new Promise<void>((resolve) => setImmediate(resolve));
    assert.equal(journal.appended.length, 1);
    assert.equal(await store.get('a'), undefined);
    assert.equal((await store.list('')).revision, 0);
    await journal.release();
    const revision = await written;
    assert.equal((await next).revision, revision);
  });

  it('fails only what does not fit', async () => {
    const journal = new HeldJournal();
    journal.room = 2;
    const store = new LocalStore('held', journal);
    const outcomes = Promise.allSettled([
      store.put('small', bytes('1')),
      store.transaction([put('x'), put('y'), put('z')]),
      store.put('other', bytes('2')),
    ]);
    for (let i = 0; i < 4; i++) await journal.release();
    const [small, large, other] = await outcomes;
    assert.equal(small.status, 'fulfilled');
    assert.equal(other.status, 'fulfilled');
    assert.ok(large.status === 'rejected' && large.reason instanceof StoreError && large.reason.code === 'no-space');
    assert.deepEqual(
      (await store.list('')).entries.map(({ key, revision }) => [key, revision]),
      [
        ['other', 2],
        ['small', 1],
      ],
    );
  });

  it('lets a later call of the same batch see an earlier one', async () => {
    const journal = new HeldJournal();
    const store = new LocalStore('held', journal);
    const both = Promise.all([
      store.put('a', bytes('1')),
      store.transaction([put('b')], [{ key: 'a', revision: 1 }]),
      store.transaction([put('c')], [{ key: 'b', revision: 0 }]),
    ]);
    await journal.release();
    const [, second, third] = await both;
    assert.deepEqual([second.succeeded, third.succeeded], [true, false]);
    assert.equal(journal.appended.length, 1);
  });

  it('shows a large transaction whole or not at all, and lets the event loop run meanwhile', async () => {
    const store = new MemoryStore();
    const count = 30_000;
    const lost = store.watch('', { from: 1_000_000 })[Symbol.asyncIterator]();
    let [done, turns] = [false, 0];
    const written = store.transaction(Array.from({ length: count }, (_, i) => put(`k${i}`))).then(() => (done = true));
    const sizes = new Set<number>();
    while (!done) {
      sizes.add((await store.list('')).entries.length);
      await new Promise<void>((resolve) => setImmediate(resolve));
      turns += 1;
    }
    await written;
    assert.deepEqual(
      [...sizes].filter((size) => size !== 0 && size !== count),
      [],
    );
    assert.ok(turns > 5, `${turns} turns of the event loop`);
    assert.equal((await nextChange(lost)).events.length, count);
  });

  it('tries an expiry again that could not be written', async () => {
    const journal = new HeldJournal();
    const store = new LocalStore('held', journal);
    const granting = store.lease(20);
    await journal.release();
    const lease = await granting;
    const writing = store.put('a', bytes('1'), { lease });
    await journal.release();
    await writing;
    journal.room = 0;
    await journal.release();
    assert.notEqual(await store.get('a'), undefined);
    journal.room = 10;
    const gone = nextChange(store.watch('')[Symbol.asyncIterator]());
    // The wait for the next try does not keep a process alive; this test must.
    const alive = setInterval(() => {}, 1000);
    await journal.release();
    assert.equal((await gone).events[0]?.type, 'delete');
    clearInterval(alive);
  });
});
