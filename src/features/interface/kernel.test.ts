import '../../../test/stage/own-namespace.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeLink, createLink, deleteLink, getLink } from '../../kernel/netlink/link.ts';
import { deleteAddress, listAddresses, replaceAddress } from '../../kernel/netlink/address.ts';
import { deviceGroups } from '../../kernel/pipeline/numbers.ts';
import { formatPrefix, parsePrefix } from '../../model/address.ts';
import { Interface_Type as LinuxType } from '../../model/gen/ligato/linux/interfaces/interface_pb.js';
import { Interface_Type as Type } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { gone, linuxInterface, reaches, Stage, vppInterface } from '../../../test/stage/stage.ts';
import type { StageAgent } from '../../../test/stage/stage.ts';
import type { KernelInterface } from './kernel-metadata.ts';
import { interfaceAddressKey, interfaceKey, linkStateKey, rxModesKey, unnumberedKey } from './model.ts';

const skip = process.getuid?.() === 0 ? false : 'needs root';
const tap = { type: Type.TAP, link: { case: 'tap', value: { version: 2 } } } as const;
const loopback = { type: Type.SOFTWARE_LOOPBACK } as const;

function linksOf({ driver }: StageAgent) {
  return driver.rtnl(driver.vswitch);
}

async function names(agent: StageAgent, stage: Stage): Promise<readonly string[]> {
  void agent;
  return (await stage.vswitch.links()).map((link) => link.name).sort();
}

test('a TAP and the Linux interface of a pod carry IPv4 and IPv6, and go without a trace', { skip }, async () => {
  await using stage = await Stage.open();
  const { host, namespace } = await stage.pod('pod');
  const agent = await stage.agent();
  const changes = [
    vppInterface('tap1', { ...tap, ipAddresses: ['10.1.0.1/24', 'fd01::1/64'] }),
    linuxInterface('pod1', {
      type: LinuxType.TAP_TO_VPP,
      namespace,
      hostIfName: 'eth0',
      physAddress: '02:00:00:00:00:42',
      ipAddresses: ['10.1.0.2/24', 'fd01::2/64'],
      link: { case: 'tap', value: { vppTapIfName: 'tap1' } },
    }),
  ];
  await agent.commit(...changes);
  assert.ok(await reaches(host, '10.1.0.1'));
  assert.ok(await reaches(host, 'fd01::1'));
  const seen = await stage.vswitch.whoHas('tap1', '10.1.0.2', { from: '10.1.0.1' });
  assert.deepEqual(seen, ['02:00:00:00:00:42']);
  assert.deepEqual(await agent.drift(), []);

  await agent.commit(...changes.map(gone));
  assert.deepEqual(await names(agent, stage), ['lo']);
  assert.deepEqual(
    (await host.links()).map((link) => link.name),
    ['lo'],
  );
});

test('a new agent finds everything as it is wanted', { skip }, async () => {
  await using stage = await Stage.open();
  const { host, namespace } = await stage.pod('pod');
  const changes = [
    vppInterface('tap1', { ...tap, mtu: 1400, ipAddresses: ['10.1.0.1/24', 'FD01:0::1/64'] }),
    vppInterface('loop1', { ...loopback, physAddress: '02:00:00:00:0B:01', ipAddresses: ['10.2.0.1/32'] }),
    vppInterface('off', { ...loopback, enabled: false }),
    linuxInterface('pod1', {
      type: LinuxType.TAP_TO_VPP,
      namespace,
      ipAddresses: ['10.1.0.2/24'],
      link: { case: 'tap', value: { vppTapIfName: 'tap1' } },
    }),
  ];
  const first = await stage.agent();
  await first.commit(...changes);
  const second = await stage.restart(first);
  assert.deepEqual(await second.resync(...changes), []);
  assert.ok(await reaches(host, '10.1.0.1'));
  // What nobody wants any more goes.
  const third = await stage.restart(second);
  const removed = await third.resync(changes[1]!);
  assert.ok(
    removed.every((operation) => operation.startsWith('DELETE')),
    removed.join(),
  );
  assert.deepEqual(await names(third, stage), ['lo', 'loop1', 'loop1.p']);
  assert.equal(await host.link('pod1'), undefined);
});

test('MTU, MAC and state change in place', { skip }, async () => {
  await using stage = await Stage.open();
  const agent = await stage.agent();
  const rtnl = linksOf(agent);
  await agent.commit(vppInterface('loop1', { ...loopback, ipAddresses: ['10.2.0.1/24', 'fd02::1/64'] }));
  const { ifindex } = agent.metadata<KernelInterface>(interfaceKey('loop1'));
  const addresses = ['10.2.0.1/24', 'fd02::1/64'];
  const done = await agent.commit(
    vppInterface('loop1', { ...loopback, mtu: 9000, physAddress: '02:00:00:00:0b:01', ipAddresses: addresses }),
  );
  assert.deepEqual(done, ['UPDATE config/vpp/v2/interfaces/loop1']);
  const link = await rtnl.get(getLink({ name: 'loop1' }));
  assert.deepEqual([link?.index, link?.mtu, link?.address[5]], [ifindex, 9000, 1]);

  await agent.commit(vppInterface('loop1', { ...loopback, enabled: false, ipAddresses: addresses }));
  assert.equal((await rtnl.get(getLink({ name: 'loop1' })))?.up, false);
  await agent.commit(vppInterface('loop1', { ...loopback, ipAddresses: addresses }));
  assert.equal((await rtnl.get(getLink({ name: 'loop1' })))?.index, ifindex);
  await agent.scheduler.idle();
  assert.deepEqual(await agent.drift(), []);
  assert.ok(await reaches(stage.vswitch, 'fd02::1'));
});

test('what is damaged by hand is reported, and healed with one operation', { skip }, async () => {
  await using stage = await Stage.open();
  const agent = await stage.agent();
  const rtnl = linksOf(agent);
  await agent.commit(vppInterface('loop1', { ...loopback, mtu: 1300, ipAddresses: ['10.2.0.1/24', 'fd02::1/64'] }));
  const { ifindex } = agent.metadata<KernelInterface>(interfaceKey('loop1'));

  // Our own changes of IPv4 addresses make no events (of IPv6 ones the kernel does not say whose they are), and nobody minds the MTU in
  // those of links: nobody hears of these but who looks.
  await rtnl.request(deleteAddress({ link: ifindex, address: parsePrefix('10.2.0.1/24')! }));
  const key = interfaceAddressKey('loop1', 'static', '10.2.0.1/24');
  assert.deepEqual(await agent.drift(), [`missing ${key}`]);
  assert.deepEqual(await agent.heal(), [`CREATE ${key}`]);

  await rtnl.request(changeLink({ index: ifindex }, { mtu: 1290 }));
  assert.deepEqual(await agent.drift(), ['different config/vpp/v2/interfaces/loop1 mtu']);
  assert.deepEqual(await agent.heal(), ['UPDATE config/vpp/v2/interfaces/loop1']);
  assert.equal((await rtnl.get(getLink({ index: ifindex })))?.mtu, 1300);
});

test('what others take away comes back by itself', { skip }, async () => {
  await using stage = await Stage.open();
  const agent = await stage.agent();
  const addresses = ['10.2.0.1/24', 'fd02::1/64'];
  await agent.commit(vppInterface('loop1', { ...loopback, ipAddresses: addresses }));
  const before = agent.metadata<KernelInterface>(interfaceKey('loop1')).ifindex;

  await stage.vswitch.setLink('loop1', { up: false });
  await agent.until('up again', async () => (await stage.vswitch.link('loop1'))?.up === true);
  await stage.vswitch.deleteLink('loop1');
  await agent.until('made anew', async () => {
    const link = await linksOf(agent).get(getLink({ name: 'loop1' }));
    return link !== undefined && link.index !== before && link.up;
  });
  await agent.scheduler.idle();
  assert.deepEqual(await agent.drift(), []);
});

test('a device that a crash left unmarked is made anew; one of somebody else stays', { skip }, async () => {
  await using stage = await Stage.open();
  const agent = await stage.agent();
  const rtnl = linksOf(agent);
  const pair = { type: 'veth', peer: { name: 'rest.p' } } as const;
  await rtnl.request(createLink({ name: 'rest', kind: pair, group: deviceGroups.newborn.first }));
  await rtnl.request(createLink({ name: 'theirs', kind: { type: 'bridge' }, alias: 'uplink' }));
  await agent.commit(vppInterface('rest', loopback));
  const link = await rtnl.get(getLink({ name: 'rest' }));
  assert.deepEqual([link?.group, link?.alias], [0, 'ligature:test:loopback:rest']);

  const errors = await agent.failing(vppInterface('theirs', loopback));
  assert.match(errors[interfaceKey('theirs')] ?? '', /EEXIST/);
  assert.equal((await rtnl.get(getLink({ name: 'theirs' })))?.alias, 'uplink');
  await agent.commit(gone(vppInterface('theirs', loopback)));
  assert.ok(await rtnl.get(getLink({ name: 'theirs' })));
});

test("the far end of a TAP waits in the agent's namespace, is taken, and comes back", { skip }, async () => {
  await using stage = await Stage.open();
  const { host, namespace } = await stage.pod('pod');
  const agent = await stage.agent();
  const own = agent.driver.rtnl(agent.driver.own);
  const switchSide = vppInterface('tap1', {
    ...tap,
    ipAddresses: ['10.1.0.1/24'],
    link: { case: 'tap', value: { version: 2, hostIfName: 'vpp-tap1' } },
  });
  const podSide = linuxInterface('pod1', {
    type: LinuxType.TAP_TO_VPP,
    namespace,
    hostIfName: 'eth0',
    ipAddresses: ['10.1.0.2/24'],
    link: { case: 'tap', value: { vppTapIfName: 'tap1' } },
  });
  await agent.commit(switchSide);
  assert.ok(await own.get(getLink({ name: 'vpp-tap1' })));
  for (let round = 0; round < 2; round++) {
    await agent.commit(podSide);
    assert.equal(await own.get(getLink({ name: 'vpp-tap1' })), undefined);
    assert.ok(await reaches(host, '10.1.0.1'));
    assert.deepEqual(await agent.drift(), []);
    await agent.commit(gone(podSide));
    assert.ok(await own.get(getLink({ name: 'vpp-tap1' })));
    assert.equal(await host.link('eth0'), undefined);
  }
  await agent.commit(podSide);
  await agent.commit(gone(podSide), gone(switchSide));
  assert.equal(await own.get(getLink({ name: 'vpp-tap1' })), undefined);
});

test('link states are told', { skip }, async () => {
  await using stage = await Stage.open();
  const agent = await stage.agent();
  await agent.commit(vppInterface('loop1', loopback));
  await agent.until('link up', () => agent.state(linkStateKey('loop1', 'UP')) === 'OBTAINED');
  await agent.commit(vppInterface('loop1', { ...loopback, enabled: false }));
  await agent.until('link down', () => agent.state(linkStateKey('loop1', 'DOWN')) === 'OBTAINED');
  assert.equal(agent.state(linkStateKey('loop1', 'UP')), undefined);
  await agent.commit(gone(vppInterface('loop1', loopback)));
  await agent.until('link gone', () => agent.state(linkStateKey('loop1', 'DOWN')) === undefined);
});

test('an unnumbered interface has the addresses of its lender, follows them, and gives them back', {
  skip,
}, async () => {
  await using stage = await Stage.open();
  const { host, namespace } = await stage.pod('pod');
  const agent = await stage.agent();
  // One that stays: with the last IPv4 address of a device the kernel takes all routes through it away.
  const lender = (...more: string[]) => vppInterface('loop1', { ...loopback, ipAddresses: ['10.8.9.9/32', ...more] });
  const borrower = vppInterface('tap1', { ...tap, unnumbered: { interfaceWithIp: 'loop1' } });
  const podSide = linuxInterface('pod1', {
    type: LinuxType.TAP_TO_VPP,
    namespace,
    hostIfName: 'eth0',
    ipAddresses: ['10.8.0.7/24', 'fd08::7/64'],
    link: { case: 'tap', value: { vppTapIfName: 'tap1' } },
  });
  await agent.commit(borrower, podSide);
  assert.equal(agent.state(unnumberedKey('tap1')), 'PENDING');
  await agent.commit(lender('10.8.0.1/24', 'fd08::1/64'));
  await stage.vswitch.route('10.8.0.7/32', { device: 'tap1' });
  await stage.vswitch.route('fd08::7/128', { device: 'tap1' });
  assert.ok(await reaches(host, '10.8.0.1'));
  assert.ok(await reaches(host, 'fd08::1'));
  assert.deepEqual(await agent.drift(), []);

  await agent.commit(lender('10.8.0.2/24', 'fd08::1/64'));
  assert.ok(await reaches(host, '10.8.0.2'));
  assert.deepEqual(await stage.vswitch.whoHas('tap1', '10.8.0.7', { from: '10.8.0.2' }).then((macs) => macs.length), 1);
  assert.deepEqual(await host.whoHas('eth0', '10.8.0.1', { from: '10.8.0.7', timeout: 300 }), []);
  assert.deepEqual(await agent.drift(), []);

  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(lender('10.8.0.2/24', 'fd08::1/64'), borrower, podSide), []);
  await next.commit(gone(lender()));
  assert.equal(next.state(unnumberedKey('tap1')), 'PENDING');
  assert.deepEqual(await host.whoHas('eth0', '10.8.0.2', { from: '10.8.0.7', timeout: 300 }), []);
});

test('a host device is taken into the vswitch and given back as it was', { skip }, async () => {
  await using stage = await Stage.open();
  const first = await stage.agent(['used0']);
  const own = first.driver.rtnl(first.driver.own);
  for (const name of ['free0', 'used0', 'busy0']) {
    await own.request(
      createLink({
        name,
        kind: { type: 'veth', peer: { name: `${name}p` } },
        up: true,
        mtu: 1450,
        alias: `cable ${name}`,
      }),
    );
  }
  const indexOf = async (name: string) => (await own.get(getLink({ name })))!.index;
  await own.request(replaceAddress({ link: await indexOf('used0'), address: parsePrefix('10.9.0.1/24')! }));
  await own.request(replaceAddress({ link: await indexOf('busy0'), address: parsePrefix('10.9.1.1/24')! }));
  const on = (name: string, hostIfName: string) =>
    vppInterface(name, {
      type: Type.AF_PACKET,
      ipAddresses: ['10.10.0.1/24'],
      link: { case: 'afpacket', value: { hostIfName } },
    });

  const errors = await first.failing(on('eth-busy', 'busy0'));
  assert.match(
    errors[interfaceKey('eth-busy')] ?? '',
    /busy0 is used by the host: it has address 10\.9\.1\.1\/24.*adopt/,
  );
  assert.ok(await own.get(getLink({ name: 'busy0' })));
  await first.commit(gone(on('eth-busy', 'busy0')));

  const wanted = on('eth-free', 'free0');
  await first.commit(
    wanted,
    vppInterface('eth-used', {
      type: Type.AF_PACKET,
      mtu: 1300,
      link: { case: 'afpacket', value: { hostIfName: 'used0' } },
    }),
  );
  assert.equal(await own.get(getLink({ name: 'free0' })), undefined);
  assert.equal((await stage.vswitch.link('free0'))?.up, true);
  assert.equal((await stage.vswitch.link('used0'))?.mtu, 1300);
  assert.deepEqual(await first.drift(), []);

  // The agent dies; the next one is not told of eth-used any more.
  const second = await stage.restart(first);
  assert.deepEqual(await second.resync(wanted), ['DELETE config/vpp/v2/interfaces/eth-used']);
  const home = second.driver.rtnl(second.driver.own);
  const used = await home.get(getLink({ name: 'used0' }));
  assert.deepEqual([used?.up, used?.mtu, used?.alias], [true, 1450, 'cable used0']);
  const addresses = (await home.dump(listAddresses({ link: used!.index }))).filter(({ link }) => link === used!.index);
  assert.ok(addresses.some(({ address }) => formatPrefix(address) === '10.9.0.1/24'));
  await second.commit(gone(wanted));
  const free = await home.get(getLink({ name: 'free0' }));
  assert.deepEqual([free?.up, free?.mtu, free?.alias], [true, 1450, 'cable free0']);
  for (const name of ['free0', 'used0', 'busy0']) await home.request(deleteLink({ name }));
});

test('a host device that is not there is reported, and taken when it appears', { skip }, async () => {
  await using stage = await Stage.open();
  const agent = await stage.agent();
  const own = agent.driver.rtnl(agent.driver.own);
  const value = vppInterface('late', {
    type: Type.AF_PACKET,
    link: { case: 'afpacket', value: { hostIfName: 'late0' } },
  });
  const errors = await agent.failing(value);
  assert.match(errors[value.key] ?? '', /there is no device late0 in the agent's network namespace: host_if_name/);
  await own.request(createLink({ name: 'late0', kind: { type: 'veth', peer: { name: 'late1' } } }));
  await agent.until('taken', () => agent.state(value.key) === 'CONFIGURED');
  assert.ok(await stage.vswitch.link('late0'));
  await agent.commit(gone(value));
  await own.request(deleteLink({ name: 'late0' }));
});

test('a VETH end becomes an AF_PACKET interface', { skip }, async () => {
  await using stage = await Stage.open();
  const { host, namespace } = await stage.pod('pod');
  const agent = await stage.agent();
  const changes = [
    linuxInterface('inside', {
      type: LinuxType.VETH,
      namespace,
      hostIfName: 'eth0',
      ipAddresses: ['10.11.0.2/24'],
      link: { case: 'veth', value: { peerIfName: 'outside' } },
    }),
    linuxInterface('outside', { type: LinuxType.VETH, link: { case: 'veth', value: { peerIfName: 'inside' } } }),
    vppInterface('afp1', {
      type: Type.AF_PACKET,
      ipAddresses: ['10.11.0.1/24'],
      link: { case: 'afpacket', value: { linuxInterface: 'outside' } },
    }),
  ];
  await agent.commit(...changes);
  assert.ok(await reaches(host, '10.11.0.1'));
  assert.deepEqual(await agent.drift(), []);
  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(...changes), []);
  await next.commit(gone(changes[2]!));
  const own = next.driver.rtnl(next.driver.own);
  assert.ok(await own.get(getLink({ name: 'outside' })));
  await next.commit(...changes);
  assert.ok(await reaches(host, '10.11.0.1'));
  await next.commit(...changes.map(gone));
  assert.equal(await own.get(getLink({ name: 'outside' })), undefined);
  assert.deepEqual(
    (await host.links()).map((link) => link.name),
    ['lo'],
  );
});

test('what this engine cannot do is UNIMPLEMENTED, with the reason', { skip }, async () => {
  await using stage = await Stage.open();
  const agent = await stage.agent();
  await agent.commit(
    vppInterface('loop1', { ...loopback, rxModes: [{ mode: 1, defaultMode: true }] }),
    vppInterface('memif1', {
      type: Type.MEMIF,
      link: { case: 'memif', value: { id: 1, socketFilename: '/run/m.sock' } },
    }),
  );
  assert.equal(agent.state(interfaceKey('loop1')), 'CONFIGURED');
  const polling = agent.scheduler.status(rxModesKey('loop1'));
  assert.equal(polling?.state, 'UNIMPLEMENTED');
  assert.match(polling.error ?? polling.details.join(), /polled/);
  const memif = agent.scheduler.status(interfaceKey('memif1'));
  assert.equal(memif?.state, 'UNIMPLEMENTED');
  assert.match(memif.error ?? memif.details.join(), /type MEMIF/);
});
