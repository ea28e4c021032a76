import '../../../test/stage/own-namespace.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listAddresses } from '../../kernel/netlink/address.ts';
import { createLink, deleteLink, getLink } from '../../kernel/netlink/link.ts';
import { readChecksumOffload } from '../../kernel/syscall/ethtool.ts';
import { formatPrefix } from '../../model/address.ts';
import type { Key } from '../../model/key.ts';
import {
  Interface_Type as Type,
  VethLink_ChecksumOffloading as Offloading,
} from '../../model/gen/ligato/linux/interfaces/interface_pb.js';
import { Interface_Type as SwitchType } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { NetNamespace_ReferenceType } from '../../model/gen/ligato/linux/namespace/namespace_pb.js';
import { gone, linuxInterface, named, reaches, Stage, vppInterface } from '../../../test/stage/stage.ts';
import type { StageAgent } from '../../../test/stage/stage.ts';
import { microservice, microserviceKey } from '../namespace/model.ts';
import type { KernelLinuxInterface } from './kernel-metadata.ts';
import { linuxInterfaceAddressKey, linuxInterfaceKey } from './model.ts';

const skip = process.getuid?.() === 0 ? false : 'needs root';
const veth = (peerIfName: string) => ({ type: Type.VETH, link: { case: 'veth', value: { peerIfName } } }) as const;

async function ownAddresses({ driver }: StageAgent, name: string): Promise<readonly string[]> {
  const rtnl = driver.rtnl(driver.own);
  const link = await rtnl.get(getLink({ name }));
  const addresses = await rtnl.dump(listAddresses());
  return addresses.filter((address) => address.link === link?.index).map(({ address }) => formatPrefix(address));
}

function waits({ scheduler }: StageAgent, { key }: { readonly key: Key }): readonly string[] {
  return scheduler.status(key)?.waitingFor.map(({ label }) => label) ?? [];
}

test('the ends of a VETH pair find each other in two namespaces', { skip }, async () => {
  await using stage = await Stage.open();
  const a = await stage.pod('a');
  const b = await stage.pod('b');
  const agent = await stage.agent();
  const left = linuxInterface('left', {
    ...veth('right'),
    namespace: a.namespace,
    hostIfName: 'eth0',
    ipAddresses: ['10.3.0.1/24'],
  });
  const right = linuxInterface('right', {
    ...veth('left'),
    namespace: b.namespace,
    hostIfName: 'eth0',
    mtu: 1400,
    ipAddresses: ['10.3.0.2/24'],
  });
  await agent.commit(left);
  assert.equal(agent.state(left.key), 'PENDING');
  assert.equal(await a.host.link('eth0'), undefined);
  await agent.commit(right);
  assert.ok(await reaches(a.host, '10.3.0.2'));
  assert.equal((await b.host.link('eth0'))?.mtu, 1400);
  assert.deepEqual(await agent.drift(), []);

  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(left, right), []);
  await next.commit(gone(right));
  assert.equal(await a.host.link('eth0'), undefined);
  assert.equal(next.state(left.key), 'PENDING');
  await next.commit(right);
  assert.ok(await reaches(a.host, '10.3.0.2'));
});

test('checksum offload of a VETH is set and read', { skip }, async () => {
  await using stage = await Stage.open();
  const { namespace } = await stage.pod('a');
  const agent = await stage.agent();
  const end = (txChecksumOffloading: Offloading) =>
    linuxInterface('v1', {
      type: Type.VETH,
      namespace,
      link: { case: 'veth', value: { peerIfName: 'v2', txChecksumOffloading } },
    });
  await agent.commit(end(Offloading.CHKSM_OFFLOAD_DISABLED), linuxInterface('v2', { ...veth('v1'), namespace }));
  const { driver } = agent;
  const read = () => {
    const metadata = agent.metadata<KernelLinuxInterface>(linuxInterfaceKey('v1'));
    return driver.within(metadata.namespace, () => readChecksumOffload('v1')).tx;
  };
  assert.equal(read(), false);
  assert.deepEqual(await agent.drift(), []);
  assert.deepEqual(await agent.commit(end(Offloading.CHKSM_OFFLOAD_ENABLED)), [
    'UPDATE config/linux/interfaces/v2/interface/v1',
  ]);
  assert.equal(read(), true);
});

test('a named namespace that does not exist is made, and goes with the last that is in it', { skip }, async () => {
  await using stage = await Stage.open();
  const agent = await stage.agent();
  const name = `${stage.namespace}-made`;
  const end = (one: string, other: string) => linuxInterface(one, { ...veth(other), namespace: named(name) });
  try {
    await agent.commit(end('m1', 'm2'), end('m2', 'm1'));
    assert.ok(agent.driver.namespaces.names().includes(name));
    assert.deepEqual(await agent.drift(), []);
  } finally {
    await agent.commit(gone(end('m1', 'm2')), gone(end('m2', 'm1')));
    await agent.until('removed again', () => !agent.driver.namespaces.names().includes(name), 30_000);
  }
});

test('a process id and a file lead to a namespace; what is not there is waited for, and everything else goes on', {
  skip,
}, async () => {
  await using stage = await Stage.open();
  const host = await stage.lab.host('a');
  const agent = await stage.agent();
  const lo = (name: string, type: NetNamespace_ReferenceType, reference: string, address: string) =>
    linuxInterface(name, { type: Type.LOOPBACK, namespace: { type, reference }, ipAddresses: [address] });
  const { PID, FD } = NetNamespace_ReferenceType;
  await agent.commit(
    lo('by-pid', PID, String(host.tid), '10.4.0.1/32'),
    lo('by-file', FD, stage.vswitch.netns, '10.4.0.2/32'),
  );
  assert.ok(await reaches(host, '10.4.0.1'));
  assert.ok(await reaches(stage.vswitch, '10.4.0.2'));
  const path = `/run/netns/${stage.namespace}-later`;
  const [nowhere, later] = [lo('nowhere', PID, '4194303', '10.4.0.3/32'), lo('later', FD, path, '10.4.0.4/32')];
  const moved = lo('by-pid', PID, String(host.tid), '10.4.0.9/32');
  await agent.commit(nowhere, later, moved);
  assert.deepEqual(waits(agent, nowhere), ['namespace of pid 4194303']);
  assert.deepEqual(waits(agent, later), [`namespace at ${path}`]);
  assert.ok(await reaches(host, '10.4.0.9'));

  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(nowhere, later, moved, lo('by-file', FD, stage.vswitch.netns, '10.4.0.2/32')), []);
  const { namespaces } = next.driver;
  namespaces.create(`${stage.namespace}-later`);
  try {
    await next.until('found', () => next.state(later.key) === 'CONFIGURED', 30_000);
    assert.deepEqual(waits(next, nowhere), ['namespace of pid 4194303']);
  } finally {
    namespaces.delete(`${stage.namespace}-later`);
  }
  // Nothing tells that it went; whoever looks finds out.
  await next.heal();
  await next.until('lost', () => next.state(later.key) === 'PENDING', 30_000);
  assert.deepEqual(waits(next, later), [`namespace at ${path}`]);
  await next.scheduler.idle();
  assert.deepEqual(await next.drift(), []);
});

test('a microservice is waited for', { skip }, async () => {
  await using stage = await Stage.open();
  const host = await stage.lab.host('a');
  const agent = await stage.agent();
  const value = linuxInterface('lo', {
    type: Type.LOOPBACK,
    ipAddresses: ['10.5.0.1/32'],
    namespace: { type: NetNamespace_ReferenceType.MICROSERVICE, reference: 'web' },
  });
  await agent.commit(value);
  assert.equal(agent.state(value.key), 'PENDING');
  const key = microserviceKey('web');
  agent.scheduler.notify([{ key, kind: microservice.name, value: { label: 'web', pid: host.tid } }]);
  await agent.scheduler.idle();
  assert.ok(await reaches(host, '10.5.0.1'));
});

test('an existing interface is waited for, changed and given back', { skip }, async () => {
  await using stage = await Stage.open();
  const agent = await stage.agent();
  const own = agent.driver.rtnl(agent.driver.own);
  const value = linuxInterface('uplink', {
    type: Type.EXISTING,
    hostIfName: 'ext0',
    mtu: 1400,
    ipAddresses: ['10.6.0.1/24'],
  });
  await agent.commit(value);
  assert.equal(agent.state(value.key), 'PENDING');
  await own.request(createLink({ name: 'ext0', kind: { type: 'bridge' } }));
  await agent.until('taken', () => agent.state(value.key) === 'CONFIGURED');
  await agent.scheduler.idle();
  const link = await own.get(getLink({ name: 'ext0' }));
  assert.deepEqual([link?.up, link?.mtu], [true, 1400]);
  assert.ok((await ownAddresses(agent, 'ext0')).includes('10.6.0.1/24'));
  assert.deepEqual(await agent.drift(), []);
  await agent.commit(gone(value));
  const after = await own.get(getLink({ name: 'ext0' }));
  assert.deepEqual([after?.up, after?.mtu], [false, 1500]);
  assert.ok(!(await ownAddresses(agent, 'ext0')).includes('10.6.0.1/24'));
  await own.request(deleteLink({ name: 'ext0' }));
});

test("link_only: the addresses of an existing interface are somebody else's, and are waited for", {
  skip,
}, async () => {
  await using stage = await Stage.open();
  const agent = await stage.agent();
  const own = agent.driver.rtnl(agent.driver.own);
  await own.request(createLink({ name: 'ext1', kind: { type: 'bridge' }, up: true }));
  const value = linuxInterface('uplink', {
    type: Type.EXISTING,
    hostIfName: 'ext1',
    linkOnly: true,
    ipAddresses: ['10.6.1.1/24'],
  });
  const key = linuxInterfaceAddressKey('uplink', 'existing', '10.6.1.1/24');
  await agent.until('device seen', () => agent.state('linux/interface/host-name/ext1' as never) === 'OBTAINED');
  await agent.commit(value);
  assert.equal(agent.state(value.key), 'CONFIGURED');
  assert.equal(agent.state(key), 'PENDING');
  const link = await own.get(getLink({ name: 'ext1' }));
  // By an outsider: our own changes are not told.
  await own.request(deleteLink({ name: 'ext1' }));
  assert.ok(link);
  await agent.until('gone', () => agent.state(value.key) === 'PENDING');
});

test('a namespace that vanishes takes its interfaces with it, and they heal when it returns', { skip }, async () => {
  await using stage = await Stage.open();
  const { host, namespace } = await stage.pod('pod');
  const agent = await stage.agent();
  const name = `${stage.namespace}-gone`;
  agent.driver.namespaces.create(name);
  const tap = (one: string) =>
    vppInterface(one, { type: SwitchType.TAP, ipAddresses: ['10.7.0.1/24'], link: { case: 'tap', value: {} } });
  const inside = linuxInterface('inside', {
    type: Type.TAP_TO_VPP,
    namespace: named(name),
    hostIfName: 'eth0',
    ipAddresses: ['10.7.0.2/24'],
    link: { case: 'tap', value: { vppTapIfName: 'tap1' } },
  });
  const other = linuxInterface('other', { type: Type.LOOPBACK, namespace, ipAddresses: ['10.7.9.9/32'] });
  try {
    await agent.commit(tap('tap1'), inside, other);
    const before = agent.metadata<KernelLinuxInterface>(inside.key).namespace.id;
    agent.driver.namespaces.delete(name);
    agent.driver.namespaces.create(name);
    await agent.until('made anew in the new namespace', async () => {
      const metadata = agent.metadata<KernelLinuxInterface | undefined>(inside.key);
      return agent.state(inside.key) === 'CONFIGURED' && metadata !== undefined && metadata.namespace.id !== before;
    });
    await agent.scheduler.idle();
    assert.deepEqual(await agent.drift(), []);
    assert.ok(await reaches(stage.vswitch, '10.7.0.2'));
    assert.ok(await reaches(host, '10.7.9.9'));
  } finally {
    await agent.commit(gone(tap('tap1')), gone(inside), gone(other));
    agent.driver.namespaces.delete(name);
  }
});

test('an address that goes does not take others of its subnet along', { skip }, async () => {
  await using stage = await Stage.open();
  const { host, namespace } = await stage.pod('pod');
  const agent = await stage.agent();
  const tap = vppInterface('tap', { type: SwitchType.TAP, link: { case: 'tap', value: { version: 2 } } });
  const end = (...ipAddresses: readonly string[]) =>
    linuxInterface('end', {
      type: Type.TAP_TO_VPP,
      namespace,
      hostIfName: 'eth0',
      ipAddresses: [...ipAddresses],
      link: { case: 'tap', value: { vppTapIfName: 'tap' } },
    });
  // The kernel takes the second along with the first, its way.
  assert.equal(await host.sysctl('net.ipv4.conf.all.promote_secondaries'), '0');
  await agent.commit(tap, end('10.3.0.1/24', '10.3.0.2/24'));
  const addresses = async () =>
    [...(await host.run('ip', '-4', '-o', 'addr', 'show', 'eth0')).matchAll(/inet (\S+)/g)]
      .map(([, one = '']) => one)
      .sort((left, right) => left.localeCompare(right));
  await agent.commit(end('10.3.0.2/24'));
  assert.deepEqual(await addresses(), ['10.3.0.2/24']);
  await agent.commit(end('10.3.0.3/24'));
  assert.deepEqual(await addresses(), ['10.3.0.3/24']);
  assert.deepEqual(await agent.drift(), []);
});
