import assert from 'node:assert/strict';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { Interface_Type as Type, InterfaceSchema } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { BridgeDomainSchema } from '../../model/gen/ligato/vpp/l2/bridge_domain_pb.js';
import { FIBEntry_Action as Action, FIBEntrySchema } from '../../model/gen/ligato/vpp/l2/fib_pb.js';
import { XConnectPairSchema } from '../../model/gen/ligato/vpp/l2/xconnect_pb.js';
import { ARPEntrySchema } from '../../model/gen/ligato/vpp/l3/arp_pb.js';
import type { Key } from '../../model/key.ts';
import type { Change } from '../../scheduler/scheduler.ts';
import { vppTests } from '../../../test/vpp/stage.ts';
import { arpKey } from '../arp/model.ts';
import { fibKey } from '../fib/model.ts';
import { interfaceKey } from '../interface/model.ts';
import { xconnectKey } from '../xconnect/model.ts';
import { bridgeDomainArpEntryKey, bridgeDomainInterfaceKey, bridgeDomainKey } from './model.ts';
import type { VppBridgeDomain } from './vpp-metadata.ts';

const vppTest = vppTests(import.meta.url, 'arp', 'fib', 'xconnect');

const ALL = 0xffff_ffff;

function loopback(name: string, ipAddresses: string[] = []): Change {
  const init = { name, type: Type.SOFTWARE_LOOPBACK, enabled: true, ipAddresses };
  return { key: interfaceKey(name), value: create(InterfaceSchema, init) };
}

function domain(init: MessageInitShape<typeof BridgeDomainSchema>): Change {
  const value = create(BridgeDomainSchema, { name: 'lan', learn: true, flood: true, forward: true, ...init });
  return { key: bridgeDomainKey(value.name), value };
}

function gone({ key }: { readonly key: Key }): Change {
  return { key, value: null };
}

const devices = [loopback('bvi', ['10.1.0.1/24']), loopback('one'), loopback('two')];

vppTest('a bridge domain comes, changes in place and goes', async (stage) => {
  const agent = await stage.agent();
  const first = domain({
    macAge: 5,
    arpTermination: true,
    interfaces: [
      { name: 'bvi', bridgedVirtualInterface: true },
      { name: 'one', splitHorizonGroup: 1 },
    ],
    arpTerminationTable: [{ ipAddress: '10.1.0.9', physAddress: '02:fe:00:00:00:09' }],
  });
  await agent.commit(...devices, first);
  assert.deepEqual(await agent.drift(), []);
  const { bdId } = agent.metadata<VppBridgeDomain>(first.key);
  const read = async () => {
    const all = await agent.client.list('bridge_domain_dump', { bd_id: ALL, sw_if_index: ALL });
    const found = all.find(({ bd_id }) => bd_id === bdId);
    return [found?.bd_tag, found?.uu_flood, found?.mac_age, found?.sw_if_details.map(({ shg }) => shg).sort()];
  };
  assert.deepEqual(await read(), ['lan', false, 5, [0, 1]]);

  const second = domain({
    unknownUnicastFlood: true,
    learn: false,
    macAge: 7,
    arpTermination: true,
    interfaces: [
      { name: 'bvi', bridgedVirtualInterface: true },
      { name: 'one', splitHorizonGroup: 2 },
      { name: 'two', splitHorizonGroup: 2 },
    ],
    arpTerminationTable: [{ ipAddress: '10.1.0.9', physAddress: '02:fe:00:00:00:0a' }],
  });
  const operations = await agent.commit(second);
  assert.ok(operations.includes(`UPDATE ${first.key}`), operations.join('\n'));
  assert.ok(operations.includes(`CREATE ${bridgeDomainInterfaceKey('lan', 'two')}`));
  assert.ok(operations.includes(`UPDATE ${bridgeDomainArpEntryKey('lan', '10.1.0.9')}`));
  assert.equal(agent.metadata<VppBridgeDomain>(first.key).bdId, bdId);
  assert.deepEqual(await read(), ['lan', true, 7, [0, 2, 2]]);
  assert.deepEqual(await agent.drift(), []);

  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(...devices, second), []);
  await next.commit(gone(second));
  const left = await next.client.list('bridge_domain_dump', { bd_id: ALL, sw_if_index: ALL });
  assert.equal(
    left.some(({ bd_tag }) => bd_tag === 'lan'),
    false,
  );
  await next.commit(...devices.map(gone));
});

vppTest('damage to a bridge domain is named and healed', async (stage) => {
  const agent = await stage.agent();
  const lan = domain({
    arpTermination: true,
    interfaces: [{ name: 'one' }],
    arpTerminationTable: [{ ipAddress: '10.1.0.9', physAddress: '02:fe:00:00:00:09' }],
  });
  await agent.commit(...devices, lan);
  const { bdId } = agent.metadata<VppBridgeDomain>(lan.key);
  await agent.client.request('bridge_flags', { bd_id: bdId, is_set: true, flags: 8 });
  assert.deepEqual(await agent.drift(), [`different ${lan.key} unknown_unicast_flood`]);
  assert.deepEqual(await agent.heal(), [`UPDATE ${lan.key}`]);
  assert.deepEqual(await agent.drift(), []);

  const port = bridgeDomainInterfaceKey('lan', 'one');
  const { swIfIndex } = agent.metadata<{ swIfIndex: number }>(interfaceKey('one'));
  await agent.client.request('sw_interface_set_l2_bridge', { rx_sw_if_index: swIfIndex, bd_id: bdId, enable: false });
  assert.deepEqual(await agent.drift(), [`missing ${port}`]);
  assert.deepEqual(await agent.heal(), [`CREATE ${port}`]);

  const entry = { bd_id: bdId, ip: '10.1.0.9', mac: '02:fe:00:00:00:09' };
  await agent.client.request('bd_ip_mac_add_del', { is_add: false, entry });
  assert.deepEqual(await agent.heal(), [`CREATE ${bridgeDomainArpEntryKey('lan', '10.1.0.9')}`]);
  await agent.commit(gone(lan), ...devices.map(gone));
});

vppTest('a domain that nobody wants any more goes with the restart', async (stage) => {
  const agent = await stage.agent();
  await agent.commit(...devices, domain({ interfaces: [{ name: 'one' }] }));
  const next = await stage.restart(agent);
  assert.deepEqual(
    await next.resync(...devices),
    [`DELETE ${bridgeDomainInterfaceKey('lan', 'one')}`, `DELETE ${bridgeDomainKey('lan')}`].sort(),
  );
  await next.commit(...devices.map(gone));
});

vppTest('entries of MAC tables: forward, drop, read back', async (stage) => {
  const agent = await stage.agent();
  const lan = domain({ interfaces: [{ name: 'one' }, { name: 'two' }] });
  const entry = (mac: string, init: MessageInitShape<typeof FIBEntrySchema>): Change => ({
    key: fibKey('lan', mac),
    value: create(FIBEntrySchema, { physAddress: mac, bridgeDomain: 'lan', ...init }),
  });
  const forward = entry('02:fe:00:00:00:11', { action: Action.FORWARD, outgoingInterface: 'one', staticConfig: true });
  const drop = entry('02:FE:00:00:00:12', { action: Action.DROP });
  const wanted = [...devices, lan, forward, drop];
  await agent.commit(...wanted);
  assert.deepEqual(await agent.drift(), []);
  const moved = entry('02:fe:00:00:00:11', { action: Action.FORWARD, outgoingInterface: 'two', staticConfig: true });
  await agent.commit(moved);
  assert.deepEqual(await agent.drift(), []);
  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(...devices, lan, moved, drop), []);
  assert.deepEqual(await next.commit(gone(drop)), [`DELETE ${drop.key}`]);
  assert.deepEqual(await next.drift(), []);
  await next.commit(gone(moved), gone(lan), ...devices.map(gone));
});

vppTest('cross-connects and neighbours', async (stage) => {
  const agent = await stage.agent();
  const pair = (receiveInterface: string, transmitInterface: string): Change => ({
    key: xconnectKey(receiveInterface),
    value: create(XConnectPairSchema, { receiveInterface, transmitInterface }),
  });
  const neighbour = (ipAddress: string, physAddress: string, isStatic = true): Change => ({
    key: arpKey('bvi', ipAddress),
    value: create(ARPEntrySchema, { interface: 'bvi', ipAddress, physAddress, static: isStatic }),
  });
  const four = neighbour('10.1.0.7', '02:fe:00:00:00:07');
  const six = neighbour('fd01::7', '02:fe:00:00:00:08');
  const wanted = [...devices, pair('one', 'two'), pair('two', 'one'), four, six];
  await agent.commit(...wanted);
  assert.deepEqual(await agent.drift(), []);
  const changed = neighbour('10.1.0.7', '02:fe:00:00:00:17', false);
  assert.deepEqual(await agent.commit(changed), [`UPDATE ${changed.key}`]);
  assert.deepEqual(await agent.drift(), []);
  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(...devices, pair('one', 'two'), changed, six), [`DELETE ${xconnectKey('two')}`]);
  assert.deepEqual(await next.drift(), []);
  await next.commit(gone(pair('one', 'two')), gone(changed), gone(six), ...devices.map(gone));
  assert.deepEqual(await next.client.list('l2_xconnect_dump'), []);
});
