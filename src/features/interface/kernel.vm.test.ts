// needs-kernel: vrf
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { Interface_Type as LinuxType } from '../../model/gen/ligato/linux/interfaces/interface_pb.js';
import { Interface_Type as Type } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { VrfTableSchema } from '../../model/gen/ligato/vpp/l3/vrf_pb.js';
import type { Change } from '../../scheduler/scheduler.ts';
import { gone, linuxInterface, reaches, Stage, vppInterface } from '../../../test/stage/stage.ts';
import { vrfTableKey } from '../vrf/model.ts';

const table = (id: number, protocol: 0 | 1 = 0): Change => ({
  key: vrfTableKey(id, protocol === 1 ? 6 : 4),
  value: create(VrfTableSchema, { id, protocol }),
});

test('pods with the same address in two VRFs reach their own gateway', async () => {
  await using stage = await Stage.open();
  const agent = await stage.agent();
  const changes: Change[] = [table(1), table(2), table(1, 1), table(2, 1)];
  const pods = [];
  for (const vrf of [1, 2]) {
    const { host, namespace } = await stage.pod(`pod${vrf}`);
    const value = { vppTapIfName: `tap${vrf}` };
    changes.push(
      vppInterface(`tap${vrf}`, {
        type: Type.TAP,
        vrf,
        ipAddresses: ['10.1.0.1/24', 'fd01::1/64'],
        link: { case: 'tap', value: { version: 2 } },
      }),
      linuxInterface(`eth${vrf}`, {
        type: LinuxType.TAP_TO_VPP,
        namespace,
        hostIfName: 'eth0',
        ipAddresses: ['10.1.0.2/24', 'fd01::2/64'],
        link: { case: 'tap', value },
      }),
    );
    pods.push(host);
  }
  await agent.commit(...changes);
  for (const pod of pods) {
    assert.ok(await reaches(pod, '10.1.0.1'));
    assert.ok(await reaches(pod, 'fd01::1'));
  }
  assert.deepEqual(await agent.drift(), []);
  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(...changes), []);

  await stage.vswitch.run('ip', 'link', 'set', 'tap1', 'nomaster');
  // The kernel takes the IPv6 addresses away, too.
  await next.until(
    'the VRF and what went with it are back',
    async () => {
      const link = await stage.vswitch.run('ip', '-o', 'link', 'show', 'tap1');
      return link.includes(' master ') && (await next.drift()).length === 0;
    },
    30_000,
  );
  assert.ok(await reaches(pods[0]!, 'fd01::1'));
});

test('an interface changes its VRF; an unnumbered one goes with its lender', async () => {
  await using stage = await Stage.open();
  const { host, namespace } = await stage.pod('pod');
  const agent = await stage.agent();
  const lender = (vrf: number) =>
    vppInterface('loop1', { type: Type.SOFTWARE_LOOPBACK, vrf, ipAddresses: ['10.1.0.1/24'] });
  const borrower = vppInterface('tap1', {
    type: Type.TAP,
    unnumbered: { interfaceWithIp: 'loop1' },
    link: { case: 'tap', value: { version: 2 } },
  });
  const pod = linuxInterface('eth', {
    type: LinuxType.TAP_TO_VPP,
    namespace,
    hostIfName: 'eth0',
    ipAddresses: ['10.1.0.2/24'],
    link: { case: 'tap', value: { vppTapIfName: 'tap1' } },
  });
  await agent.commit(table(1), table(2), lender(1), borrower, pod);
  const masters = async () => {
    const [loop, tap] = await Promise.all([
      stage.vswitch.run('ip', '-o', 'link', 'show', 'loop1'),
      stage.vswitch.run('ip', '-o', 'link', 'show', 'tap1'),
    ]);
    return [loop, tap].map((text) => / master (\S+)/.exec(String(text))?.[1]);
  };
  const [first, same] = await masters();
  assert.ok(first);
  assert.equal(same, first);
  let before: string | undefined = first;
  for (const vrf of [2, 1, 2]) {
    await agent.commit(lender(vrf));
    const [now, follows] = await masters();
    assert.notEqual(now, before);
    assert.equal(follows, now);
    before = now;
  }
  assert.deepEqual(await agent.drift(), []);
  assert.equal((await host.whoHas('eth0', '10.1.0.1', { from: '10.1.0.2' })).length, 1);
  await agent.commit(gone(borrower), gone(pod), gone(lender(2)), gone(table(1)), gone(table(2)));
  const left = (await stage.vswitch.links()).map((link) => link.name);
  assert.ok(!left.some((name) => /^(tap|loop|vrf)/.test(name)), left.join());
});
