import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { Span_Direction as Direction, SpanSchema } from '../../model/gen/ligato/vpp/interfaces/span_pb.js';
import { assertProblems, keyOf, labelsOf } from '../testing.ts';
import { span, spanKey } from './model.ts';

const right = { interfaceFrom: 'tap1', interfaceTo: 'tap2', direction: Direction.BOTH };

test('a mirror has its key, its interfaces and a direction', () => {
  const value = create(SpanSchema, right);
  assert.equal(keyOf(value), spanKey('tap1', 'tap2'));
  assert.equal(keyOf(value), 'config/vpp/v2/span/tap1/to/tap2');
  assert.deepEqual(labelsOf(span, value), ['interface tap1', 'interface tap2']);
  assertProblems(span, SpanSchema, right, [
    ['nothing watched', { interfaceFrom: '' }, ['interface_from']],
    ['copies to itself', { interfaceTo: 'tap1' }, ['interface_to']],
    ['no direction', { direction: Direction.UNKNOWN }, ['direction'], /RX, TX, BOTH/],
  ]);
});
