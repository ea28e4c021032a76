import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { addressPool, nextInPool, numberPool, prefixPool } from './pool.ts';
import type { Pool } from './pool.ts';

function all<Item>(pool: Pool<Item>, most = 1000): Item[] {
  const items: Item[] = [];
  let index = nextInPool(pool, 0n);
  while (index !== undefined && items.length < most) {
    items.push(pool.format(index));
    index = nextInPool(pool, index + 1n);
  }
  return items;
}

describe('pools', () => {
  it('leave out the addresses that hosts cannot have', () => {
    assert.deepEqual(all(addressPool('a', { cidr: '10.0.0.0/29', reserved: ['10.0.0.1', '10.0.0.4-10.0.0.5'] })), [
      '10.0.0.2',
      '10.0.0.3',
      '10.0.0.6',
    ]);
    assert.deepEqual(all(addressPool('a', { cidr: '10.0.0.0/31' })), ['10.0.0.0', '10.0.0.1']);
    assert.deepEqual(all(addressPool('a', { cidr: '10.0.0.7/32' })), ['10.0.0.7']);
    assert.deepEqual(all(addressPool('a', { cidr: 'fd00::/126' })), ['fd00::1', 'fd00::2', 'fd00::3']);
    assert.deepEqual(all(addressPool('a', { cidr: 'fd00::/64', reserved: ['fd00::/65'] }), 1), ['fd00::8000:0:0:0']);
  });

  it('divide a prefix, leaving out what has something reserved in it', () => {
    const pool = prefixPool('p', { cidr: '10.0.0.0/22', length: 24, reserved: ['10.0.1.7', '10.0.3.0/24'] });
    assert.deepEqual(all(pool), ['10.0.0.0/24', '10.0.2.0/24']);
    assert.deepEqual(all(prefixPool('p', { cidr: 'fd00::/62', length: 64 })), [
      'fd00::/64',
      'fd00:0:0:1::/64',
      'fd00:0:0:2::/64',
      'fd00:0:0:3::/64',
    ]);
  });

  it('skip exactly what is reserved', () => {
    const reserved = fc.array(fc.tuple(fc.nat(30), fc.nat(5)).map(([from, more]) => [from, from + more] as const));
    fc.assert(
      fc.property(reserved, (ranges) => {
        const expected = Array.from({ length: 21 }, (_, i) => i + 5).filter(
          (one) => !ranges.some(([from, to]) => one >= from && one <= to),
        );
        assert.deepEqual(all(numberPool('n', { from: 5, to: 25, reserved: ranges })), expected);
      }),
    );
  });

  it('refuse what makes no sense', () => {
    assert.throws(() => numberPool('a/b', { from: 1, to: 2 }), /Pool name/);
    assert.throws(() => numberPool('n', { from: 2, to: 1 }), /ends before it begins/);
    assert.throws(() => numberPool('n', { from: 0.5, to: 1 }), /not a whole number/);
    assert.throws(() => numberPool('n', { from: 1, to: 9, reserved: [[5, 4]] }), /ends before it begins/);
    assert.throws(() => addressPool('a', { cidr: '10.0.0.1/24' }), /bits set beyond/);
    assert.throws(() => addressPool('a', { cidr: '10.0.0.0/24', reserved: ['fd00::1'] }), /is not IPv4/);
    assert.throws(() => prefixPool('p', { cidr: '10.0.0.0/24', length: 16 }), /cannot be divided/);
  });
});
