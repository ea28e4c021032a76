// needs-kernel: vrf
import '../../../test/stage/own-namespace.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { Interface_Type as LinuxType } from '../../model/gen/ligato/linux/interfaces/interface_pb.js';
import { BridgeDomainSchema } from '../../model/gen/ligato/vpp/l2/bridge_domain_pb.js';
import { Interface_Type as Type } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { VrfTableSchema } from '../../model/gen/ligato/vpp/l3/vrf_pb.js';
import type { Change } from '../../scheduler/scheduler.ts';
import type { Host } from '../../../test/lab/host.ts';
import { linuxInterface, type named, reaches, Stage, StageAgent, vppInterface } from '../../../test/stage/stage.ts';
import { bridgeDomainKey } from '../bridge-domain/model.ts';
import { vrfTableKey } from '../vrf/model.ts';
import { interfaceKey } from './model.ts';

const table = (id: number, family: 4 | 6): Change => ({
  key: vrfTableKey(id, family),
  value: create(VrfTableSchema, { id, protocol: family === 4 ? 0 : 1 }),
});

function tunnel(name: string, srcAddress: string, dstAddress: string, vrf: number): Change {
  const link = { case: 'vxlan', value: { srcAddress, dstAddress, vni: 10 } } as const;
  return vppInterface(name, { type: Type.VXLAN_TUNNEL, vrf, link });
}

function bridge(name: string, ...interfaces: readonly string[]): Change {
  const flags = { flood: true, unknownUnicastFlood: true, forward: true, learn: true };
  const ports = interfaces.map((each) => ({ name: each }));
  return { key: bridgeDomainKey(name), value: create(BridgeDomainSchema, { name, ...flags, interfaces: ports }) };
}

function pod(name: string, namespace: ReturnType<typeof named>, address: string): readonly Change[] {
  return [
    vppInterface(name, { type: Type.TAP, link: { case: 'tap', value: { version: 2 } } }),
    linuxInterface(`${name}-eth`, {
      type: LinuxType.TAP_TO_VPP,
      namespace,
      hostIfName: 'eth0',
      ipAddresses: [address],
      link: { case: 'tap', value: { vppTapIfName: name } },
    }),
  ];
}

/** A switch whose uplink is an interface in this VRF. */
async function openSwitch(stage: Stage, wire: Host, number: number, vrf: number): Promise<StageAgent> {
  const vswitch = await stage.lab.host(`node${number}`);
  await vswitch.sysctl('net.ipv6.conf.default.accept_dad', 0);
  await stage.lab.link(vswitch, `uplink${number}`, wire, `port${number}`);
  await wire.setLink(`port${number}`, { master: 'br0' });
  await vswitch.run('ip', 'link', 'set', `uplink${number}`, 'netns', String(process.pid));
  const agent = await StageAgent.start(stage.lab.publish(vswitch), { adopt: new Set() });
  await agent.commit(
    ...(vrf > 0 ? [table(vrf, 4), table(vrf, 6)] : []),
    vppInterface('uplink', {
      type: Type.AF_PACKET,
      vrf,
      ipAddresses: [`192.168.0.${number}/24`, `fd00:99::${number}/64`],
      link: { case: 'afpacket', value: { hostIfName: `uplink${number}` } },
    }),
  );
  return agent;
}

for (const family of [4, 6] as const) {
  test(`an underlay in a VRF over IPv${family}: two tunnels of one VNI, each in its own bridge domain`, async () => {
    await using stage = await Stage.open();
    const under = (node: number) => (family === 4 ? `192.168.0.${node}` : `fd00:99::${node}`);
    const wire = await stage.lab.host('wire');
    await wire.addLink('br0', 'bridge');
    await wire.setLink('br0', { up: true });
    const agents = [
      await openSwitch(stage, wire, 1, 5),
      await openSwitch(stage, wire, 2, 5),
      await openSwitch(stage, wire, 3, 0),
    ] as const;
    try {
      const pods = await Promise.all(['pod1', 'pod2', 'far2', 'far3'].map((name) => stage.pod(name)));
      const [one, two, far2, far3] = pods as [(typeof pods)[0], (typeof pods)[0], (typeof pods)[0], (typeof pods)[0]];
      await agents[0].commit(
        tunnel('to2', under(1), under(2), 5),
        tunnel('to3', under(1), under(3), 5),
        ...pod('one', one.namespace, '10.20.0.1/24'),
        ...pod('two', two.namespace, '10.20.0.1/24'),
        bridge('bd1', 'one', 'to2'),
        bridge('bd2', 'two', 'to3'),
      );
      await agents[1].commit(
        tunnel('to1', under(2), under(1), 5),
        ...pod('far', far2.namespace, '10.20.0.2/24'),
        bridge('bd', 'far', 'to1'),
      );
      await agents[2].commit(
        tunnel('to1', under(3), under(1), 0),
        ...pod('far', far3.namespace, '10.20.0.3/24'),
        bridge('bd', 'far', 'to1'),
      );
      assert.ok(await reaches(one.host, '10.20.0.2'));
      assert.ok(await reaches(two.host, '10.20.0.3'));
      // More than one segment: what the kernel puts together on the way is what was sent.
      const server = await far3.host.echo({ protocol: 'tcp' });
      const payload = 'x'.repeat(200_000);
      const { answer, error } = await two.host.tcp({ to: '10.20.0.3', port: server.port, payload });
      assert.equal(error, undefined);
      assert.equal(answer?.length, payload.length);
      for (const agent of agents) assert.deepEqual(await agent.drift(), []);
    } finally {
      for (const agent of agents) await agent.stop();
    }
  });
}

test('the same two ends and VNI in two VRFs cannot be told apart: refused with the reason', async () => {
  await using stage = await Stage.open();
  const agent = await stage.agent();
  await agent.commit(table(5, 4), table(6, 4), tunnel('a', '10.0.0.1', '10.0.0.2', 5));
  const errors = await agent.failing(tunnel('b', '10.0.0.1', '10.0.0.2', 6));
  assert.match(errors[interfaceKey('b')] ?? '', /a has VNI 10 between 10.0.0.1 - 10.0.0.2 already, in another VRF/);
  assert.equal(await stage.vswitch.link('b'), undefined);
});
