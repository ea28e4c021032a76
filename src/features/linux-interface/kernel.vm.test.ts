// needs-kernel: vrf, dummy
import '../../../test/stage/own-namespace.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeLink, createLink, deleteLink, getLink } from '../../kernel/netlink/link.ts';
import { Interface_Type as Type } from '../../model/gen/ligato/linux/interfaces/interface_pb.js';
import { gone, linuxInterface, Stage } from '../../../test/stage/stage.ts';
import { linuxInterfaceVrfKey } from './model.ts';

const vrf = (name: string, routingTable: number, namespace: { type: number; reference: string }) =>
  linuxInterface(name, { type: Type.VRF_DEVICE, namespace, link: { case: 'vrfDev', value: { routingTable } } });

test('a dummy has addresses, is found again and goes', async () => {
  await using stage = await Stage.open();
  const { host, namespace } = await stage.pod('pod');
  const agent = await stage.agent();
  const dummy = linuxInterface('dum', {
    type: Type.DUMMY,
    namespace,
    mtu: 1400,
    ipAddresses: ['10.1.0.1/24', 'fd01::1/64'],
  });
  await agent.commit(dummy);
  assert.equal((await host.ping('10.1.0.1')).received, 1);
  assert.equal((await host.ping('fd01::1')).received, 1);
  assert.deepEqual(await agent.drift(), []);
  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(dummy), []);
  await next.commit(gone(dummy));
  assert.equal(await host.link('dum'), undefined);
});

test('interfaces belong to their VRF device, with addresses of both families', async () => {
  await using stage = await Stage.open();
  const { host, namespace } = await stage.pod('pod');
  const agent = await stage.agent();
  const red = vrf('red', 100, namespace);
  const member = linuxInterface('dum', {
    type: Type.DUMMY,
    namespace,
    vrfMasterInterface: 'red',
    ipAddresses: ['10.1.0.1/24', 'fd01::1/64'],
  });
  await agent.commit(member);
  assert.equal(agent.state(linuxInterfaceVrfKey('dum', 'red')), 'PENDING');
  await agent.commit(red);
  assert.deepEqual(await agent.drift(), []);
  assert.equal((await host.ping('10.1.0.1', { device: 'red' })).received, 1);
  assert.equal((await host.ping('fd01::1', { device: 'red' })).received, 1);

  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(red, member), []);
  // Taken out by hand: the VRF is healed, and the IPv6 address that the kernel took with it.
  await host.run('ip', 'link', 'set', 'dum', 'nomaster');
  assert.ok((await next.drift()).some((drift) => drift.includes(linuxInterfaceVrfKey('dum', 'red'))));
  await next.heal();
  assert.deepEqual(await next.drift(), []);
  assert.equal((await host.ping('fd01::1', { device: 'red' })).received, 1);
  await next.commit(gone(member), gone(red));
  assert.equal(await host.link('dum'), undefined);
  assert.equal(await host.link('red'), undefined);
});

test('link_only: the VRF of an existing interface is waited for', async () => {
  await using stage = await Stage.open();
  const agent = await stage.agent();
  const own = agent.driver.rtnl(agent.driver.own);
  const red = linuxInterface('red', { type: Type.VRF_DEVICE, link: { case: 'vrfDev', value: { routingTable: 100 } } });
  const existing = linuxInterface('ext', {
    type: Type.EXISTING,
    hostIfName: 'ext0',
    linkOnly: true,
    vrfMasterInterface: 'red',
  });
  await own.request(createLink({ name: 'ext0', kind: { type: 'dummy' }, up: true }));
  const key = linuxInterfaceVrfKey('ext', 'red');
  await agent.commit(red, existing);
  await agent.until('the device is taken', () => agent.state(existing.key) === 'CONFIGURED');
  assert.equal(agent.state(key), 'PENDING');
  const device = await own.get(getLink({ name: 'red' }));
  await own.request(changeLink({ name: 'ext0' }, { master: device!.index }));
  await agent.until('the VRF is seen', () => agent.state(key) === 'CONFIGURED');
  assert.deepEqual(await agent.drift(), []);
  await agent.commit(gone(existing), gone(red));
  await own.request(deleteLink({ name: 'ext0' }));
});
