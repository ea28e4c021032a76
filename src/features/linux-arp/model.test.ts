import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { ARPEntrySchema } from '../../model/gen/ligato/linux/l3/arp_pb.js';
import { asKey } from '../../model/key.ts';
import { assertProblems, keyOf, labelsOf } from '../testing.ts';
import { linuxArp, linuxArpKey } from './model.ts';

const right = { interface: 'pod1', ipAddress: '10.0.0.2', hwAddress: '02:fe:00:00:00:02' };
const entry = (change: MessageInitShape<typeof ARPEntrySchema> = {}) => create(ARPEntrySchema, { ...right, ...change });

test('keys are those of the model', () => {
  assert.equal(keyOf(entry()), linuxArpKey('pod1', '10.0.0.2'));
  assert.equal(keyOf(entry()), 'config/linux/l3/v2/arp/pod1/10.0.0.2');
});

test('wrong values are refused', () => {
  assertProblems(linuxArp, ARPEntrySchema, right, [
    ['no interface', { interface: '' }, ['interface']],
    ['an address with a mask', { ipAddress: '10.0.0.2/24' }, ['ip_address']],
    ['an allocated gateway', { ipAddress: 'alloc:net1/GW' }, []],
    ['half a reference', { ipAddress: 'alloc:' }, ['ip_address']],
    ['no MAC address', { hwAddress: '' }, ['hw_address']],
  ]);
});

test('a neighbour waits for its interface, an address and its allocation', () => {
  const labels = ['Linux interface pod1 up', 'an address on Linux interface pod1'];
  assert.deepEqual(labelsOf(linuxArp, entry()), labels);
  assert.deepEqual(labelsOf(linuxArp, entry({ ipAddress: 'alloc:net1' })), [...labels, 'allocation net1/pod1']);
});

test('neighbours are the same whatever the spelling', () => {
  const same = (left: ReturnType<typeof entry>, other: ReturnType<typeof entry>) =>
    linuxArp.equivalent!(asKey('key'), left, other);
  assert.ok(same(entry({ ipAddress: 'FD00::2' }), entry({ ipAddress: 'fd00:0::2', hwAddress: '02:FE:00:00:00:02' })));
  assert.ok(!same(entry(), entry({ hwAddress: '02:fe:00:00:00:03' })));
});
