import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { VRRPEntrySchema } from '../../model/gen/ligato/vpp/l3/vrrp_pb.js';
import { asKey } from '../../model/key.ts';
import { assertProblems, keyOf, labelsOf } from '../testing.ts';
import { vrrpEntry, vrrpKey } from './model.ts';

const right = { interface: 'tap1', vrId: 1, priority: 100, interval: 1000, ipAddresses: ['10.0.0.9', '10.0.0.8'] };
const router = (change: MessageInitShape<typeof VRRPEntrySchema> = {}) =>
  create(VRRPEntrySchema, { ...right, ...change });

test('a virtual router has its key and waits for its interface', () => {
  assert.equal(keyOf(router()), vrrpKey('tap1', 1));
  assert.deepEqual(labelsOf(vrrpEntry, router()), ['interface tap1']);
});

test('wrong values are refused', () => {
  assertProblems(vrrpEntry, VRRPEntrySchema, right, [
    ['no number', { vrId: 0 }, ['vr_id'], /1-255/],
    ['priority 256', { priority: 256 }, ['priority']],
    ['an interval of 5 ms', { interval: 5 }, ['interval'], /10-65535 \(ms\)/],
    ['no address', { ipAddresses: [] }, ['ip_addresses'], /1-255/],
    ['two families', { ipAddresses: ['10.0.0.9', 'fd00::9'] }, ['ip_addresses[1]'], /IPv4/],
    ['an address twice', { ipAddresses: ['fd00::9', 'FD00:0::9'] }, ['ip_addresses[1]']],
    ['256 addresses', { ipAddresses: Array.from({ length: 256 }, (_, index) => `10.0.${index}.1`) }, ['ip_addresses']],
  ]);
});

test('routers are the same in steps of ten milliseconds, but not with another priority', () => {
  const same = (change: MessageInitShape<typeof VRRPEntrySchema>) =>
    vrrpEntry.equivalent!(asKey('key'), router(), router(change));
  assert.ok(same({ interval: 1009, ipAddresses: right.ipAddresses.toReversed() }));
  assert.ok(!same({ interval: 1010 }));
  assert.ok(!same({ priority: 101 }));
  assert.ok(!same({ accept: true }));
});
