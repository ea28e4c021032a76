import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  LocalSIDSchema,
  PolicySchema,
  SRv6GlobalSchema,
  SteeringSchema,
} from '../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import { asKey } from '../../model/key.ts';
import { layer2Claim } from '../bridge-domain/model.ts';
import { assertProblems, keyOf, labelsOf } from '../testing.ts';
import * as srv6 from './model.ts';

type Sid = MessageInitShape<typeof LocalSIDSchema>;
type End = Exclude<Sid, { $typeName: string }>['endFunction'];
const KEY = asKey('key');
const sid = (endFunction: End, change: Sid = {}) => create(LocalSIDSchema, { sid: 'fc00::1', endFunction, ...change });
const BASE: End = { case: 'baseEndFunction', value: {} };

test('keys are those of the models', () => {
  assert.equal(keyOf(sid(BASE)), srv6.localSidKey('fc00::1'));
  assert.equal(keyOf(create(PolicySchema, { bsid: 'fc00::2' })), srv6.srPolicyKey('fc00::2'));
  assert.equal(keyOf(create(SteeringSchema, { name: 'red' })), srv6.steeringKey('red'));
  assert.equal(keyOf(create(SRv6GlobalSchema, {})), srv6.SRV6_GLOBAL_KEY);
});

test('segments: wrong values', () => {
  const end = (endFunction: End): Sid => ({ endFunction });
  const out = { outgoingInterface: 'tap1' };
  assertProblems(srv6.localSid, LocalSIDSchema, { sid: 'fc00::1', endFunction: BASE }, [
    ['a segment of IPv4', { sid: '10.0.0.1' }, ['sid'], /IPv6/],
    ['no function', end({ case: undefined }), ['base_end_function']],
    [
      'End.X by IPv4',
      end({ case: 'endFunctionX', value: { ...out, nextHop: '10.0.0.1' } }),
      ['end_function_x.next_hop'],
    ],
    [
      'End.X without interface',
      end({ case: 'endFunctionX', value: { nextHop: 'fe80::1' } }),
      ['end_function_x.outgoing_interface'],
    ],
    ['End.DX4', end({ case: 'endFunctionDx4', value: { ...out, nextHop: '10.0.0.1' } }), []],
    [
      'End.DX4 by IPv6',
      end({ case: 'endFunctionDx4', value: { ...out, nextHop: 'fc00::1' } }),
      ['end_function_dx4.next_hop'],
    ],
    [
      'End.DX6 by IPv4',
      end({ case: 'endFunctionDx6', value: { ...out, nextHop: '10.0.0.1' } }),
      ['end_function_dx6.next_hop'],
    ],
    [
      'a VLAN of 13 bits',
      end({ case: 'endFunctionDx2', value: { ...out, vlanTag: 5000 } }),
      ['end_function_dx2.vlan_tag'],
    ],
    ['End.AD without return', end({ case: 'endFunctionAd', value: out }), ['end_function_ad.incoming_interface']],
    ['End.DT4', end({ case: 'endFunctionDt4', value: { vrfId: 3 } }), []],
  ]);
});

test('segments wait for tables and interfaces', () => {
  const vrfId = 3;
  assert.deepEqual(labelsOf(srv6.localSid, sid(BASE, { installationVrfId: 5 })), ['VRF 5 (IPv6)']);
  assert.deepEqual(labelsOf(srv6.localSid, sid({ case: 'endFunctionDt4', value: { vrfId } })), ['VRF 3 (IPv4)']);
  const both = sid({ case: 'endFunctionT', value: { vrfId } }, { installationVrfId: 3 });
  assert.deepEqual(labelsOf(srv6.localSid, both), ['VRF 3 (IPv6)']);
  const service = { outgoingInterface: 'tap1', incomingInterface: 'tap2' };
  assert.deepEqual(labelsOf(srv6.localSid, sid({ case: 'endFunctionAd', value: service })), [
    'interface tap1',
    'interface tap2',
  ]);
});

test('policies', () => {
  const right = { bsid: 'fc00::2', segmentLists: [{ segments: ['fc00::3', 'fc00::4'] }] };
  assertProblems(srv6.srPolicy, PolicySchema, right, [
    ['a binding segment of IPv4', { bsid: '10.0.0.1' }, ['bsid']],
    ['no list', { segmentLists: [] }, ['segment_lists']],
    ['an empty list', { segmentLists: [{ segments: [] }] }, ['segment_lists[0].segments']],
    ['16 segments', { segmentLists: [{ segments: Array(16).fill('fc00::3') }] }, []],
    ['17 segments', { segmentLists: [{ segments: Array(17).fill('fc00::3') }] }, ['segment_lists[0].segments'], /1-16/],
    ['the largest weight', { segmentLists: [{ weight: 0xffff_ffff, segments: ['fc00::3'] }] }, []],
    ['a segment of IPv4', { segmentLists: [{ segments: ['fc00::3', '10.0.0.1'] }] }, ['segment_lists[0].segments[1]']],
  ]);
  const policy = (change: MessageInitShape<typeof PolicySchema>) => create(PolicySchema, { ...right, ...change });
  const same = (change: MessageInitShape<typeof PolicySchema>) =>
    srv6.srPolicy.equivalent!(KEY, policy(right), policy(change));
  assert.ok(same({ bsid: 'FC00:0::2', segmentLists: [{ weight: 1, segments: ['fc00:0::3', 'fc00::4'] }] }));
  assert.ok(!same({ segmentLists: [{ segments: ['fc00::4', 'fc00::3'] }] }), 'segments have an order');
  assert.deepEqual(srv6.srPolicy.claims!(KEY, policy({ bsid: 'fc00::1' })), srv6.localSid.claims!(KEY, sid(BASE)));
});

test('steering', () => {
  const l3 = { case: 'l3Traffic' as const, value: { prefixAddress: '10.1.0.0/16', installationVrfId: 3 } };
  const right = { name: 'red', policyRef: { case: 'policyBsid' as const, value: 'fc00::2' }, traffic: l3 };
  assertProblems(srv6.steering, SteeringSchema, right, [
    ['no name', { name: '' }, ['name']],
    ['no policy', { policyRef: { case: undefined } }, ['policy_bsid']],
    ['a policy by index', { policyRef: { case: 'policyIndex', value: 1 } }, ['policy_index'], /policy_bsid/],
    ['no traffic', { traffic: { case: undefined } }, ['l3_traffic']],
    [
      'host bits',
      { traffic: { case: 'l3Traffic', value: { prefixAddress: '10.1.0.1/16' } } },
      ['l3_traffic.prefix_address'],
    ],
    ['no interface', { traffic: { case: 'l2Traffic', value: {} } }, ['l2_traffic.interface_name']],
  ]);
  assert.deepEqual(labelsOf(srv6.steering, create(SteeringSchema, right)), ['SRv6 policy fc00::2', 'VRF 3 (IPv4)']);
  const respelled = create(SteeringSchema, { ...right, policyRef: { case: 'policyBsid', value: 'FC00:0::2' } });
  const policy = srv6.steering.dependencies!(KEY, respelled)[0]!;
  assert.deepEqual(policy.anyOf?.prefixes, [srv6.srPolicyKey('FC00:0::2'), srv6.srPolicyKey('fc00::2')]);
  assert.deepEqual(srv6.steering.claims!(KEY, respelled), ['steering of 10.1.0.0/16 in VRF 3']);
  const frames = create(SteeringSchema, { ...right, traffic: { case: 'l2Traffic', value: { interfaceName: 'tap1' } } });
  assert.deepEqual(srv6.steering.claims!(KEY, frames), [layer2Claim('tap1')]);
});

test('source of outer headers', () => {
  assertProblems(srv6.srv6Global, SRv6GlobalSchema, { encapSourceAddress: 'fc00::1' }, [
    ['none', { encapSourceAddress: '' }, ['encap_source_address']],
    ['of IPv4', { encapSourceAddress: '10.0.0.1' }, ['encap_source_address']],
  ]);
});
