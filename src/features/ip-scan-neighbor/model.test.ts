import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { IPScanNeighbor_Mode as Mode, IPScanNeighborSchema } from '../../model/gen/ligato/vpp/l3/l3_pb.js';
import { assertProblems, keyOf } from '../testing.ts';
import { IP_SCAN_NEIGHBOR_KEY, ipScanNeighbor } from './model.ts';

test('there is one object, and its fields are bytes', () => {
  assert.equal(keyOf(create(IPScanNeighborSchema, {})), IP_SCAN_NEIGHBOR_KEY);
  assertProblems(ipScanNeighbor, IPScanNeighborSchema, { mode: Mode.BOTH }, [
    ['an unknown mode', { mode: 9 as Mode }, ['mode'], /IPV4, IPV6, BOTH/],
    ['256 minutes', { scanInterval: 256 }, ['scan_interval'], /0-255 \(minutes\)/],
    ['256 minutes of silence', { staleThreshold: 256 }, ['stale_threshold']],
  ]);
});
