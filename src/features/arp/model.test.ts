import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { ARPEntrySchema } from '../../model/gen/ligato/vpp/l3/arp_pb.js';
import { asKey } from '../../model/key.ts';
import { assertProblems, keyOf, labelsOf } from '../testing.ts';
import { arpEntry, arpKey } from './model.ts';

const right = { interface: 'tap1', ipAddress: '10.0.0.2', physAddress: '02:fe:00:00:00:02' };
const entry = (change: MessageInitShape<typeof ARPEntrySchema> = {}) => create(ARPEntrySchema, { ...right, ...change });

test('keys are those of the model', () => {
  assert.equal(keyOf(entry()), arpKey('tap1', '10.0.0.2'));
  assert.equal(keyOf(entry()), 'config/vpp/v2/arp/tap1/10.0.0.2');
});

test('wrong values are refused', () => {
  assertProblems(arpEntry, ARPEntrySchema, right, [
    ['no interface', { interface: '' }, ['interface']],
    ['an IPv6 neighbour', { ipAddress: 'fe80::1' }, []],
    ['an address with a mask', { ipAddress: '10.0.0.2/24' }, ['ip_address']],
    ['a multicast address', { ipAddress: 'ff02::1' }, ['ip_address']],
    ['no MAC address', { physAddress: '' }, ['phys_address']],
    ['a multicast MAC address', { physAddress: '01:00:5e:00:00:01' }, ['phys_address']],
  ]);
});

test('a neighbour waits for its interface and is the same whatever the spelling', () => {
  assert.deepEqual(labelsOf(arpEntry, entry()), ['interface tap1']);
  const same = (left: ReturnType<typeof entry>, other: ReturnType<typeof entry>) =>
    arpEntry.equivalent!(asKey('key'), left, other);
  assert.ok(same(entry({ ipAddress: 'fd00::2' }), entry({ ipAddress: 'FD00:0::2', physAddress: '02-FE-00-00-00-02' })));
  assert.ok(!same(entry(), entry({ static: true })));
});
