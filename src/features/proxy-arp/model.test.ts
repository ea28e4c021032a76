import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { ProxyARPSchema } from '../../model/gen/ligato/vpp/l3/l3_pb.js';
import { asKey } from '../../model/key.ts';
import { assertProblems, keyOf, labelsOf, partKeys } from '../testing.ts';
import { PROXY_ARP_KEY, proxyArp, proxyArpInterface } from './model.ts';

type Init = MessageInitShape<typeof ProxyARPSchema>;
const proxy = (change: Init = {}) => create(ProxyARPSchema, change);
const range = (firstIpAddr: string, lastIpAddr: string, vrfId = 0) => ({ firstIpAddr, lastIpAddr, vrfId });

test('there is one object', () => {
  assert.equal(keyOf(proxy()), PROXY_ARP_KEY);
  assert.equal(proxyArp.label!(PROXY_ARP_KEY), 'proxy ARP');
});

test('wrong values are refused', () => {
  const ranges = (...list: ReturnType<typeof range>[]): Init => ({ ranges: list });
  assertProblems(proxyArp, ProxyARPSchema, {}, [
    ['a range', ranges(range('10.0.0.1', '10.0.0.9')), []],
    ['a range upside down', ranges(range('10.0.0.9', '10.0.0.1')), ['ranges[0].last_ip_addr'], /before/],
    [
      'a range of IPv6',
      ranges(range('fd00::1', 'fd00::9')),
      ['ranges[0].first_ip_addr', 'ranges[0].last_ip_addr'],
      /IPv4/,
    ],
    ['a range of two families', ranges(range('10.0.0.1', 'fd00::9')), ['ranges[0].last_ip_addr']],
    ['an address with a mask', ranges(range('10.0.0.0/24', '10.0.0.9')), ['ranges[0].first_ip_addr']],
    ['a range twice', ranges(range('10.0.0.1', '10.0.0.9'), range('10.0.0.1', '10.0.0.9')), ['ranges[1]']],
    ['a range in two VRFs', ranges(range('10.0.0.1', '10.0.0.9'), range('10.0.0.1', '10.0.0.9', 1)), []],
    ['an interface twice', { interfaces: [{ name: 'a' }, { name: 'a' }] }, ['interfaces[1].name']],
    ['an interface without name', { interfaces: [{ name: '' }] }, ['interfaces[0].name']],
  ]);
});

test('interfaces are parts, and the object waits for each VRF once', () => {
  const value = proxy({
    interfaces: [{ name: 'tap1' }],
    ranges: [range('10.0.0.1', '10.0.0.9', 3), range('10.0.1.1', '10.0.1.9', 3), range('10.0.2.1', '10.0.2.9')],
  });
  assert.deepEqual(partKeys(proxyArp, value), ['vpp/proxyarp/interface/tap1']);
  assert.deepEqual(labelsOf(proxyArp, value), ['VRF 3 (IPv4)']);
  assert.deepEqual(labelsOf(proxyArpInterface, { interface: 'tap1' }), ['interface tap1']);
});

test('ranges and interfaces are sets', () => {
  const ranges = [range('10.0.0.1', '10.0.0.9'), range('10.0.1.1', '10.0.1.9')];
  const same = (left: Init, right: Init) => proxyArp.equivalent!(asKey('key'), proxy(left), proxy(right));
  assert.ok(same({ ranges }, { ranges: ranges.toReversed() }));
  assert.ok(!same({ ranges }, { ranges: ranges.slice(1) }));
});
