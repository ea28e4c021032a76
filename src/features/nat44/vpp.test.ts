import assert from 'node:assert/strict';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { VrfTableSchema } from '../../model/gen/ligato/vpp/l3/vrf_pb.js';
import { gone, loopback } from '../../../test/vpp/builders.ts';
import { vppTests } from '../../../test/vpp/stage.ts';
import {
  DNat44_Protocol as Protocol,
  DNat44_StaticMapping_TwiceNatMode as TwiceNat,
  DNat44Schema,
  Nat44AddressPoolSchema,
  Nat44GlobalSchema,
  Nat44InterfaceSchema,
  Nat44VrfRouteSchema,
  Nat44VrfTableSchema,
} from '../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { Change } from '../../scheduler/scheduler.ts';
import {
  ANY_VRF,
  dnat44Key,
  NAT44_GLOBAL_KEY,
  nat44InterfaceKey,
  nat44PoolKey,
  nat44VrfKey,
  nat44VrfRouteKey,
} from './model.ts';
import { vrfTableKey } from '../vrf/model.ts';

const vppTest = vppTests(import.meta.url, 'vrf');

function nat(forwarding: boolean): Change {
  return { key: NAT44_GLOBAL_KEY, value: create(Nat44GlobalSchema, { forwarding }) };
}

function side(init: MessageInitShape<typeof Nat44InterfaceSchema>): Change {
  const value = create(Nat44InterfaceSchema, init);
  return { key: nat44InterfaceKey(value.name), value };
}

function pool(init: MessageInitShape<typeof Nat44AddressPoolSchema>): Change {
  const value = create(Nat44AddressPoolSchema, { vrfId: ANY_VRF, ...init });
  return { key: nat44PoolKey(value), value };
}

function dnat(init: MessageInitShape<typeof DNat44Schema>): Change {
  const value = create(DNat44Schema, { label: 'shop', ...init });
  return { key: dnat44Key(value.label), value };
}

const devices = [loopback('lan', ['10.1.0.1/24']), loopback('internet', ['10.2.0.1/24'])];
const sides = [side({ name: 'lan', natInside: true }), side({ name: 'internet', natInside: true, natOutside: true })];
const pools = [
  pool({ name: 'out', firstIp: '198.51.100.1', lastIp: '198.51.100.3' }),
  pool({ name: 'twice', firstIp: '198.51.100.9', twiceNat: true }),
];
const local = (localIp: string, probability = 0) => ({ localIp, localPort: 8080, probability });
const tcp = { externalPort: 80, protocol: Protocol.TCP };
const one = { ...tcp, externalIp: '203.0.113.1', localIps: [local('10.1.0.7')] };
const balanced = { ...tcp, externalIp: '203.0.113.2', localIps: [local('10.1.0.7', 3), local('10.1.0.8')] };
const bound = { ...tcp, externalInterface: 'internet', externalPort: 81, localIps: [local('10.1.0.9')] };
const identities = [{ ipAddress: '10.1.0.20', port: 53, protocol: Protocol.UDP }];

vppTest('NAT comes, changes in place, is healed and goes', async (stage) => {
  const agent = await stage.agent();
  const first = dnat({
    stMappings: [{ ...one, twiceNat: TwiceNat.ENABLED, twiceNatPoolIp: '198.51.100.9' }, balanced, bound],
    idMappings: identities,
  });
  const base = [...devices, ...sides, ...pools];
  await agent.commit(...base, nat(true), first);
  assert.deepEqual(await agent.drift(), []);
  const second = dnat({
    stMappings: [{ ...one, twiceNat: TwiceNat.SELF }, { ...balanced, sessionAffinity: 60 }, bound],
  });
  assert.deepEqual(await agent.commit(nat(false), second), [`UPDATE ${first.key}`, `UPDATE ${NAT44_GLOBAL_KEY}`]);
  assert.deepEqual(await agent.drift(), []);

  const { client } = agent;
  await client.request('nat44_forwarding_enable_disable', { enable: true });
  const lost = { is_add: false, external_addr: '203.0.113.2', external_port: 80, protocol: 6, flags: 4 };
  await client.request('nat44_add_del_lb_static_mapping', lost);
  const range = { first_ip_address: '198.51.100.2', last_ip_address: '198.51.100.2', vrf_id: ANY_VRF, is_add: false };
  await client.request('nat44_add_del_address_range', range);
  assert.deepEqual(await agent.drift(), [
    `different ${first.key} st_mappings`,
    `different ${NAT44_GLOBAL_KEY} forwarding`,
    `different ${pools[0]!.key} last_ip`,
  ]);
  await agent.heal();
  assert.deepEqual(await agent.drift(), []);

  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(...base, nat(false), second), []);
  // Somebody has the place already.
  const taken = { is_add: true, local_ip_address: '10.1.0.66', external_ip_address: '203.0.113.9', flags: 12 };
  const fields = { ...taken, external_sw_if_index: 0xffff_ffff, vrf_id: 0, tag: '' };
  await next.client.request('nat44_add_del_static_mapping_v2', fields);
  const clash = dnat({
    label: 'clash',
    stMappings: [{ externalIp: '203.0.113.9', localIps: [{ localIp: '10.1.0.5' }] }],
  });
  const { [clash.key]: refusal = '' } = await next.failing(clash);
  assert.match(refusal, /VALUE_EXIST/);
  await next.client.request('nat44_add_del_static_mapping_v2', { ...fields, is_add: false });
  await next.commit(gone(clash), gone(second), gone(nat(false)), ...sides.map(gone), ...pools.map(gone));
  assert.deepEqual(await next.client.list('nat44_static_mapping_dump'), []);
  assert.deepEqual(await next.client.list('nat44_address_dump'), []);
  assert.deepEqual(await next.client.list('nat44_interface_dump'), []);
  await next.commit(...devices.map(gone));
});

vppTest('lists of the global object, an output feature', async (stage) => {
  const agent = await stage.agent();
  const natInterfaces = [{ name: 'lan', isInside: true }];
  const addressPool = [{ address: '198.51.100.1', vrfId: ANY_VRF }];
  const global = { key: NAT44_GLOBAL_KEY, value: create(Nat44GlobalSchema, { natInterfaces, addressPool }) };
  const output = side({ name: 'internet', natOutside: true, outputFeature: true });
  const wanted = [...devices, global, output];
  await agent.commit(...wanted);
  assert.deepEqual(await agent.drift(), []);
  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(...wanted), []);
  await next.commit(gone(global), gone(output));
  assert.deepEqual(await next.client.list('nat44_interface_dump'), []);
  assert.deepEqual(await next.client.list('nat44_address_dump'), []);
  await next.commit(...devices.map(gone));
});

function vrf(id: number): Change {
  return { key: vrfTableKey(id, 4), value: create(VrfTableSchema, { id }) };
}

function natTable(srcVrfId: number, destVrfIds: number[]): Change {
  return { key: nat44VrfKey(srcVrfId), value: create(Nat44VrfTableSchema, { srcVrfId, destVrfIds }) };
}

function natRoute(srcVrfId: number, destVrfId: number): Change {
  return { key: nat44VrfRouteKey(srcVrfId, destVrfId), value: create(Nat44VrfRouteSchema, { srcVrfId, destVrfId }) };
}

vppTest('tables of VRFs and their routes are read back and healed', async (stage) => {
  const agent = await stage.agent();
  const base = [vrf(1), vrf(2), vrf(3), nat(false)];
  const wanted = [...base, natTable(1, [0, 2]), natTable(2, []), natRoute(1, 3), natRoute(2, 1)];
  await agent.commit(...wanted);
  assert.deepEqual(await agent.drift(), []);
  assert.deepEqual(await agent.commit(natTable(1, [2])), [`UPDATE ${nat44VrfKey(1)}`]);
  assert.deepEqual(await agent.drift(), []);

  const route = (table_vrf_id: number, vrf_id: number, is_add: boolean) =>
    agent.client.request('nat44_ed_add_del_vrf_route', { table_vrf_id, vrf_id, is_add });
  await route(1, 2, false);
  await route(1, 3, false);
  await route(2, 1, false);
  await agent.client.request('nat44_ed_add_del_vrf_table', { table_vrf_id: 3, is_add: true });
  await route(3, 1, true);
  assert.deepEqual(await agent.drift(), [
    `different ${nat44VrfKey(1)} dest_vrf_ids`,
    `missing ${nat44VrfRouteKey(1, 3)}`,
    `missing ${nat44VrfRouteKey(2, 1)}`,
  ]);
  assert.deepEqual(await agent.heal(), [
    `CREATE ${nat44VrfRouteKey(1, 3)}`,
    `CREATE ${nat44VrfRouteKey(2, 1)}`,
    `UPDATE ${nat44VrfKey(1)}`,
  ]);
  assert.equal(agent.state(nat44VrfKey(3)), 'OBTAINED', 'what somebody else made is shown');
  await route(1, 1, true);
  assert.deepEqual(await agent.drift(), [`different ${nat44VrfKey(1)} dest_vrf_ids`]);
  assert.deepEqual(await agent.heal(), [`UPDATE ${nat44VrfKey(1)}`]);

  const next = await stage.restart(agent);
  const now = [...base, natTable(1, [2]), ...wanted.slice(-3)];
  assert.deepEqual(await next.resync(...now), []);
  await next.client.request('nat44_ed_add_del_vrf_table', { table_vrf_id: 1, is_add: false });
  assert.deepEqual(await next.drift(), [`missing ${nat44VrfRouteKey(1, 3)}`, `missing ${nat44VrfKey(1)}`].sort());
  await next.heal();
  assert.deepEqual(await next.drift(), []);
  await next.commit(...now.map(gone));
  assert.deepEqual(await next.client.list('nat44_ed_vrf_tables_v2_dump'), []);
});

vppTest(
  'NAT that is switched off is noticed; an address of somebody else is shown, and taken when it is wanted',
  async (stage) => {
    const agent = await stage.agent();
    await agent.commit(nat(true));
    assert.deepEqual(await agent.drift(), []);
    const plugin = agent.client.pick('nat44_ed_plugin_enable_disable', 'nat44_plugin_enable_disable');
    await agent.client.request(plugin, { enable: false });
    assert.deepEqual(await agent.drift(), [`missing ${NAT44_GLOBAL_KEY}`]);
    assert.deepEqual(await agent.heal(), [`CREATE ${NAT44_GLOBAL_KEY}`]);
    const one = '198.51.100.77';
    const range = { first_ip_address: one, last_ip_address: one, vrf_id: ANY_VRF, is_add: true };
    await agent.client.request('nat44_add_del_address_range', range);
    const found = pool({ firstIp: one });
    await agent.heal();
    assert.equal(agent.state(found.key), 'OBTAINED');
    const wider = pool({ name: 'wider', firstIp: '198.51.100.76', lastIp: '198.51.100.78' });
    await agent.commit(wider);
    assert.deepEqual(await agent.drift(), []);
    await agent.commit(gone(wider), gone(nat(true)));
    assert.deepEqual(await agent.client.list('nat44_address_dump'), []);
    assert.equal((await agent.client.request('nat44_show_running_config')).sessions, 0);
  },
);
