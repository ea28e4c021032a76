import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalIp, canonicalPrefix } from '../model/address.ts';
import { asKey } from '../model/key.ts';
import * as equality from './equality.ts';

const KEY = asKey('key');

test('rules decide about their fields, structure about all others', () => {
  const same = equality.equivalence<{ text: string; size: number; inner?: object | undefined }>({
    text: (left, right) => left.toLowerCase() === right.toLowerCase(),
  });
  assert.ok(same(KEY, { text: 'A', size: 1 }, { text: 'a', size: 1 }));
  assert.ok(!same(KEY, { text: 'A', size: 1 }, { text: 'a', size: 2 }));
  assert.ok(same(KEY, { text: 'A', size: 1 }, { text: 'a', size: 1, inner: undefined }));
  assert.ok(!same(KEY, { text: 'A', size: 1 }, { text: 'a', size: 1, inner: {} }));
  assert.ok(!same(KEY, { text: 'A', size: 1, inner: {} }, { text: 'a', size: 1 }));
});

test('sets count their items and do not look at the order', () => {
  const item = fc.constantFrom('a', 'b', 'c');
  const check = fc.property(fc.array(item, { maxLength: 6 }), fc.array(item, { maxLength: 6 }), (left, right) => {
    const expected = left.toSorted().join() === right.toSorted().join();
    assert.equal(equality.sameTextSet(left, right), expected);
  });
  fc.assert(check, { numRuns: 1000 });
});

test('spellings', () => {
  assert.ok(equality.sameIpText('2001:DB8::1', '2001:db8:0::1'));
  assert.ok(equality.samePrefixText('10.0.0.1', '10.0.0.1/32'));
  assert.ok(!equality.samePrefixText('10.0.0.1/24', '10.0.0.2/24'));
  assert.ok(equality.sameNetworkText('10.0.0.1/24', '10.0.0.2/24'));
  assert.ok(equality.sameMacText('02-FE-00-00-00-01', '02:fe:00:00:00:01'));
  assert.ok(!equality.sameIpText('nonsense', 'rubbish'), 'what is no address is only the same as itself');
});

test('every address has one spelling', () => {
  const byte = fc.nat(255);
  const ipv4 = fc.tuple(byte, byte, byte, byte).map((bytes) => bytes.join('.'));
  const ipv6 = fc.oneof(
    fc.ipV6(),
    fc.ipV6().map((text) => text.toUpperCase()),
  );
  const length = fc.nat(130);
  const check = fc.property(fc.oneof(ipv4, ipv6, fc.string()), length, (address, bits) => {
    assert.equal(equality.spelledIp(address), canonicalIp(address) ?? address);
    const prefix = `${address}/${bits}`;
    assert.equal(equality.spelledPrefix(prefix), canonicalPrefix(prefix) ?? prefix);
    assert.equal(equality.spelledPrefix(address), canonicalPrefix(address) ?? address);
  });
  fc.assert(check, { numRuns: 2000 });
});
