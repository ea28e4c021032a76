import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { XConnectPairSchema } from '../../model/gen/ligato/vpp/l2/xconnect_pb.js';
import { asKey } from '../../model/key.ts';
import { layer2Claim } from '../bridge-domain/model.ts';
import { assertProblems, keyOf, labelsOf } from '../testing.ts';
import { xconnect, xconnectKey } from './model.ts';

const right = { receiveInterface: 'tap1', transmitInterface: 'tap2' };
const pair = create(XConnectPairSchema, right);

test('keys are those of the model', () => {
  assert.equal(keyOf(pair), xconnectKey('tap1'));
  assert.equal(keyOf(pair), 'config/vpp/l2/v2/xconnect/tap1');
});

test('wrong values are refused', () => {
  assertProblems(xconnect, XConnectPairSchema, right, [
    ['nothing comes in', { receiveInterface: '' }, ['receive_interface']],
    ['nothing goes out', { transmitInterface: '' }, ['transmit_interface']],
    ['out where it came in', { transmitInterface: 'tap1' }, ['transmit_interface'], /tap1/],
  ]);
});

test('it waits for both interfaces and takes the one that receives', () => {
  assert.deepEqual(labelsOf(xconnect, pair), ['interface tap1', 'interface tap2']);
  assert.deepEqual(xconnect.claims!(asKey('key'), pair), [layer2Claim('tap1')]);
});
