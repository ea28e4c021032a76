import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { VrfTable_Protocol as Protocol, VrfTableSchema } from '../../model/gen/ligato/vpp/l3/vrf_pb.js';
import { asKey } from '../../model/key.ts';
import { assertProblems, keyOf } from '../testing.ts';
import { anyVrfDependency, vrfDependency, vrfLabel, vrfTable, vrfTableKey } from './model.ts';

type Init = MessageInitShape<typeof VrfTableSchema>;
const table = (change: Init = {}) => create(VrfTableSchema, { id: 10, ...change });

test('keys are those of the model', () => {
  assert.equal(keyOf(table()), vrfTableKey(10, 4));
  assert.equal(keyOf(table({ protocol: Protocol.IPV6 })), vrfTableKey(10, 6));
  assert.equal(vrfTableKey(10, 6), 'config/vpp/v2/vrf-table/id/10/protocol/IPV6');
});

test('wrong values are refused', () => {
  assertProblems(vrfTable, VrfTableSchema, { id: 10 }, [
    ['an unknown protocol', { protocol: 2 as Protocol }, ['protocol'], /IPV4, IPV6/],
    ['the number that VPP has for no table', { id: 0xffff_ffff }, ['id'], /not in 0-4294967294/],
    ['a long label', { label: 'x'.repeat(64) }, ['label'], /63/],
  ]);
});

test('tables are the same with the defaults spelled out', () => {
  const same = (left: Init, right: Init) => vrfTable.equivalent!(asKey('key'), table(left), table(right));
  assert.equal(vrfLabel(table()), 'IPV4-VRF:10');
  assert.ok(same({}, { label: 'IPV4-VRF:10' }));
  assert.ok(!same({}, { label: 'red' }));
  const flow = { useSrcIp: true, useDstIp: true, useSrcPort: true, useDstPort: true, useProtocol: true };
  assert.ok(same({}, { flowHashSettings: flow }));
  assert.ok(!same({}, { flowHashSettings: { ...flow, useSrcPort: false } }));
  assert.ok(!same({}, { flowHashSettings: { ...flow, symmetric: true } }));
});

test('VRF 0 is always there', () => {
  assert.equal(vrfDependency(0, 4), undefined);
  assert.equal(anyVrfDependency(0), undefined);
  assert.deepEqual(vrfDependency(10, 6), { label: 'VRF 10 (IPv6)', key: vrfTableKey(10, 6) });
});
