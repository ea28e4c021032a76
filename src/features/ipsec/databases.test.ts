import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asKey } from '../../model/key.ts';
import { Databases } from './kernel/databases.ts';
import { MOST_DATABASES } from './kernel/packet-table.ts';

const [p, q, r] = ['p', 'q', 'r'].map(asKey) as [ReturnType<typeof asKey>, ReturnType<typeof asKey>, never];

test('a database has a number as long as it has an interface, and the smallest that is free', () => {
  const databases = new Databases();
  assert.deepEqual(databases.place(10), { links: [], number: 0 });
  assert.equal(databases.join(10, p, 5), 1);
  assert.equal(databases.join(20, q, 6), 2);
  assert.equal(databases.join(10, r, 7), 1);
  assert.deepEqual(databases.place(10), { links: [5, 7], number: 1 });
  databases.leave(10, p);
  databases.leave(10, r);
  assert.deepEqual(databases.place(10), { links: [], number: 0 });
  assert.equal(databases.join(30, p, 5), 1);
});

test('numbers that were found are kept, but two databases never share one', () => {
  const databases = new Databases();
  assert.ok(databases.found(10, p, 5, 7));
  assert.ok(databases.found(10, p, 5, 7));
  assert.ok(!databases.found(10, q, 6, 8), 'a database has one number');
  assert.ok(!databases.found(20, q, 6, 7), 'and a number one database');
  assert.equal(databases.join(20, q, 6), 1);
  assert.deepEqual(databases.place(10), { links: [5], number: 7 });
});

test('there are no more numbers than the mark has room for', () => {
  const databases = new Databases();
  for (let index = 1; index <= MOST_DATABASES; index++)
    assert.equal(databases.join(index, asKey(`i${index}`), index), index);
  assert.equal(databases.join(1_000, p, 5), undefined);
  assert.deepEqual(databases.place(1_000), { links: [], number: 0 });
  databases.leave(100, asKey('i100'));
  assert.equal(databases.join(1_000, p, 5), 100);
});
