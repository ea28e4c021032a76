import assert from 'node:assert/strict';
import { isIPv4, isIPv6 } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { prefixEnds, readIpv4, readIpv6, writeIpv4, writeIpv6 } from './ip-text.ts';

const zeroRich = fc.array(fc.oneof(fc.constant(0), fc.nat(255)), { minLength: 16, maxLength: 16 });

test('addresses are read and written without loss', () => {
  fc.assert(
    fc.property(zeroRich, (octets) => {
      const bytes = Uint8Array.from(octets);
      const back = new Uint8Array(16);
      const text = readIpv6(bytes, 0);
      assert.ok(isIPv6(text), text);
      assert.ok(writeIpv6(text, back, 0));
      assert.deepEqual(back, bytes);
      assert.equal(new URL(`http://[${text}]`).hostname, `[${text}]`, 'the spelling of RFC 5952');
      assert.ok(writeIpv4(readIpv4(bytes, 3), back, 0));
      assert.deepEqual(back.subarray(0, 4), bytes.subarray(3, 7));
    }),
  );
});

test('what is an address is what the platform says', () => {
  const pieces = fc.array(fc.constantFrom('1', '0', '255', '256', '01', '.', '::', ':', 'ff', '10', ''), {
    maxLength: 9,
  });
  fc.assert(
    fc.property(pieces, (parts) => {
      const text = parts.join('');
      assert.equal(writeIpv4(text, new Uint8Array(4), 0), isIPv4(text), text);
      assert.equal(writeIpv6(text, new Uint8Array(16), 0), isIPv6(text), text);
    }),
    { numRuns: 3000 },
  );
});

test('an IPv4 address at the end of an IPv6 one', () => {
  const bytes = new Uint8Array(16);
  assert.ok(writeIpv6('::ffff:10.1.2.3', bytes, 0));
  assert.equal(readIpv6(bytes, 0), '::ffff:a01:203');
});

test('ends of prefixes', () => {
  assert.deepEqual(prefixEnds('10.1.2.3/8', 4), {
    first: Uint8Array.of(10, 0, 0, 0),
    last: Uint8Array.of(10, 255, 255, 255),
    length: 8,
  });
  assert.deepEqual(prefixEnds('10.1.2.3/32', 4)?.first, Uint8Array.of(10, 1, 2, 3));
  assert.deepEqual(prefixEnds('0.0.0.0/0', 4)?.last, Uint8Array.of(255, 255, 255, 255));
  assert.equal(prefixEnds('fd00::/63', 16)?.length, 63);
  for (const wrong of ['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/-1', '10.0.0.0/08', '::/0', 'x/1'])
    assert.equal(prefixEnds(wrong, 4), undefined);
});
