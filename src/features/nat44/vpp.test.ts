import assert from 'node:assert/strict';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
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

const vppTest = vppTests(import.meta.url);

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

vppTest('lists of the global object, an output feature, tables of VRFs', async (stage) => {
  const agent = await stage.agent();
  const natInterfaces = [{ name: 'lan', isInside: true }];
  const addressPool = [{ address: '198.51.100.1', vrfId: ANY_VRF }];
  const global = { key: NAT44_GLOBAL_KEY, value: create(Nat44GlobalSchema, { natInterfaces, addressPool }) };
  const output = side({ name: 'internet', natOutside: true, outputFeature: true });
  const table = (destVrfIds: number[]) => ({
    key: nat44VrfKey(0),
    value: create(Nat44VrfTableSchema, { srcVrfId: 0, destVrfIds }),
  });
  const wanted = [...devices, global, output];
  await agent.commit(...wanted, table([0]));
  assert.deepEqual(await agent.drift(), []);
  const route = { table_vrf_id: 0, vrf_id: 0, is_add: true };
  await assert.rejects(agent.client.request('nat44_ed_add_del_vrf_route', route), /VALUE_EXIST/);
  assert.deepEqual(await agent.commit(table([])), [`UPDATE ${nat44VrfKey(0)}`]);
  const lost = { ...route, is_add: false };
  await assert.rejects(agent.client.request('nat44_ed_add_del_vrf_route', lost), /NO_SUCH_ENTRY/);
  const through = { key: nat44VrfRouteKey(0, 0), value: create(Nat44VrfRouteSchema, { srcVrfId: 0, destVrfId: 0 }) };
  await agent.commit(through);
  await assert.rejects(agent.client.request('nat44_ed_add_del_vrf_route', route), /VALUE_EXIST/);
  await agent.commit(gone(through), gone(table([])));
  await assert.rejects(agent.client.request('nat44_ed_add_del_vrf_route', lost), /NO_SUCH_ENTRY/);
  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(...wanted), []);
  await next.commit(gone(global), gone(output));
  assert.deepEqual(await next.client.list('nat44_interface_dump'), []);
  assert.deepEqual(await next.client.list('nat44_address_dump'), []);
  await next.commit(...devices.map(gone));
});
