import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { IPAllocationSchema } from '../../model/gen/ligato/netalloc/netalloc_pb.js';
import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import { assertProblems, keyOf, partKeys } from '../testing.ts';
import {
  allocationDependency,
  allocationKey,
  ipAllocation,
  parseReference,
  referenceProblem,
  resolveAddress,
} from './model.ts';

const allocation = (address: string, gw = '') =>
  create(IPAllocationSchema, { networkName: 'net1', interfaceName: 'tap1', address, gw });
const KEY = asKey('key');

test('keys are those of the model', () => {
  assert.equal(keyOf(allocation('10.0.0.5')), allocationKey('net1', 'tap1'));
  assert.equal(allocationKey('net1', 'tap1'), 'config/netalloc/v1/ip/network/net1/interface/tap1');
});

test('wrong allocations are refused', () => {
  const right = { networkName: 'net1', interfaceName: 'tap1', address: '10.0.0.5/24', gw: '10.0.0.1' };
  assertProblems(ipAllocation, IPAllocationSchema, right, [
    ['no network', { networkName: '' }, ['network_name']],
    ['a network with a slash', { networkName: 'a/b' }, ['network_name'], /slash/],
    ['no interface', { interfaceName: '' }, ['interface_name']],
    ['an address without mask', { address: '10.0.0.5' }, []],
    ['no address', { address: '' }, ['address']],
    ['a bad mask', { address: '10.0.0.5/33' }, ['address']],
    ['no gateway', { gw: '' }, []],
    ['a gateway of the other family', { gw: 'fd00::1' }, ['gw'], /IPv4/],
  ]);
});

test('a gateway on the subnet is a property', () => {
  const property = ['netalloc/neigh-gw/network/net1/interface/tap1'];
  assert.deepEqual(partKeys(ipAllocation, allocation('10.0.0.5/24', '10.0.0.1')), property);
  assert.deepEqual(partKeys(ipAllocation, allocation('10.0.0.5/24', '10.0.1.1')), []);
  assert.deepEqual(partKeys(ipAllocation, allocation('10.0.0.5/24')), []);
});

test('references are read', () => {
  const cases: [string, string, ReturnType<typeof parseReference>][] = [
    ['alloc:net1', 'tap1', { network: 'net1', interfaceName: 'tap1', gateway: false }],
    ['alloc:net1', '', undefined],
    ['alloc:net1/tap2', 'tap1', { network: 'net1', interfaceName: 'tap2', gateway: false }],
    ['alloc:net1/GW', 'tap1', { network: 'net1', interfaceName: 'tap1', gateway: true }],
    ['alloc:net1/tap2/GW', '', { network: 'net1', interfaceName: 'tap2', gateway: true }],
    ['alloc:net1/GigabitEthernet0/8/0', '', { network: 'net1', interfaceName: 'GigabitEthernet0/8/0', gateway: false }],
    ['alloc:', 'tap1', undefined],
    ['alloc:net1/', 'tap1', undefined],
    ['10.0.0.1', 'tap1', undefined],
  ];
  for (const [text, implied, expected] of cases) assert.deepEqual(parseReference(text, implied), expected, text);
});

test('references are accepted where they make sense', () => {
  assert.match(referenceProblem('alloc:net1/GW', 'tap1', 'address')!, /gateway/);
  assert.match(referenceProblem('alloc:net1', 'tap1', 'gateway')!, /\/GW/);
  assert.equal(referenceProblem('alloc:net1/GW', 'tap1', 'any'), undefined);
  assert.deepEqual(allocationDependency('alloc:net1/GW', 'tap1'), {
    label: 'allocation net1/tap1',
    key: allocationKey('net1', 'tap1'),
    watches: 'change',
  });
  assert.equal(allocationDependency('10.0.0.1', 'tap1'), undefined);
});

test('a reference stands for what is allocated', () => {
  const graph = (address: string, gw = '') => ({
    applied: (key: Key) => (key === allocationKey('net1', 'tap1') ? allocation(address, gw) : undefined),
  });
  const resolve = (text: string, form: Parameters<typeof resolveAddress>[3], address: string, gw = '') =>
    resolveAddress(graph(address, gw), text, 'tap1', form);
  assert.equal(resolve('alloc:net1', 'address', '10.0.0.5/24'), '10.0.0.5');
  assert.equal(resolve('alloc:net1', 'interface', '10.0.0.5/24'), '10.0.0.5/24');
  assert.equal(resolve('alloc:net1', 'interface', '10.0.0.5'), '10.0.0.5/32');
  assert.equal(resolve('alloc:net1', 'network', '10.0.0.5/24'), '10.0.0.0/24');
  assert.equal(resolve('alloc:net1', 'host', 'FD00::5/64'), 'fd00::5/128');
  assert.equal(resolve('alloc:net1/GW', 'address', '10.0.0.5/24', '10.0.0.1'), '10.0.0.1');
  assert.equal(resolve('alloc:net1/GW', 'interface', '10.0.0.5/24', '10.0.0.1'), '10.0.0.1/24', 'mask of the subnet');
  assert.equal(resolve('alloc:net1/GW', 'interface', '10.0.0.5/24', '10.1.0.1'), '10.1.0.1/32', 'not on the subnet');
  assert.equal(resolve('alloc:net1/GW', 'interface', '10.0.0.5/24', '10.1.0.1/16'), '10.1.0.1/16');
  assert.equal(resolve('alloc:net1/GW', 'address', '10.0.0.5/24'), undefined, 'no gateway');
  assert.equal(resolve('alloc:net2', 'address', '10.0.0.5/24'), undefined, 'not allocated');
  assert.equal(resolve('10.9.0.1/16', 'network', ''), '10.9.0.0/16', 'no reference');
});

test('an address of a network is allocated once', () => {
  const claims = (address: string) => ipAllocation.claims!(KEY, allocation(address));
  assert.deepEqual(claims('10.0.0.5/24'), claims('10.0.0.5'));
  assert.notDeepEqual(claims('10.0.0.5/24'), claims('10.0.0.6/24'));
});
