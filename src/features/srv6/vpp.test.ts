import assert from 'node:assert/strict';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  LocalSIDSchema,
  PolicySchema,
  SRv6GlobalSchema,
  SteeringSchema,
} from '../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import type { Change } from '../../scheduler/scheduler.ts';
import { gone, loopback } from '../../../test/vpp/builders.ts';
import { vppTests } from '../../../test/vpp/stage.ts';
import { localSidKey, SRV6_GLOBAL_KEY, srPolicyKey, steeringKey } from './model.ts';

const vppTest = vppTests(import.meta.url);

const device = loopback('one', ['10.1.0.1/24', 'fd01::1/64']);

type Function = NonNullable<MessageInitShape<typeof LocalSIDSchema>['endFunction']>;

function segment(sid: string, endFunction: Function): Change {
  return { key: localSidKey(sid), value: create(LocalSIDSchema, { sid, endFunction }) };
}

function policy(bsid: string, lists: readonly (readonly string[])[], srhEncapsulation = true): Change {
  const segmentLists = lists.map((segments, at) => ({ weight: at + 1, segments: [...segments] }));
  return { key: srPolicyKey(bsid), value: create(PolicySchema, { bsid, srhEncapsulation, segmentLists }) };
}

function steered(name: string, bsid: string, prefixAddress: string): Change {
  const value = create(SteeringSchema, {
    name,
    policyRef: { case: 'policyBsid', value: bsid },
    traffic: { case: 'l3Traffic', value: { prefixAddress } },
  });
  return { key: steeringKey(name), value };
}

function frames(name: string, bsid: string): Change {
  const value = create(SteeringSchema, {
    name,
    policyRef: { case: 'policyBsid', value: bsid },
    traffic: { case: 'l2Traffic', value: { interfaceName: 'one' } },
  });
  return { key: steeringKey(name), value };
}

vppTest('segments of every function come, change, are healed and go', async (stage) => {
  const agent = await stage.agent();
  const outgoingInterface = 'one';
  const all = [
    segment('FC00:0::1', { case: 'baseEndFunction', value: { psp: true } }),
    segment('fc00::2', { case: 'endFunctionX', value: { outgoingInterface, nextHop: 'fd01::2' } }),
    segment('fc00::3', { case: 'endFunctionT', value: { vrfId: 0 } }),
    segment('fc00::4', { case: 'endFunctionDx2', value: { outgoingInterface } }),
    segment('fc00::5', { case: 'endFunctionDx4', value: { outgoingInterface, nextHop: '10.1.0.2' } }),
    segment('fc00::6', { case: 'endFunctionDx6', value: { outgoingInterface, nextHop: 'fd01::3' } }),
    segment('fc00::7', { case: 'endFunctionDt4', value: { vrfId: 0 } }),
    segment('fc00::8', { case: 'endFunctionDt6', value: { vrfId: 0 } }),
  ];
  await agent.commit(device, ...all);
  assert.deepEqual(await agent.drift(), []);
  const changed = segment('fc00::5', { case: 'endFunctionDx4', value: { outgoingInterface, nextHop: '10.1.0.3' } });
  await agent.commit(changed);
  assert.deepEqual(await agent.drift(), []);
  await agent.client.request('sr_localsid_add_del', { is_del: true, localsid: 'fc00::5' });
  assert.deepEqual(await agent.drift(), [`missing ${changed.key}`]);
  assert.deepEqual(await agent.heal(), [`CREATE ${changed.key}`]);
  assert.deepEqual(await agent.drift(), []);

  // The way to a next hop is a table of its own, in which nothing else is.
  const ways = async () =>
    (await agent.client.list('ip_table_dump'))
      .map(({ table }) => table)
      .filter(({ name }) => name.startsWith('ligature'));
  const names = (await ways()).map(({ name }) => name);
  assert.deepEqual(names.sort(), ['ligature: fc00::2', 'ligature: fc00::5', 'ligature: fc00::6']);
  const { table_id } = (await ways()).find(({ name }) => name === 'ligature: fc00::5')!;
  await agent.client.request('ip_route_add_del_v2', { is_add: false, route: { table_id, prefix: '0.0.0.0/0' } });
  assert.deepEqual(await agent.drift(), [
    `different ${changed.key} end_function.value.next_hop end_function.value.outgoing_interface`,
  ]);
  await agent.heal();
  assert.deepEqual(await agent.drift(), []);

  const next = await stage.restart(agent);
  const wanted = all.map((each) => (each.key === changed.key ? changed : each));
  assert.deepEqual(await next.resync(device, ...wanted), []);
  const proxy = segment('fc00::9', {
    case: 'endFunctionAd',
    value: { outgoingInterface, incomingInterface: outgoingInterface },
  });
  await next.commit(proxy);
  assert.equal(next.state(proxy.key), 'UNIMPLEMENTED');
  await next.commit(gone(proxy), ...all.map(gone), gone(device));
  assert.deepEqual(await next.client.list('sr_localsids_dump'), []);
  const left = (await next.client.list('ip_table_dump')).map(({ table }) => table.name);
  assert.deepEqual(
    left.filter((name) => name.startsWith('ligature')),
    [],
  );
});

vppTest('a segment of an older agent, which sends to a next hop past any table, is made anew', async (stage) => {
  const agent = await stage.agent();
  const wanted = segment('fc00::2', {
    case: 'endFunctionDx6',
    value: { outgoingInterface: 'one', nextHop: 'fd01::2' },
  });
  await agent.commit(device, wanted);
  const [found] = await agent.client.list('sr_localsids_dump');
  assert.equal(found?.behavior, 'SR_BEHAVIOR_API_DT6');
  const [lan] = (await agent.client.list('sw_interface_dump')).filter(({ tag }) => tag === 'one');
  await agent.client.request('sr_localsid_add_del', { is_del: true, localsid: 'fc00::2' });
  const old = { behavior: 'SR_BEHAVIOR_API_DX6', sw_if_index: lan!.sw_if_index, nh_addr: 'fd01::2' } as const;
  await agent.client.request('sr_localsid_add_del', { localsid: 'fc00::2', ...old });
  const next = await stage.restart(agent);
  assert.deepEqual(
    (await next.resync(device, wanted)).map((line) => line.split(' ')[1]),
    [wanted.key, wanted.key],
  );
  assert.equal((await next.client.list('sr_localsids_dump'))[0]?.behavior, 'SR_BEHAVIOR_API_DT6');
  assert.deepEqual(await next.drift(), []);
  await next.commit(gone(wanted), gone(device));
});

vppTest('policies change list by list, and what is steered into them stays', async (stage) => {
  const agent = await stage.agent();
  const global: Change = {
    key: SRV6_GLOBAL_KEY,
    value: create(SRv6GlobalSchema, { encapSourceAddress: 'fc00::a' }),
  };
  const first = policy('fc00::b', [['fc00::1', 'fc00::2'], ['fc00::3']]);
  const [four, six] = [steered('four', 'FC00:0::b', '10.2.0.0/16'), steered('six', 'fc00::b', 'fd02::/32')];
  const link = frames('link', 'fc00::b');
  await agent.commit(device, global, first, four, six, link);
  assert.deepEqual(await agent.drift(), []);

  const second = policy('fc00::b', [['fc00::1', 'fc00::2'], ['fc00::4'], ['fc00::5']]);
  assert.deepEqual(await agent.commit(second), [`UPDATE ${second.key}`]);
  assert.deepEqual(await agent.drift(), []);

  await agent.client.request('sr_set_encap_source', { encaps_source: 'fc00::ff' });
  assert.deepEqual(await agent.drift(), [`different ${SRV6_GLOBAL_KEY} encap_source_address`]);
  assert.deepEqual(await agent.heal(), [`UPDATE ${SRV6_GLOBAL_KEY}`]);
  await agent.client.request('sr_steering_add_del', {
    is_del: true,
    bsid_addr: 'fc00::b',
    prefix: '10.2.0.0/16',
    traffic_type: 'SR_STEER_API_IPV4',
  });
  assert.deepEqual(await agent.heal(), [`CREATE ${four.key}`]);

  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(device, global, second, four, six, link), []);
  const moved = steered('four', 'fc00::b', '10.3.0.0/16');
  await next.commit(moved);
  assert.deepEqual(await next.drift(), []);
  await next.commit(gone(global), gone(second), gone(moved), gone(six), gone(link), gone(device));
  assert.deepEqual(await next.client.list('sr_steering_pol_dump'), []);
  assert.deepEqual(await next.client.list('sr_policies_with_sl_index_dump'), []);
});

vppTest('what VPP refuses of segment routing is told by what it means', async (stage) => {
  const agent = await stage.agent();
  const inserted = policy('fc00::b', [['fc00::1']], false);
  const four = steered('four', 'fc00::b', '10.2.0.0/16');
  await agent.client.request('sr_localsid_add_del', { localsid: 'fc00::1', behavior: 'SR_BEHAVIOR_API_END' });
  const taken = segment('fc00::1', { case: 'baseEndFunction', value: {} });
  const failures = await agent.failing(inserted, four, taken);
  assert.match(failures[four.key] ?? '', /need a policy with srh_encapsulation/);
  assert.match(failures[taken.key] ?? '', /segment of this address already/);
  await agent.client.request('sr_localsid_add_del', { is_del: true, localsid: 'fc00::1' });
  await agent.commit(gone(four), gone(inserted), gone(taken));
});
