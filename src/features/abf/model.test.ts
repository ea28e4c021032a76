import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { ABFSchema } from '../../model/gen/ligato/vpp/abf/abf_pb.js';
import { asKey } from '../../model/key.ts';
import { assertProblems, keyOf, labelsOf, partAt, partKeys } from '../testing.ts';
import { abf, abfInterface, abfKey } from './model.ts';

type Init = MessageInitShape<typeof ABFSchema>;
const right = { index: 1, aclName: 'acl1', forwardingPaths: [{ nextHopIp: '10.0.0.1', interfaceName: 'tap1' }] };
const policy = (change: Init = {}) => create(ABFSchema, { ...right, ...change });

test('keys are those of the model', () => {
  assert.equal(keyOf(policy()), abfKey(1));
  assert.equal(abfKey(1), 'config/vpp/abfs/v2/abf/1');
});

test('wrong values are refused', () => {
  const paths = (...forwardingPaths: NonNullable<Exclude<Init, { $typeName: string }>['forwardingPaths']>): Init => ({
    forwardingPaths,
  });
  assertProblems(abf, ABFSchema, right, [
    ['no list', { aclName: '' }, ['acl_name']],
    ['no path', paths(), ['forwarding_paths'], /at least one/],
    ['a path to nowhere', paths({}), ['forwarding_paths[0].next_hop_ip']],
    ['a path by an interface', paths({ interfaceName: 'tap1', dvr: true }), []],
    ['no address', paths({ nextHopIp: 'x' }), ['forwarding_paths[0].next_hop_ip']],
    [
      'paths of two families',
      paths({ nextHopIp: '10.0.0.1' }, { nextHopIp: 'fd00::1' }),
      ['forwarding_paths[1].next_hop_ip'],
    ],
    ['a weight that is too large', paths({ interfaceName: 'a', weight: 256 }), ['forwarding_paths[0].weight']],
    [
      'an interface twice',
      { attachedInterfaces: [{ inputInterface: 'a' }, { inputInterface: 'a', isIpv6: true }] },
      ['attached_interfaces[1].input_interface'],
    ],
  ]);
});

test('bindings are parts; the policy waits for its list and ways out', () => {
  const value = policy({ attachedInterfaces: [{ inputInterface: 'tap2', priority: 5, isIpv6: true }] });
  assert.deepEqual(partKeys(abf, value), ['vpp/abf/1/interface/tap2']);
  const part = partAt(abf, value, 'vpp/abf/1/interface/tap2') as never;
  assert.deepEqual(part, { abf: 1, interface: 'tap2', priority: 5, ipv6: true });
  assert.deepEqual(labelsOf(abfInterface, part), ['interface tap2']);
  assert.deepEqual(labelsOf(abf, value), ['ACL acl1', 'interface tap1']);
});

test('paths are a set', () => {
  const paths = [{ nextHopIp: 'fd00::1', weight: 1 }, { interfaceName: 'tap1' }];
  const same = (left: object[], other: object[]) =>
    abf.equivalent!(asKey('key'), policy({ forwardingPaths: left }), policy({ forwardingPaths: other }));
  assert.ok(same(paths, [{ interfaceName: 'tap1', weight: 1 }, { nextHopIp: 'FD00:0::1' }]));
  assert.ok(!same(paths, paths.slice(1)));
});
