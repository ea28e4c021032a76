import assert from 'node:assert/strict';
import { BlockList } from 'node:net';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { formatAddress, parseAddress, parsePrefix } from './address.ts';

describe('addresses', () => {
  it('are written as RFC 5952 asks', () => {
    const cases = {
      '2001:0DB8:0:0:1:0:0:1': '2001:db8::1:0:0:1',
      '2001:db8:0:1:1:1:1:1': '2001:db8:0:1:1:1:1:1',
      '0:0:0:0:0:0:0:0': '::',
      '1::': '1::',
      '::ffff:10.0.0.1': '::ffff:a00:1',
      'fe80:0:0:0:1:0:0:0': 'fe80::1:0:0:0',
      '10.1.2.255': '10.1.2.255',
    };
    for (const [text, expected] of Object.entries(cases)) assert.equal(formatAddress(parseAddress(text)), expected);
  });

  it('survive a round trip, and mean to Node what they mean here', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const address = parseAddress(text);
        const written = formatAddress(address);
        assert.deepEqual(parseAddress(written), address);
        const family = address.family === 4 ? 'ipv4' : 'ipv6';
        const list = new BlockList();
        list.addAddress(text, family);
        assert.ok(list.check(written, family), `${text} became ${written}`);
      }),
    );
  });

  it('are refused when they are none', () => {
    for (const text of ['', '10.0.0', '10.0.0.256', '::g', 'fe80::1%eth0', '10.0.0.1/8']) {
      assert.throws(() => parseAddress(text), /is not an IPv4 or IPv6 address/);
    }
    for (const text of ['10.0.0.0', '10.0.0.0/33', '10.0.0.0/', '10.0.0.1/24', '::/129', '::1/64', '10.0.0.0/-1']) {
      assert.throws(() => parsePrefix(text), /prefix length/);
    }
  });
});
