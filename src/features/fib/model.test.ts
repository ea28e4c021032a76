import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { FIBEntry_Action as Action, FIBEntrySchema } from '../../model/gen/ligato/vpp/l2/fib_pb.js';
import { asKey } from '../../model/key.ts';
import { assertProblems, keyOf, labelsOf } from '../testing.ts';
import { fibEntry, fibKey } from './model.ts';

const right = { physAddress: '02:fe:00:00:00:01', bridgeDomain: 'bd1', outgoingInterface: 'tap1' };
const entry = (change: MessageInitShape<typeof FIBEntrySchema> = {}) => create(FIBEntrySchema, { ...right, ...change });

test('keys are those of the model', () => {
  assert.equal(keyOf(entry()), fibKey('bd1', '02:fe:00:00:00:01'));
  assert.equal(keyOf(entry()), 'config/vpp/l2/v2/fib/bd1/mac/02:fe:00:00:00:01');
});

test('wrong values are refused', () => {
  assertProblems(fibEntry, FIBEntrySchema, right, [
    ['a multicast address', { physAddress: '33:33:00:00:00:01' }, ['phys_address'], /multicast/],
    ['no address', { physAddress: '02:fe' }, ['phys_address']],
    ['no bridge domain', { bridgeDomain: '' }, ['bridge_domain']],
    ['an unknown action', { action: 9 as Action }, ['action'], /FORWARD, DROP/],
    ['no way out', { outgoingInterface: '' }, ['outgoing_interface']],
    ['no way out of what is dropped', { action: Action.DROP, outgoingInterface: '' }, []],
  ]);
});

test('an entry waits for its port, or for the bridge domain', () => {
  assert.deepEqual(labelsOf(fibEntry, entry()), ['interface tap1 in bridge domain bd1']);
  assert.deepEqual(fibEntry.dependencies!(asKey('key'), entry())[0]?.key, 'vpp/bd/bd1/interface/tap1');
  assert.deepEqual(labelsOf(fibEntry, entry({ action: Action.DROP })), ['bridge domain bd1']);
});

test('entries are the same whatever the spelling', () => {
  const same = (left: ReturnType<typeof entry>, other: ReturnType<typeof entry>) =>
    fibEntry.equivalent!(asKey('key'), left, other);
  assert.ok(same(entry(), entry({ physAddress: '02:FE:00:00:00:01' })));
  assert.ok(!same(entry(), entry({ outgoingInterface: 'tap2' })));
  const dropped = { action: Action.DROP };
  assert.ok(same(entry(dropped), entry({ ...dropped, outgoingInterface: '' })), 'nothing leaves');
  assert.ok(!same(entry(), entry(dropped)));
});
