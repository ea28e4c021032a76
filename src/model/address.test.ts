import assert from 'node:assert/strict';
import { isIPv4, isIPv6 } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addToIp,
  canonicalIp,
  canonicalMac,
  canonicalNetwork,
  canonicalPrefix,
  compareIp,
  contains,
  formatIp,
  ipFromBigInt,
  ipToBigInt,
  isLinkLocal,
  isLoopback,
  isMulticast,
  isUnspecified,
  lastOf,
  lengthOfNetmask,
  netmaskOf,
  networkOf,
  overlaps,
  parseIp,
  parsePrefix,
} from './address.ts';

const ip4 = fc.uint8Array({ minLength: 4, maxLength: 4 });
const byte = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }) },
);
const ip6 = fc.array(byte, { minLength: 16, maxLength: 16 }).map((bytes) => Uint8Array.from(bytes));
const anyIp = fc.oneof(ip4, ip6);

/** The URL parser of the platform prints RFC 5952, all groups in hexadecimal. */
function platformSpelling(text: string): string {
  return new URL(`http://[${text}]/`).hostname.slice(1, -1);
}

test('formatting and parsing are inverse', () => {
  fc.assert(
    fc.property(anyIp, (bytes) => {
      const text = formatIp(bytes);
      assert.deepEqual(parseIp(text)?.bytes, bytes);
      assert.ok(bytes.length === 4 ? isIPv4(text) : isIPv6(text));
    }),
  );
});

test('IPv6 spelling is the one of the platform', () => {
  fc.assert(
    fc.property(ip6, (bytes) => {
      const text = formatIp(bytes);
      const mixed = text.includes('.');
      assert.equal(
        mixed,
        bytes.subarray(0, 10).every((value) => value === 0) && bytes[10] === 255 && bytes[11] === 255,
      );
      if (!mixed) assert.equal(text, platformSpelling(text));
    }),
  );
});

test('accepts and refuses what the platform accepts and refuses', () => {
  const alphabet = fc.constantFrom('0', '1', 'f', 'A', ':', '::', '.', '255', '256', '1.2.3.4', 'g', '', '00', '12345');
  fc.assert(
    fc.property(fc.array(alphabet, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('');
      assert.equal(parseIp(text)?.family === 6, isIPv6(text), text);
      assert.equal(parseIp(text)?.family === 4, isIPv4(text), text);
    }),
    { numRuns: 5000 },
  );
  fc.assert(
    fc.property(fc.array(fc.constantFrom('1', '0', 'ab', 'ffff', ':'), { maxLength: 18 }), (pieces) => {
      const text = pieces.join('');
      assert.equal(parseIp(text)?.family === 6, isIPv6(text), text);
    }),
    { numRuns: 5000 },
  );
});

test('canonical spellings', () => {
  assert.equal(canonicalIp('2001:DB8:0:0:1:0:0:1'), '2001:db8::1:0:0:1');
  assert.equal(canonicalIp('2001:db8:0:1:1:1:1:1'), '2001:db8:0:1:1:1:1:1');
  assert.equal(canonicalIp('::'), '::');
  assert.equal(canonicalIp('1::'), '1::');
  assert.equal(canonicalIp('::ffff:192.0.2.1'), '::ffff:192.0.2.1');
  assert.equal(canonicalIp('::ffff:c000:201'), '::ffff:192.0.2.1');
  assert.equal(canonicalIp('010.0.0.1'), undefined);
  assert.equal(canonicalIp('fe80::1%eth0'), undefined);
  assert.equal(canonicalPrefix('10.0.0.1'), '10.0.0.1/32');
  assert.equal(canonicalPrefix('10.0.0.1/24'), '10.0.0.1/24');
  assert.equal(canonicalNetwork('10.0.0.1/24'), '10.0.0.0/24');
  assert.equal(canonicalNetwork('2001:db8::1'), '2001:db8::1/128');
});

test('prefix lengths', () => {
  assert.equal(parsePrefix('10.0.0.0/33'), undefined);
  assert.equal(parsePrefix('::/129'), undefined);
  assert.equal(parsePrefix('10.0.0.0/'), undefined);
  assert.equal(parsePrefix('10.0.0.0/08'), undefined);
  assert.equal(parsePrefix('10.0.0.0/-1'), undefined);
  assert.equal(parsePrefix('10.0.0.0'), undefined);
  assert.equal(parsePrefix('10.0.0.0/0')?.length, 0);
  assert.equal(parsePrefix('::/128')?.length, 128);
});

test('prefix arithmetic agrees with integers', () => {
  fc.assert(
    fc.property(ip4, fc.integer({ min: 0, max: 32 }), ip4, (bytes, length, other) => {
      const address = { family: 4, bytes } as const;
      const prefix = { address, length };
      const size = 1n << BigInt(32 - length);
      const first = (ipToBigInt(address) / size) * size;
      assert.equal(ipToBigInt(networkOf(prefix).address), first);
      assert.equal(ipToBigInt(lastOf(prefix)), first + size - 1n);
      const value = ipToBigInt({ family: 4, bytes: other });
      assert.equal(contains(prefix, { family: 4, bytes: other }), value >= first && value < first + size);
      assert.equal(lengthOfNetmask(netmaskOf(4, length)), length);
    }),
  );
  assert.equal(lengthOfNetmask(parseIp('255.0.255.0')!), undefined);
  const wide = parsePrefix('10.0.0.0/8')!;
  const narrow = parsePrefix('10.1.0.0/16')!;
  assert.ok(contains(wide, narrow) && !contains(narrow, wide) && overlaps(narrow, wide) && overlaps(wide, narrow));
  assert.ok(!contains(parsePrefix('::/0')!, parseIp('10.0.0.1')!));
  assert.equal(formatIp(networkOf(parsePrefix('2001:db8:ffff::1/33')!).address), '2001:db8:8000::');
});

test('adding stays in the address space', () => {
  assert.equal(formatIp(addToIp(parseIp('10.0.0.255')!, 1)!), '10.0.1.0');
  assert.equal(addToIp(parseIp('255.255.255.255')!, 1), undefined);
  assert.equal(addToIp(parseIp('0.0.0.0')!, -1), undefined);
  assert.equal(formatIp(addToIp(parseIp('2001:db8::ffff')!, 1)!), '2001:db8::1:0');
  fc.assert(
    fc.property(ip6, (bytes) => {
      const address = { family: 6, bytes } as const;
      assert.deepEqual(ipFromBigInt(6, ipToBigInt(address)), address);
    }),
  );
});

test('order and classes', () => {
  const sorted = ['10.0.0.2', '10.0.0.10', '2001:db8::1', '2001:db8::a'];
  const shuffled = [3, 1, 2, 0].map((index) => parseIp(sorted[index]!)!);
  assert.deepEqual(shuffled.sort(compareIp).map(formatIp), sorted);
  assert.ok(
    isMulticast(parseIp('239.1.1.1')!) && isMulticast(parseIp('ff02::1')!) && !isMulticast(parseIp('10.0.0.1')!),
  );
  assert.ok(
    isLinkLocal(parseIp('169.254.1.1')!) && isLinkLocal(parseIp('fe80::1')!) && !isLinkLocal(parseIp('fec0::1')!),
  );
  assert.ok(isLoopback(parseIp('127.9.9.9')!) && isLoopback(parseIp('::1')!) && !isLoopback(parseIp('::2')!));
  assert.ok(isUnspecified(parseIp('::')!) && isUnspecified(parseIp('0.0.0.0')!) && !isUnspecified(parseIp('::1')!));
});

test('MAC addresses', () => {
  for (const text of ['02:FE:00:00:0a:01', '02-fe-00-00-0a-01', '02fe.0000.0a01']) {
    assert.equal(canonicalMac(text), '02:fe:00:00:0a:01');
  }
  for (const text of [
    '',
    '02:fe:00:00:0a',
    '02:fe:00:00:0a:0g',
    '02:fe-00:00:0a:01',
    '02:fe:00:00:0a:01:',
    '02fe.0000:0a01',
    '02 fe 00 00 0a 01',
  ]) {
    assert.equal(canonicalMac(text), undefined, text);
  }
});
