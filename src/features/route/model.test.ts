import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { Route_RouteType as RouteType, RouteSchema } from '../../model/gen/ligato/vpp/l3/route_pb.js';
import { asKey } from '../../model/key.ts';
import { assertKeys, assertProblems, labelsOf } from '../testing.ts';
import { nextHopOf, route, routeFamily, routeKey, weightOf } from './model.ts';

type Init = MessageInitShape<typeof RouteSchema>;
const right = { dstNetwork: '10.1.0.0/16', nextHopAddr: '10.0.0.1', outgoingInterface: 'tap1' };
const via = (change: Init = {}) => create(RouteSchema, { ...right, ...change });

test('wrong values are refused', () => {
  const inter = { type: RouteType.INTER_VRF, vrfId: 1, viaVrfId: 2, outgoingInterface: '' };
  assertProblems(route, RouteSchema, right, [
    ['host bits in the destination', { dstNetwork: '10.1.0.1/16' }, ['dst_network'], /its network is 10\.1\.0\.0\/16/],
    ['host bits in IPv6', { dstNetwork: '2001:db8::1/64', nextHopAddr: '' }, ['dst_network'], /2001:db8::\/64/],
    ['a host', { dstNetwork: '10.1.0.1' }, []],
    ['no destination', { dstNetwork: '' }, ['dst_network']],
    ['a bad mask', { dstNetwork: '10.1.0.0/33' }, ['dst_network']],
    ['an allocated destination', { dstNetwork: 'alloc:net1/tap1' }, []],
    ['an unknown type', { type: 9 as RouteType }, ['type'], /INTRA_VRF/],
    ['a next hop with a mask', { nextHopAddr: '10.0.0.1/24' }, ['next_hop_addr']],
    ['a multicast next hop', { nextHopAddr: '224.0.0.1' }, ['next_hop_addr']],
    ['no next hop, but an interface', { nextHopAddr: '' }, []],
    ['no way out', { nextHopAddr: '', outgoingInterface: '' }, ['next_hop_addr'], /required/],
    ['no way out of what is dropped', { type: RouteType.DROP, nextHopAddr: '', outgoingInterface: '' }, []],
    ['IPv4 by an IPv6 next hop', { nextHopAddr: 'fd00::1', outgoingInterface: '' }, ['next_hop_addr'], /IPv4/],
    ['the same over an interface (RFC 5549)', { nextHopAddr: 'fe80::1' }, []],
    ['an allocated gateway', { nextHopAddr: 'alloc:net1/GW' }, []],
    ['a weight that is too large', { weight: 256 }, ['weight'], /0-255/],
    ['a preference that is too large', { preference: 256 }, ['preference']],
    ['into another VRF', { ...inter, nextHopAddr: '' }, []],
    ['into its own VRF', { ...inter, viaVrfId: 1, nextHopAddr: '' }, ['via_vrf_id'], /itself/],
  ]);
});

test('a route waits for its interface, tables and allocations', () => {
  assert.deepEqual(labelsOf(route, via()), ['interface tap1']);
  assert.deepEqual(labelsOf(route, via({ vrfId: 3 })), ['interface tap1', 'VRF 3 (IPv4)']);
  const inter: Init = { type: RouteType.INTER_VRF, vrfId: 3, viaVrfId: 4, outgoingInterface: '' };
  assert.deepEqual(labelsOf(route, via(inter)), ['VRF 3 (IPv4)', 'VRF 4 (IPv4)']);
  assert.deepEqual(labelsOf(route, via({ viaVrfId: 4 })), ['interface tap1'], 'not an inter-VRF route');
  const allocated: Init = { dstNetwork: 'alloc:net1/tap9', nextHopAddr: 'alloc:net1/GW', vrfId: 3 };
  assert.deepEqual(labelsOf(route, via(allocated)), [
    'interface tap1',
    'VRF 3',
    'allocation net1/tap9',
    'allocation net1/tap1',
  ]);
});

test('routes are the same with the defaults spelled out', () => {
  const same = (left: Init, other: Init) => route.equivalent!(asKey('key'), via(left), via(other));
  assert.ok(same({ weight: 0 }, { weight: 1 }));
  assert.ok(!same({ weight: 0 }, { weight: 2 }));
  assert.ok(same({ dstNetwork: '0.0.0.0/0', nextHopAddr: '' }, { dstNetwork: '0.0.0.0/0', nextHopAddr: '0.0.0.0' }));
  assert.ok(same({ dstNetwork: '::/0', nextHopAddr: '' }, { dstNetwork: '::/0', nextHopAddr: '0:0::0' }));
  assert.ok(same({ dstNetwork: '2001:DB8::/32' }, { dstNetwork: '2001:db8::/32' }));
  assert.ok(same({ dstNetwork: '10.1.0.5' }, { dstNetwork: '10.1.0.5/32' }));
  assert.ok(!same({}, { nextHopAddr: '10.0.0.2' }));
  assert.ok(!same({ preference: 1 }, {}));
});

test('what a route means', () => {
  assert.equal(nextHopOf(via({ nextHopAddr: '::' })), '');
  assert.equal(nextHopOf(via()), '10.0.0.1');
  assert.equal(weightOf(via()), 1);
  assert.equal(routeFamily(via({ dstNetwork: 'alloc:net1' })), 4);
  assert.equal(routeFamily(via({ dstNetwork: '::/0', nextHopAddr: '' })), 6);
  assert.equal(routeFamily(via({ dstNetwork: 'alloc:net1', nextHopAddr: '' })), undefined);
});

test('keys are those of the model', () => {
  assertKeys(route, RouteSchema, routeKey);
  assert.equal(routeKey(via({ vrfId: 3 })), 'config/vpp/v2/route/if/tap1/vrf/3/dst/10.1.0.0/16/gw/10.0.0.1');
});
