import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { RuleSchema } from '../../model/gen/ligato/vpp/stn/stn_pb.js';
import { asKey } from '../../model/key.ts';
import { assertProblems, keyOf, labelsOf } from '../testing.ts';
import { stnRule, stnRuleKey } from './model.ts';

const right = { ipAddress: '10.0.0.1', interface: 'tap1' };

test('a rule has its key, waits for its interface and takes its address', () => {
  const rule = create(RuleSchema, right);
  assert.equal(keyOf(rule), stnRuleKey('tap1', '10.0.0.1'));
  assert.equal(keyOf(rule), 'config/vpp/stn/v2/rule/tap1/ip/10.0.0.1');
  assert.deepEqual(labelsOf(stnRule, rule), ['interface tap1']);
  const other = create(RuleSchema, { ...right, interface: 'tap2' });
  assert.deepEqual(stnRule.claims!(asKey('key'), rule), stnRule.claims!(asKey('key'), other));
  assertProblems(stnRule, RuleSchema, right, [
    ['an address with a mask', { ipAddress: '10.0.0.1/24' }, ['ip_address']],
    ['no interface', { interface: '' }, ['interface']],
  ]);
});
