import '../../../test/stage/own-namespace.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { deleteFdb, listFdb, NTF_SELF, NUD_PERMANENT } from '../../kernel/netlink/neighbour.ts';
import { getLink } from '../../kernel/netlink/link.ts';
import { parseIp } from '../../model/address.ts';
import { Interface_Type as LinuxType } from '../../model/gen/ligato/linux/interfaces/interface_pb.js';
import { BridgeDomainSchema } from '../../model/gen/ligato/vpp/l2/bridge_domain_pb.js';
import { Interface_Type as Type } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Change } from '../../scheduler/scheduler.ts';
import type { Host } from '../../../test/lab/host.ts';
import { bridgeDomainKey } from '../bridge-domain/model.ts';
import { gone, linuxInterface, named, reaches, Stage, StageAgent, vppInterface } from '../../../test/stage/stage.ts';
import type { KernelInterface } from './kernel-metadata.ts';
import { interfaceKey } from './model.ts';

const skip = process.getuid?.() === 0 ? false : 'needs root';

function tunnel(name: string, srcAddress: string, dstAddress: string, vni: number, more: object = {}): Change {
  return vppInterface(name, {
    type: Type.VXLAN_TUNNEL,
    link: { case: 'vxlan', value: { srcAddress, dstAddress, vni } },
    ...more,
  });
}

async function remotesOf(agent: StageAgent, name: string): Promise<number> {
  const rtnl = agent.driver.rtnl(agent.driver.vswitch);
  const link = await rtnl.get(getLink({ name }));
  const entries = await rtnl.dump(listFdb({ link: link!.index }));
  return entries.filter(
    ({ link: index, mac, remote }) => index === link!.index && remote && mac.every((byte) => byte === 0),
  ).length;
}

test('tunnels of one VNI share a device and come and go one by one', { skip }, async () => {
  await using stage = await Stage.open();
  const agent = await stage.agent();
  const [a, b] = [tunnel('a', '10.0.0.1', '10.0.0.2', 7), tunnel('b', '10.0.0.1', '10.0.0.3', 7)];
  await agent.commit(a);
  const { ifindex } = agent.metadata<KernelInterface>(interfaceKey('a'));
  await agent.commit(b);
  assert.equal(agent.metadata<KernelInterface>(interfaceKey('b')).ifindex, ifindex);
  assert.equal(await remotesOf(agent, 'vxlan7'), 2);
  assert.deepEqual(await agent.drift(), []);

  const rtnl = agent.driver.rtnl(agent.driver.vswitch);
  const lost = {
    link: ifindex,
    mac: new Uint8Array(6),
    remote: parseIp('10.0.0.3')!,
    state: NUD_PERMANENT,
    flags: NTF_SELF,
  };
  await rtnl.request(deleteFdb(lost));
  assert.deepEqual(await agent.drift(), ['different config/vpp/v2/interfaces/b enabled']);
  assert.deepEqual(await agent.heal(), ['UPDATE config/vpp/v2/interfaces/b']);
  assert.equal(await remotesOf(agent, 'vxlan7'), 2);

  const second = await stage.restart(agent);
  assert.deepEqual(await second.resync(a, b), []);
  await second.commit(tunnel('b', '10.0.0.1', '10.0.0.3', 7, { enabled: false }));
  assert.equal(await remotesOf(second, 'vxlan7'), 1);
  const third = await stage.restart(second);
  await third.resync(a);
  assert.equal(await remotesOf(third, 'vxlan7'), 1);
  assert.equal(third.metadata<KernelInterface>(interfaceKey('a')).ifindex, ifindex);
  await third.commit(gone(a));
  assert.equal(await stage.vswitch.link('vxlan7'), undefined);
});

test('a tunnel that does not fit the shared device is refused with the reason; the others stay', { skip }, async () => {
  await using stage = await Stage.open();
  const agent = await stage.agent();
  await agent.commit(tunnel('a', '10.0.0.1', '10.0.0.2', 7));
  const errors = await agent.failing(tunnel('b', '10.0.0.9', '10.0.0.3', 7), tunnel('c', '10.0.0.1', '10.0.0.4', 7));
  assert.match(
    errors[interfaceKey('b')] ?? '',
    /tunnels of VNI 7 share a device: src_address and vrf have to be those of a/,
  );
  assert.deepEqual(Object.keys(errors), [interfaceKey('b')]);
  assert.equal(await remotesOf(agent, 'vxlan7'), 2);
});

/** A node: a switch with a pod in a bridge domain and tunnels to the other nodes. */
interface Node {
  readonly agent: StageAgent;
  readonly pod: Host;
  readonly changes: readonly Change[];
}

for (const family of [4, 6] as const) {
  test(`three nodes in a mesh over IPv${family}: every pod reaches every other one, broadcasts come once`, {
    skip,
  }, async () => {
    await using stage = await Stage.open();
    const wire = await stage.lab.host('wire');
    await wire.addLink('br0', 'bridge');
    await wire.setLink('br0', { up: true });
    const under = (node: number) => (family === 4 ? `192.168.0.${node}` : `fd00:99::${node}`);
    const nodes: Node[] = [];
    try {
      for (const number of [1, 2, 3]) nodes.push(await makeNode(stage, wire, number, under));
      for (const [from, node] of nodes.entries()) {
        for (const to of [1, 2, 3])
          if (to !== from + 1) assert.ok(await reaches(node.pod, `10.20.0.${to}`), `${from + 1} to ${to}`);
      }
      const answers = await nodes[0]!.pod.ping('10.20.0.3', { count: 5 });
      assert.deepEqual([answers.received, answers.duplicates], [5, 0]);
      for (const asked of [2, 3]) {
        const macs = await nodes[0]!.pod.whoHas('eth0', `10.20.0.${asked}`, {
          from: '10.20.0.1',
          all: true,
          timeout: 300,
        });
        assert.equal(macs.length, 1);
      }
      for (const { agent } of nodes) assert.deepEqual(await agent.drift(), []);
    } finally {
      for (const { agent } of nodes) await agent.stop();
    }
  });
}

async function makeNode(stage: Stage, wire: Host, number: number, under: (node: number) => string): Promise<Node> {
  const vswitch = await stage.lab.host(`node${number}`);
  const { host: pod, namespace } = await stage.pod(`pod${number}`);
  await stage.lab.link(vswitch, 'uplink', wire, `port${number}`);
  await wire.setLink(`port${number}`, { master: 'br0' });
  await vswitch.sysctl('net.ipv6.conf.default.accept_dad', 0);
  await vswitch.address('uplink', `${under(number)}/${under(number).includes(':') ? 64 : 24}`);
  const agent = await StageAgent.start(stage.lab.publish(vswitch), { adopt: new Set() });
  const others = [1, 2, 3].filter((other) => other !== number);
  const changes = [
    vppInterface('tap', { type: Type.TAP, link: { case: 'tap', value: { version: 2 } } }),
    linuxInterface('eth', {
      type: LinuxType.TAP_TO_VPP,
      namespace: named(namespace.reference),
      hostIfName: 'eth0',
      ipAddresses: [`10.20.0.${number}/24`],
      link: { case: 'tap', value: { vppTapIfName: 'tap' } },
    }),
    ...others.map((other) => tunnel(`to${other}`, under(number), under(other), 10)),
    {
      key: bridgeDomainKey('lan'),
      value: create(BridgeDomainSchema, {
        name: 'lan',
        flood: true,
        unknownUnicastFlood: true,
        forward: true,
        learn: true,
        interfaces: [{ name: 'tap' }, ...others.map((other) => ({ name: `to${other}`, splitHorizonGroup: 1 }))],
      }),
    },
  ];
  await agent.commit(...changes);
  return { agent, pod, changes };
}
