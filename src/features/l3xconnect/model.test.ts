import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { L3XConnect_Protocol as Protocol, L3XConnectSchema } from '../../model/gen/ligato/vpp/l3/l3xc_pb.js';
import { asKey } from '../../model/key.ts';
import { assertProblems, keyOf, labelsOf } from '../testing.ts';
import { l3xconnect, l3xconnectKey } from './model.ts';

type Init = MessageInitShape<typeof L3XConnectSchema>;
const right = { interface: 'tap1', paths: [{ outgoingInterface: 'tap2', nextHopAddr: '10.0.0.1' }] };
const connect = (change: Init = {}) => create(L3XConnectSchema, { ...right, ...change });

test('keys are those of the model', () => {
  assert.equal(keyOf(connect()), l3xconnectKey('tap1', 4));
  assert.equal(keyOf(connect({ protocol: Protocol.IPV6 })), 'config/vpp/v2/l3xconnect/tap1/protocol/IPV6');
});

test('wrong values are refused', () => {
  assertProblems(l3xconnect, L3XConnectSchema, right, [
    ['no interface', { interface: '' }, ['interface']],
    ['no path', { paths: [] }, ['paths']],
    ['a path to nowhere', { paths: [{}] }, ['paths[0].next_hop_addr']],
    ['the other family', { protocol: Protocol.IPV6 }, ['paths[0].next_hop_addr'], /IPv6/],
    ['a path twice', { paths: [...right.paths, ...right.paths] }, ['paths[1]']],
    ['a preference that is too large', { paths: [{ ...right.paths[0]!, preference: 256 }] }, ['paths[0].preference']],
  ]);
});

test('it waits for each interface once; paths are a set', () => {
  const paths = [...right.paths, { outgoingInterface: 'tap2', nextHopAddr: '10.0.0.2' }];
  assert.deepEqual(labelsOf(l3xconnect, connect({ paths })), ['interface tap1', 'interface tap2']);
  assert.ok(l3xconnect.equivalent!(asKey('key'), connect({ paths }), connect({ paths: paths.toReversed() })));
  assert.ok(!l3xconnect.equivalent!(asKey('key'), connect({ paths }), connect()));
});
