import assert from 'node:assert/strict';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { Interface_Type as Type, InterfaceSchema } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { RouteSchema } from '../../model/gen/ligato/vpp/l3/route_pb.js';
import { VrfTable_Protocol, VrfTableSchema } from '../../model/gen/ligato/vpp/l3/vrf_pb.js';
import type { Key } from '../../model/key.ts';
import type { Change } from '../../scheduler/scheduler.ts';
import { liveVppTest, vppTests } from '../../../test/vpp/stage.ts';
import { routeKey } from '../route/model.ts';
import { vrfTableKey } from '../vrf/model.ts';
import {
  hasIpAddressKey,
  interfaceAddressKey,
  interfaceKey,
  interfaceVrfKey,
  linkStateKey,
  unnumberedKey,
} from './model.ts';
import type { VppInterface } from './vpp-metadata.ts';

const vppTest = vppTests(import.meta.url, 'vrf', 'route');

function vppInterface(name: string, init: MessageInitShape<typeof InterfaceSchema>): Change {
  return { key: interfaceKey(name), value: create(InterfaceSchema, { enabled: true, ...init, name }) };
}

function loopback(name: string, init: MessageInitShape<typeof InterfaceSchema> = {}): Change {
  return vppInterface(name, { type: Type.SOFTWARE_LOOPBACK, ...init });
}

function vrf(id: number, protocol = VrfTable_Protocol.IPV4, label = ''): Change {
  return {
    key: vrfTableKey(id, protocol === VrfTable_Protocol.IPV6 ? 6 : 4),
    value: create(VrfTableSchema, { id, protocol, label }),
  };
}

function route(init: MessageInitShape<typeof RouteSchema>): Change {
  const value = create(RouteSchema, init);
  return { key: routeKey(value), value };
}

function gone({ key }: { readonly key: Key }): Change {
  return { key, value: null };
}

vppTest('a loopback comes, changes in place and goes', async (stage) => {
  const agent = await stage.agent();
  const first = loopback('gateway', {
    physAddress: '02:fe:00:00:00:01',
    mtu: 1400,
    ipAddresses: ['10.1.0.1/24', 'fd01::1/64'],
  });
  await agent.commit(first);
  assert.deepEqual(await agent.drift(), []);
  const { swIfIndex } = agent.metadata<VppInterface>(first.key);
  const [details] = await agent.client.list('sw_interface_dump', { sw_if_index: swIfIndex });
  assert.deepEqual(
    [details?.tag, details?.l2_address, details?.mtu[0], details?.flags],
    ['gateway', '02:fe:00:00:00:01', 1400, 3],
  );

  const changed = loopback('gateway', {
    physAddress: '02:fe:00:00:00:02',
    mtu: 1500,
    enabled: false,
    ipAddresses: ['10.1.0.1/24', '10.2.0.1/24'],
  });
  assert.deepEqual(
    await agent.commit(changed),
    [
      `CREATE ${interfaceAddressKey('gateway', 'static', '10.2.0.1/24')}`,
      `DELETE ${interfaceAddressKey('gateway', 'static', 'fd01::1/64')}`,
      `DELETE ${interfaceVrfKey('gateway', 0, 'both')}`,
      `CREATE ${interfaceVrfKey('gateway', 0, 'v4')}`,
      `DELETE ${interfaceAddressKey('gateway', 'static', '10.1.0.1/24')}`,
      `CREATE ${interfaceAddressKey('gateway', 'static', '10.1.0.1/24')}`,
      `CREATE ${hasIpAddressKey('gateway')}`,
      `DELETE ${hasIpAddressKey('gateway')}`,
      `UPDATE ${first.key}`,
    ].sort(),
  );
  assert.equal(agent.metadata<VppInterface>(first.key).swIfIndex, swIfIndex);
  assert.deepEqual(await agent.drift(), []);

  await agent.commit(gone(first));
  assert.deepEqual(
    (await agent.client.list('sw_interface_dump')).map(({ interface_name }) => interface_name),
    ['local0'],
  );
});

vppTest('memifs and VXLAN tunnels are made, found again and removed', async (stage) => {
  const first = await stage.agent();
  const wanted = [
    vrf(7),
    loopback('underlay', { vrf: 7, ipAddresses: ['192.168.16.1/24'] }),
    vppInterface('memif1', {
      type: Type.MEMIF,
      link: {
        case: 'memif',
        value: { master: true, id: 3, socketFilename: '/tmp/lg-memif-test.sock', secret: 'abc', ringSize: 512 },
      },
    }),
    vppInterface('memif2', { type: Type.MEMIF, link: { case: 'memif', value: { master: false, id: 4 } } }),
    vppInterface('tunnel', {
      type: Type.VXLAN_TUNNEL,
      vrf: 7,
      link: { case: 'vxlan', value: { srcAddress: '192.168.16.1', dstAddress: '192.168.16.2', vni: 10 } },
    }),
  ];
  await first.commit(...wanted);
  assert.deepEqual(await first.drift(), []);
  const second = await stage.restart(first);
  assert.deepEqual(await second.resync(...wanted), []);
  // What only a new interface can have makes one.
  const other = vppInterface('tunnel', {
    type: Type.VXLAN_TUNNEL,
    vrf: 7,
    link: { case: 'vxlan', value: { srcAddress: '192.168.16.1', dstAddress: '192.168.16.3', vni: 10 } },
  });
  const operations = await second.commit(other);
  assert.ok(
    operations.includes(`DELETE ${other.key}`) && operations.includes(`CREATE ${other.key}`),
    operations.join(),
  );
  assert.deepEqual(await second.drift(), []);
  await second.commit(...wanted.map(gone));
  assert.deepEqual(
    (await second.client.list('sw_interface_dump')).map(({ interface_name }) => interface_name),
    ['local0'],
  );
  assert.deepEqual(
    (await second.client.list('ip_table_dump')).map(({ table }) => table.table_id),
    [0, 0],
  );
});

vppTest('interfaces are in VRFs and borrow addresses', async (stage) => {
  const agent = await stage.agent();
  const lender = loopback('lender', { vrf: 5, ipAddresses: ['10.5.0.1/24', 'fd05::1/64'] });
  const borrower = loopback('borrower', { unnumbered: { interfaceWithIp: 'lender' } });
  // Nothing but the interfaces themselves until the tables are there.
  await agent.commit(lender, borrower);
  assert.equal(agent.state(interfaceVrfKey('lender', 5, 'both')), 'PENDING');
  assert.equal(agent.state(unnumberedKey('borrower')), 'PENDING');
  const tables = [vrf(5), vrf(5, VrfTable_Protocol.IPV6, 'six')];
  await agent.commit(...tables);
  assert.deepEqual(await agent.drift(), []);
  const { swIfIndex } = agent.metadata<VppInterface>(borrower.key);
  for (const is_ipv6 of [false, true]) {
    const { vrf_id } = await agent.client.request('sw_interface_get_table', { sw_if_index: swIfIndex, is_ipv6 });
    assert.equal(vrf_id, 5);
  }
  assert.equal((await agent.client.list('ip_unnumbered_dump')).length, 1);

  await agent.commit(loopback('lender', { vrf: 0, ipAddresses: ['10.5.0.1/24', 'fd05::1/64'] }));
  assert.deepEqual(await agent.drift(), []);
  const { vrf_id } = await agent.client.request('sw_interface_get_table', { sw_if_index: swIfIndex, is_ipv6: false });
  assert.equal(vrf_id, 0);
  await agent.commit(...[lender, borrower, ...tables].map(gone));
  assert.deepEqual(await agent.drift(), []);
});

vppTest('routes with several paths, of other VRFs and to nowhere', async (stage) => {
  const agent = await stage.agent();
  const base = [
    vrf(8),
    vrf(8, VrfTable_Protocol.IPV6),
    loopback('out', { ipAddresses: ['10.8.0.1/24', 'fd08::1/64'] }),
    loopback('inside', { vrf: 8, ipAddresses: ['10.9.0.1/24'] }),
  ];
  const routes = [
    route({ dstNetwork: '10.100.0.0/16', nextHopAddr: '10.8.0.2', outgoingInterface: 'out', weight: 3 }),
    route({ dstNetwork: '10.100.0.0/16', nextHopAddr: '10.8.0.3', outgoingInterface: 'out' }),
    route({ dstNetwork: '10.101.0.0/16', nextHopAddr: '10.8.0.2' }),
    route({ dstNetwork: 'fd99::/64', nextHopAddr: 'fd08::2', outgoingInterface: 'out', preference: 1 }),
    route({ vrfId: 8, dstNetwork: '0.0.0.0/0', type: 1, viaVrfId: 0 }),
    route({ vrfId: 8, dstNetwork: '10.8.0.0/24', type: 1, viaVrfId: 0, nextHopAddr: '10.8.0.9' }),
    route({ dstNetwork: '10.102.0.0/16', type: 2 }),
    route({ dstNetwork: '10.103.0.0/24', outgoingInterface: 'out' }),
  ];
  await agent.commit(...base, ...routes);
  assert.deepEqual(await agent.drift(), []);
  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(...base, ...routes), []);
  const heavier = route({ dstNetwork: '10.100.0.0/16', nextHopAddr: '10.8.0.2', outgoingInterface: 'out', weight: 7 });
  assert.deepEqual(await next.commit(heavier), [`UPDATE ${heavier.key}`]);
  assert.deepEqual(await next.drift(), []);

  // Somebody takes one away, and puts one there.
  const { client } = next;
  await client.request('ip_route_add_del', { is_add: false, route: { prefix: '10.102.0.0/16' } });
  await client.request('ip_route_add_del', {
    route: { prefix: '10.200.0.0/16', paths: [{ type: 'FIB_API_PATH_TYPE_DROP', sw_if_index: 0xffff_ffff }] },
  });
  assert.deepEqual(await next.drift(), [
    `missing ${route({ dstNetwork: '10.102.0.0/16', type: 2 }).key}`,
    'unexpected config/vpp/v2/route/vrf/0/dst/10.200.0.0/16',
  ]);
  await next.heal();
  assert.deepEqual(await next.drift(), []);
  await next.commit(...[...routes, ...base].map(gone));
  assert.deepEqual(await next.drift(), []);
});

vppTest('what VPP refuses is said in its words, and nothing is left of it', async (stage) => {
  const agent = await stage.agent();
  await agent.commit(loopback('one', { ipAddresses: ['10.1.0.1/24'] }));
  const failures = await agent.failing(loopback('two', { ipAddresses: ['10.1.0.2/24'] }));
  assert.deepEqual(failures, {
    [interfaceAddressKey('two', 'static', '10.1.0.2/24')]:
      'sw_interface_add_del_address: VPP answered -105 ADDRESS_IN_USE (the address, or one of its network, is on an interface of the same VRF already)',
  });
  const missing = vppInterface('host', {
    type: Type.AF_PACKET,
    link: { case: 'afpacket', value: { hostIfName: 'lg-none' } },
  });
  assert.match((await agent.failing(missing))[missing.key] ?? '', /af_packet_create_v[23]: VPP answered/);
  await agent.commit(gone(loopback('one')), gone(loopback('two')), gone(missing));
  assert.deepEqual(
    (await agent.client.list('sw_interface_dump')).map(({ interface_name }) => interface_name),
    ['local0'],
  );
});

liveVppTest('link states are told, and what is taken away is put back', async (stage) => {
  const agent = await stage.agent();
  const wanted = loopback('watched', { ipAddresses: ['10.1.0.1/24'] });
  await agent.commit(wanted);
  await agent.until('the link is told', () => agent.state(linkStateKey('watched', 'UP')) !== undefined);
  const { swIfIndex } = agent.metadata<VppInterface>(wanted.key);
  await agent.client.request('delete_loopback', { sw_if_index: swIfIndex });
  await agent.until('it is there again', async () =>
    (await agent.client.list('sw_interface_dump')).some(({ tag }) => tag === 'watched'),
  );
  await agent.until('it is as wanted', async () => (await agent.drift()).length === 0);
  await agent.commit(gone(wanted));
});

liveVppTest('the end of an interface that the agent removed asks for no look, that of another does', async (stage) => {
  const agent = await stage.agent();
  const wanted = loopback('again', { mtu: 1400 });
  await agent.commit(wanted);
  await agent.until('the link is told', () => agent.state(linkStateKey('again', 'UP')) !== undefined);
  const looks = () =>
    agent.scheduler.history().filter(({ description }) => description?.includes('the interface vanished') === true)
      .length;
  for (const tail of [2, 3, 4, 5]) {
    await agent.commit(
      loopback('again', { mtu: 1400, link: { case: undefined }, physAddress: `02:fe:00:00:00:0${tail}` }),
    );
    await agent.commit(gone(wanted));
    await agent.commit(wanted);
  }
  const other = loopback('other');
  await agent.commit(other);
  await agent.until('its link is told', () => agent.state(linkStateKey('other', 'UP')) !== undefined);
  assert.equal(looks(), 0);
  const { swIfIndex } = agent.metadata<VppInterface>(wanted.key);
  await agent.client.request('delete_loopback', { sw_if_index: swIfIndex });
  await agent.until('somebody else removed it: it was looked for', () => looks() > 0);
  await agent.until('it is as wanted', async () => (await agent.drift()).length === 0);
  await agent.commit(gone(wanted), gone(other));
});
