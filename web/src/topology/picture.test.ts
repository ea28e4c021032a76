import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GraphNode } from '../api/types.ts';
import { pictureOf } from './picture.ts';

function node(kind: string, desired: Record<string, unknown>): GraphNode {
  const key = `${kind}/${JSON.stringify(desired)}`;
  return {
    key,
    kind,
    label: '',
    state: 'CONFIGURED',
    parts: [],
    dependencies: [],
    applied: desired,
    desired,
    metadata: null,
  };
}

const network = [
  node('vpp.interfaces', { name: 'tap1', type: 'TAP' }),
  node('vpp.interfaces', { name: 'bvi', type: 'SOFTWARE_LOOPBACK', ip_addresses: ['10.0.0.1/24'] }),
  node('vpp.interfaces', { name: 'far', type: 'VXLAN_TUNNEL', vxlan: { dst_address: '192.0.2.2', vni: 10 } }),
  node('vpp.l2.bridge-domain', {
    name: 'lan',
    interfaces: [
      { name: 'bvi', bridged_virtual_interface: true },
      { name: 'tap1' },
      { name: 'far' },
      { name: 'absent' },
    ],
  }),
  node('linux.interfaces.interface', {
    name: 'pod1',
    host_if_name: 'eth0',
    namespace: { type: 'NSID', reference: 'pod1' },
    tap: { vpp_tap_if_name: 'tap1' },
  }),
  node('vpp.route', { dst_network: '10.9.0.0/16', next_hop_addr: '10.0.0.9' }),
];

test('a pod on a bridge domain with a router and a tunnel', () => {
  const { things, wires } = pictureOf(network);
  assert.deepEqual(things.map(({ id }) => id).sort(), [
    'bridge:lan',
    'host:pod1',
    'interface:bvi',
    'interface:far',
    'interface:tap1',
    'remote:192.0.2.2',
    'router:0',
  ]);
  assert.deepEqual(wires.map(({ from, to, label }) => [from, to, label].join(' ')).sort(), [
    'bridge:lan interface:far ',
    'bridge:lan interface:tap1 ',
    'interface:bvi bridge:lan BVI',
    'interface:far remote:192.0.2.2 VXLAN 10',
    'interface:tap1 host:pod1 ',
    'router:0 interface:bvi ',
  ]);
  assert.ok(things.find(({ id }) => id === 'router:0')?.lines.includes('1 routes'));
});

test('a thousand pods are a picture that people can read', () => {
  const pods = Array.from({ length: 1000 }, (_, index) => [
    node('vpp.interfaces', { name: `tap${index}`, type: 'TAP' }),
    node('linux.interfaces.interface', {
      name: `pod${index}`,
      namespace: { reference: `pod${index}` },
      tap: { vpp_tap_if_name: `tap${index}` },
    }),
  ]).flat();
  const ports = pods.filter(({ kind }) => kind === 'vpp.interfaces').map(({ desired }) => desired);
  const { things, wires } = pictureOf([...pods, node('vpp.l2.bridge-domain', { name: 'lan', interfaces: ports })]);
  assert.deepEqual(things.map(({ title }) => title).sort(), ['1000 hosts', '1000 interfaces', 'lan']);
  assert.equal(wires.length, 2);
});
