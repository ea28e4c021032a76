import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { TeibEntrySchema } from '../../model/gen/ligato/vpp/l3/teib_pb.js';
import { assertProblems, keyOf, labelsOf } from '../testing.ts';
import { teibEntry, teibKey } from './model.ts';

const right = { interface: 'ipip1', peerAddr: '10.0.0.2', nextHopAddr: 'fd00::2', vrfId: 3 };

test('a peer has its key, waits for its tunnel and the table of its outside address', () => {
  const value = create(TeibEntrySchema, right);
  assert.equal(keyOf(value), teibKey('ipip1', '10.0.0.2'));
  assert.deepEqual(labelsOf(teibEntry, value), ['interface ipip1', 'VRF 3 (IPv6)']);
  assertProblems(teibEntry, TeibEntrySchema, right, [
    ['no tunnel', { interface: '' }, ['interface']],
    ['no peer', { peerAddr: '' }, ['peer_addr']],
    ['a peer with a mask', { peerAddr: '10.0.0.2/24' }, ['peer_addr']],
    ['no outside address', { nextHopAddr: '' }, ['next_hop_addr']],
  ]);
});
