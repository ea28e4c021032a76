import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { DHCPProxySchema } from '../../model/gen/ligato/vpp/l3/l3_pb.js';
import { assertProblems, keyOf, labelsOf } from '../testing.ts';
import { dhcpProxy, dhcpProxyKey } from './model.ts';

const right = { sourceIpAddress: '10.0.0.1', rxVrfId: 1, servers: [{ ipAddress: '10.0.0.2', vrfId: 2 }] };
const proxy = (change: MessageInitShape<typeof DHCPProxySchema> = {}) =>
  create(DHCPProxySchema, { ...right, ...change });

test('keys are those of the model', () => {
  assert.equal(keyOf(proxy()), dhcpProxyKey(4, 1));
  assert.equal(keyOf(proxy({ sourceIpAddress: 'fd00::1' })), 'config/vpp/v2/dhcp-proxy/IPv6/rx-vrf/1');
});

test('wrong values are refused', () => {
  assertProblems(dhcpProxy, DHCPProxySchema, right, [
    ['no source', { sourceIpAddress: '' }, ['source_ip_address']],
    ['no server', { servers: [] }, ['servers'], /at least one/],
    ['the other family', { servers: [{ ipAddress: 'fd00::2' }] }, ['servers[0].ip_address'], /IPv4/],
    ['a server twice', { servers: [...right.servers, ...right.servers] }, ['servers[1]']],
  ]);
});

test('it waits for the tables of clients and servers', () => {
  assert.deepEqual(labelsOf(dhcpProxy, proxy()), ['VRF 1 (IPv4)', 'VRF 2 (IPv4)']);
});
