import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { Route_Scope as Scope, RouteSchema } from '../../model/gen/ligato/linux/l3/route_pb.js';
import { asKey } from '../../model/key.ts';
import { linuxInterfaceAddressKey } from '../linux-interface/model.ts';
import { allocationKey, neighbourGatewayKey } from '../netalloc/model.ts';
import { assertKeys, assertProblems, labelsOf, partAt, partKeys } from '../testing.ts';
import { linkLocalRouteKey, linuxRoute, linuxRouteKey } from './model.ts';

type Init = MessageInitShape<typeof RouteSchema>;
const right = { outgoingInterface: 'pod1', scope: Scope.GLOBAL, dstNetwork: '10.1.0.0/16', gwAddr: '10.0.0.1' };
const via = (change: Init = {}) => create(RouteSchema, { ...right, ...change });
const KEY = asKey('key');
/** Whether the gateway counts as reachable because of this applied value. */
const reaches = (change: Init, value: object, key = KEY) => {
  const gateway = linuxRoute.dependencies!(KEY, via(change)).find(({ label }) => label.startsWith('gateway'))!.anyOf!;
  return gateway.prefixes.some((prefix) => key.startsWith(prefix)) && (gateway.where?.(key, value) ?? true);
};

test('wrong values are refused', () => {
  assertProblems(linuxRoute, RouteSchema, right, [
    ['no interface', { outgoingInterface: '' }, ['outgoing_interface']],
    ['no scope', { scope: Scope.UNDEFINED }, ['scope'], /GLOBAL/],
    ['host bits in the destination', { dstNetwork: '10.1.2.3/16' }, ['dst_network'], /10\.1\.0\.0\/16/],
    ['no gateway', { gwAddr: '' }, []],
    ['a gateway on the link', { scope: Scope.LINK }, ['gw_addr'], /LINK has no gateway/],
    ['a gateway of the other family', { gwAddr: 'fd00::1' }, ['gw_addr'], /IPv4/],
    ['a gateway with a mask', { gwAddr: '10.0.0.1/24' }, ['gw_addr']],
    ['an allocated gateway', { gwAddr: 'alloc:net1/GW' }, []],
    ['an allocated address as gateway', { gwAddr: 'alloc:net1' }, ['gw_addr'], /\/GW/],
    ['an allocated destination', { dstNetwork: 'alloc:net1/GW' }, []],
  ]);
});

test('a route waits for its interface, an address and a way to the gateway', () => {
  const gateway = 'gateway 10.0.0.1 reachable by pod1';
  assert.deepEqual(labelsOf(linuxRoute, via()), [
    'Linux interface pod1 up',
    'an address on Linux interface pod1',
    gateway,
  ]);
  assert.deepEqual(labelsOf(linuxRoute, via({ gwAddr: '0.0.0.0' })), [
    'Linux interface pod1 up',
    'an address on Linux interface pod1',
  ]);
  const address = (text: string) => [{ address: text }, linuxInterfaceAddressKey('pod1', 'static', text)] as const;
  assert.ok(reaches({}, ...address('10.0.0.7/24')));
  assert.ok(!reaches({}, ...address('10.9.0.7/24')));
  assert.ok(!reaches({}, { address: '10.0.0.7/24' }, linuxInterfaceAddressKey('pod2', 'static', '10.0.0.7/24')));
  assert.ok(reaches({}, ...address('alloc:net1/pod1')), 'known only when it is resolved');
  assert.ok(reaches({}, { destination: '10.0.0.1/32' }, linkLocalRouteKey('pod1', '10.0.0.1/32')));
  assert.ok(!reaches({}, { destination: '10.0.0.2/32' }, linkLocalRouteKey('pod1', '10.0.0.2/32')));
});

test('an allocated gateway is reachable on its subnet or by a link route', () => {
  const gwAddr = 'alloc:net1/GW';
  assert.ok(labelsOf(linuxRoute, via({ gwAddr })).includes('allocation net1/pod1'));
  assert.ok(linuxRoute.dependencies!(KEY, via({ gwAddr })).some(({ key }) => key === allocationKey('net1', 'pod1')));
  assert.ok(reaches({ gwAddr }, {}, neighbourGatewayKey('net1', 'pod1')));
  assert.ok(reaches({ gwAddr }, { destination: '10.0.0.1/32' }, linkLocalRouteKey('pod1', '10.0.0.1/32')));
  assert.ok(
    !reaches({ gwAddr }, { address: '10.9.0.7/24' }, linuxInterfaceAddressKey('pod1', 'static', '10.9.0.7/24')),
  );
  assert.equal(
    labelsOf(linuxRoute, via({ gwAddr, dstNetwork: 'alloc:net1' })).filter((label) => label.startsWith('alloc')).length,
    1,
  );
});

test('a route on the link is a property', () => {
  const link = via({ scope: Scope.LINK, dstNetwork: '10.0.0.1', gwAddr: '' });
  const key = 'linux/link-local-route/pod1/dest-address/10.0.0.1/32';
  assert.deepEqual(partKeys(linuxRoute, link), [key]);
  assert.deepEqual(partAt(linuxRoute, link, key), { interface: 'pod1', destination: '10.0.0.1/32' });
  assert.deepEqual(partKeys(linuxRoute, via()), []);
});

test('routes are the same whatever the spelling', () => {
  const same = (left: Init, other: Init) => linuxRoute.equivalent!(KEY, via(left), via(other));
  assert.ok(same({ dstNetwork: '10.1.0.5', gwAddr: '' }, { dstNetwork: '10.1.0.5/32', gwAddr: '0.0.0.0' }));
  assert.ok(same({ dstNetwork: 'fd00::/64', gwAddr: 'fd00::1' }, { dstNetwork: 'FD00:0::/64', gwAddr: 'fd00:0::1' }));
  assert.ok(!same({ metric: 1 }, {}));
  assert.ok(!same({ scope: Scope.HOST }, {}));
});

test('keys are those of the model', () => {
  assertKeys(linuxRoute, RouteSchema, linuxRouteKey);
  assert.equal(linuxRouteKey(via()), 'config/linux/l3/v2/route/10.1.0.0/16/pod1');
});
