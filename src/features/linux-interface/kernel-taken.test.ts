import '../../../test/stage/own-namespace.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLink, deleteLink } from '../../kernel/netlink/link.ts';
import { Interface_Type as Type } from '../../model/gen/ligato/linux/interfaces/interface_pb.js';
import { Interface_Type as SwitchType } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { gone, linuxInterface, reaches, Stage, vppInterface } from '../../../test/stage/stage.ts';

const skip = process.getuid?.() === 0 ? false : 'needs root';

test('a TAP whose host_if_name somebody has says so, and is made when the name is free', { skip }, async () => {
  await using stage = await Stage.open();
  const agent = await stage.agent();
  const own = agent.driver.rtnl(agent.driver.own);
  await own.request(createLink({ name: 'clash2', kind: { type: 'bridge' } }));
  const tap = vppInterface('k1', { type: SwitchType.TAP, link: { case: 'tap', value: { hostIfName: 'clash2' } } });
  assert.deepEqual(await agent.failing(tap), {
    [tap.key]:
      "tap.host_if_name clash2 is taken in the agent's namespace by a device that is not ours: choose another name, or remove it",
  });
  await own.request(deleteLink({ name: 'clash2' }));
  await agent.until('made', () => agent.state(tap.key) === 'CONFIGURED', 30_000);
  await agent.scheduler.idle();
  assert.deepEqual(await agent.drift(), []);
  await agent.commit(gone(tap));
});

test('a name that somebody has in the namespace of a pod is said with its field, and taken when it is free', {
  skip,
}, async () => {
  await using stage = await Stage.open();
  const { host, namespace } = await stage.pod('pod');
  const agent = await stage.agent();
  const theirs = () => host.run('ip', 'link', 'add', 'eth0', 'type', 'bridge');
  const theirsGone = () => host.run('ip', 'link', 'delete', 'eth0');
  await theirs();
  const tap = vppInterface('tap1', {
    type: SwitchType.TAP,
    ipAddresses: ['10.7.0.1/24'],
    link: { case: 'tap', value: {} },
  });
  const inside = linuxInterface('inside', {
    type: Type.TAP_TO_VPP,
    namespace,
    hostIfName: 'eth0',
    ipAddresses: ['10.7.0.2/24'],
    link: { case: 'tap', value: { vppTapIfName: 'tap1' } },
  });
  const message =
    /^host_if_name of Linux interface \S+ eth0 is taken in netns \S+ by a device that is not ours: choose/;
  // The pair is made in the pod at once, or its far end is moved there later.
  const together = await agent.failing(tap, inside);
  assert.match(together[tap.key] ?? '', message);
  await theirsGone();
  await agent.until('made', () => agent.state(inside.key) === 'CONFIGURED', 30_000);
  assert.ok(await reaches(stage.vswitch, '10.7.0.2'));
  await agent.commit(gone(inside));
  await theirs();
  const later = await agent.failing(inside);
  assert.match(later[inside.key] ?? '', message);
  await theirsGone();
  await agent.until('moved', () => agent.state(inside.key) === 'CONFIGURED', 30_000);
  assert.ok(await reaches(stage.vswitch, '10.7.0.2'));
  await agent.commit(gone(inside), gone(tap));
});

test('both ends of a VETH pair say which of them has no name', { skip }, async () => {
  await using stage = await Stage.open();
  const { host, namespace } = await stage.pod('pod');
  const agent = await stage.agent();
  const end = (name: string, peerIfName: string) =>
    linuxInterface(name, {
      type: Type.VETH,
      namespace,
      hostIfName: `dev-${name}`,
      link: { case: 'veth', value: { peerIfName } },
    });
  const ends = [end('a', 'b'), end('b', 'a')] as const;
  for (const name of ['a', 'b']) {
    await host.run('ip', 'link', 'add', `dev-${name}`, 'type', 'bridge');
    const errors = await agent.failing(...ends);
    assert.match(
      errors[ends[0].key] ?? '',
      new RegExp(`^host_if_name of Linux interface ${name} dev-${name} is taken in`),
    );
    await host.run('ip', 'link', 'delete', `dev-${name}`);
    await agent.until('made', () => ends.every(({ key }) => agent.state(key) === 'CONFIGURED'), 30_000);
    await agent.scheduler.idle();
    assert.deepEqual(await agent.drift(), []);
    await agent.commit(...ends.map(gone));
  }
});
