import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, type Message, type MessageInitShape } from '@bufbuild/protobuf';
import { FlowProbeFeatureSchema, FlowProbeParamsSchema } from '../../model/gen/ligato/vpp/ipfix/flowprobe_pb.js';
import { IPFIXSchema } from '../../model/gen/ligato/vpp/ipfix/ipfix_pb.js';
import { asKey } from '../../model/key.ts';
import { assertProblems, keyOf, labelsOf } from '../testing.ts';
import {
  FLOWPROBE_PARAMS_KEY,
  flowProbeFeature,
  flowProbeFeatureKey,
  flowProbeParams,
  IPFIX_KEY,
  ipfix,
} from './model.ts';

const right = { collector: { address: '10.0.0.2' }, sourceAddress: '10.0.0.1' };
type Init = Exclude<MessageInitShape<typeof IPFIXSchema>, Message>;
const exporter = (change: Init = {}) => create(IPFIXSchema, { ...right, ...change });

test('keys are those of the models', () => {
  assert.equal(keyOf(exporter()), IPFIX_KEY);
  assert.equal(keyOf(create(FlowProbeParamsSchema, {})), FLOWPROBE_PARAMS_KEY);
  assert.equal(keyOf(create(FlowProbeFeatureSchema, { interface: 'tap1' })), flowProbeFeatureKey('tap1'));
});

test('the receiver', () => {
  assertProblems(ipfix, IPFIXSchema, right, [
    ['none', { collector: undefined }, ['collector']],
    ['of IPv6', { collector: { address: 'fd00::1' } }, ['collector.address'], /IPv4/],
    ['port 65536', { collector: { address: '10.0.0.2', port: 65_536 } }, ['collector.port']],
    ['no source', { sourceAddress: '' }, ['source_address']],
    ['packets of 1500 bytes', { pathMtu: 1500 }, ['path_mtu'], /68-1450 \(bytes\), or 0/],
  ]);
  assert.deepEqual(labelsOf(ipfix, exporter({ vrfId: 3 })), ['VRF 3 (IPv4)']);
  const same = (change: Init) => ipfix.equivalent!(asKey('key'), exporter(), exporter(change));
  assert.ok(same({ collector: { address: '10.0.0.2', port: 4739 }, pathMtu: 512, templateInterval: 20 }));
  assert.ok(!same({ templateInterval: 21 }));
});

test('what is recorded', () => {
  assertProblems(flowProbeParams, FlowProbeParamsSchema, { recordL3: true }, [
    ['nothing', { recordL3: false }, ['record_l2']],
  ]);
  assertProblems(flowProbeFeature, FlowProbeFeatureSchema, { interface: 'tap1', ip4: true }, [
    ['no interface', { interface: '' }, ['interface']],
    ['nothing', { ip4: false }, ['l2']],
  ]);
  const feature = create(FlowProbeFeatureSchema, { interface: 'tap1', ip4: true });
  assert.deepEqual(labelsOf(flowProbeFeature, feature), ['parameters of flow records', 'interface tap1']);
});
