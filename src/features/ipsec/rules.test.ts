import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { formatPrefix, ipFromBigInt, ipToBigInt, lastOf, parseIp } from '../../model/address.ts';
import type { Family } from '../../model/address.ts';
import { SecurityPolicy_Action as Action, SecurityPolicySchema } from '../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import { policyText } from '../../kernel/netlink/xfrm-policy.ts';
import { portBlocksOf, prefixesOf } from './kernel/ranges.ts';
import { kernelPriority, lastResort, pairOf, policiesOf, ruleProblem } from './kernel/rules.ts';

const one = { links: [5], number: 3 };
const none = { links: [], number: 0 };

function rule(init: MessageInitShape<typeof SecurityPolicySchema>) {
  return create(SecurityPolicySchema, { spdIndex: 1, action: Action.BYPASS, ...init });
}

test('prefixes are the range, each address once, and as few as possible', () => {
  const range = (family: Family, bits: number) =>
    fc
      .tuple(fc.bigInt(0n, (1n << BigInt(bits)) - 1n), fc.bigInt(0n, (1n << BigInt(bits)) - 1n))
      .map(([one, other]) => ({
        first: ipFromBigInt(family, one < other ? one : other)!,
        last: ipFromBigInt(family, one < other ? other : one)!,
      }));
  fc.assert(
    fc.property(fc.oneof(range(4, 32), range(6, 128)), ({ first, last }) => {
      const prefixes = prefixesOf(first, last);
      let next = ipToBigInt(first);
      for (const prefix of prefixes) {
        assert.equal(ipToBigInt(prefix.address), next);
        next = ipToBigInt(lastOf(prefix)) + 1n;
      }
      assert.equal(next, ipToBigInt(last) + 1n);
      assert.ok(prefixes.length <= 2 * first.bytes.length * 8);
      // Neighbours of one size never make one of the next: it would have been taken.
      for (const [index, { address, length }] of prefixes.slice(1).entries()) {
        const before = prefixes[index]!;
        const bits = BigInt(first.bytes.length * 8 - length + 1);
        const could = before.length === length && ipToBigInt(before.address) % (1n << bits) === 0n;
        assert.ok(!could, `${formatPrefix(before)} and ${formatPrefix({ address, length })}`);
      }
    }),
  );
  assert.deepEqual(prefixesOf(parseIp('10.0.0.0')!, parseIp('10.0.0.255')!).map(formatPrefix), ['10.0.0.0/24']);
  assert.deepEqual(prefixesOf(parseIp('::')!, parseIp('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff')!).map(formatPrefix), [
    '::/0',
  ]);
});

test('blocks of ports are the range, each port once', () => {
  fc.assert(
    fc.property(fc.nat(65535), fc.nat(65535), (one, other) => {
      const [first, last] = [Math.min(one, other), Math.max(one, other)];
      const blocks = portBlocksOf(first, last);
      for (const port of [first, last, first - 1, last + 1, Math.floor((first + last) / 2)]) {
        const matching = blocks.filter(
          (block) => ((port ^ block.port) & block.mask) === 0 && port >= 0 && port <= 65535,
        );
        assert.equal(matching.length, port >= first && port <= last ? 1 : 0, `${port} in ${first}-${last}`);
      }
      assert.equal(
        blocks.reduce((sum, { mask }) => sum + (0xffff - mask) + 1, 0),
        last - first + 1,
      );
    }),
  );
});

test('the largest priority comes first, whatever it is', () => {
  const order = [0x7fff_ffff, 1, 0, -1, -0x8000_0000].map(kernelPriority);
  assert.deepEqual(
    order,
    [...order].sort((left, right) => left - right),
  );
  assert.ok(order.every((priority) => priority > 0 && priority < 0xffff_ffff));
});

test('local is the source of what goes out, and the destination of what comes in', () => {
  const ranges = {
    localAddrStart: '10.1.0.0',
    localAddrStop: '10.1.0.255',
    remoteAddrStart: '10.9.0.0',
    remoteAddrStop: '10.9.1.255',
    protocol: 6,
    localPortStart: 80,
    localPortStop: 80,
  };
  const texts = (isOutbound: boolean) => policiesOf(rule({ ...ranges, isOutbound }), one, undefined).map(policyText);
  assert.deepEqual(texts(true), ['out IPv4 from 10.1.0.0/24 to 10.9.0.0/23 protocol 6 source port 80/ffff dev #5']);
  assert.deepEqual(texts(false), [
    'in IPv4 from 10.9.0.0/23 to 10.1.0.0/24 protocol 6 port 80/ffff mark 3/ff',
    'forward IPv4 from 10.9.0.0/23 to 10.1.0.0/24 protocol 6 port 80/ffff mark 3/ff',
  ]);
  // Without an interface a database decides about nothing; with two it does so about both.
  assert.deepEqual(policiesOf(rule({ ...ranges, isOutbound: true }), none, undefined), []);
  assert.deepEqual(policiesOf(rule(ranges), none, undefined), []);
  assert.equal(policiesOf(rule({ ...ranges, isOutbound: true }), { links: [5, 6], number: 3 }, undefined).length, 2);
  // Nothing said about addresses is everything of both families.
  assert.deepEqual(policiesOf(rule({ isOutbound: true }), one, undefined).map(policyText), [
    'out IPv4 dev #5',
    'out IPv6 dev #5',
  ]);
  assert.deepEqual(
    lastResort(5)
      .filter(({ action }) => action === 'block')
      .map(policyText),
    ['out IPv4 dev #5', 'out IPv6 dev #5'],
  );
});

test('what the kernel cannot select by is said with the number', () => {
  const ranges = {
    localAddrStart: '10.0.0.1',
    localAddrStop: '10.255.255.254',
    remoteAddrStart: '10.0.0.1',
    remoteAddrStop: '10.255.255.254',
  };
  assert.match(ruleProblem(rule(ranges))!, /2116 selectors; up to 1024/);
  assert.equal(ruleProblem(rule({ ...ranges, remoteAddrStop: '10.0.0.1' })), undefined);
  assert.match(ruleProblem(rule({ localPortStart: 80 }))!, /protocol/);
  assert.match(ruleProblem(rule({ remotePortStop: 80 }))!, /protocol/);
  assert.equal(ruleProblem(rule({ localPortStart: 1, localPortStop: 65534, protocol: 17 })), undefined);
  // ICMP has no ports, and VPP does not look.
  assert.equal(
    policiesOf(rule({ protocol: 1, localPortStart: 5, isOutbound: true }), one, undefined)[0]!.selector.sourcePorts,
    undefined,
  );
});

test('an association without tunnel protects one address and another', () => {
  const pair = {
    localAddrStart: '10.0.0.1',
    localAddrStop: '10.0.0.1',
    remoteAddrStart: '10.0.0.2',
    remoteAddrStop: '10.0.0.2',
  };
  assert.deepEqual(pairOf(rule({ ...pair, isOutbound: true })), {
    source: parseIp('10.0.0.1'),
    destination: parseIp('10.0.0.2'),
  });
  assert.deepEqual(pairOf(rule(pair)), { source: parseIp('10.0.0.2'), destination: parseIp('10.0.0.1') });
  assert.equal(pairOf(rule({ ...pair, remoteAddrStop: '10.0.0.3' })), undefined);
  assert.equal(pairOf(rule({})), undefined);
});
