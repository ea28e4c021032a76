import '../../../test/stage/own-namespace.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { deleteFdb, listFdb, NTF_SELF, NUD_PERMANENT } from '../../kernel/netlink/neighbour.ts';
import { getLink } from '../../kernel/netlink/link.ts';
import { formatIp, parseIp } from '../../model/address.ts';
import { Interface_Type as LinuxType } from '../../model/gen/ligato/linux/interfaces/interface_pb.js';
import { BridgeDomainSchema } from '../../model/gen/ligato/vpp/l2/bridge_domain_pb.js';
import { Interface_Type as Type } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Change } from '../../scheduler/scheduler.ts';
import type { Host } from '../../../test/lab/host.ts';
import * as frame from '../../../test/lab/frame.ts';
import { bridgeDomainKey } from '../bridge-domain/model.ts';
import {
  gone,
  linuxInterface,
  type named,
  reaches,
  Stage,
  StageAgent,
  vppInterface,
} from '../../../test/stage/stage.ts';
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

/** Ends that a tunnel sends unknown destinations to. */
async function remotesOf(agent: StageAgent, name: string): Promise<readonly string[]> {
  const rtnl = agent.driver.rtnl(agent.driver.vswitch);
  const link = await rtnl.get(getLink({ name }));
  if (!link) return [];
  const entries = await rtnl.dump(listFdb({ link: link.index }));
  const flooded = entries.filter(
    ({ link: index, mac, remote }) => index === link.index && remote && mac.every((byte) => byte === 0),
  );
  return flooded.map(({ remote }) => formatIp(remote!));
}

async function portOf(agent: StageAgent, name: string): Promise<number | undefined> {
  const link = await agent.driver.rtnl(agent.driver.vswitch).get(getLink({ name }));
  return link?.kind?.type === 'vxlan' ? link.kind.port : undefined;
}

test('tunnels of one VNI come and go one by one, on a port each', { skip }, async () => {
  await using stage = await Stage.open();
  const agent = await stage.agent();
  const [a, b] = [tunnel('a', '10.0.0.1', '10.0.0.2', 7), tunnel('b', '10.0.0.1', '10.0.0.3', 7)];
  await agent.commit(a);
  const { ifindex } = agent.metadata<KernelInterface>(interfaceKey('a'));
  await agent.commit(b);
  assert.deepEqual([await portOf(agent, 'a'), await portOf(agent, 'b')], [4789, 61_000]);
  assert.deepEqual([await remotesOf(agent, 'a'), await remotesOf(agent, 'b')], [['10.0.0.2'], ['10.0.0.3']]);
  assert.deepEqual(await agent.drift(), []);

  const rtnl = agent.driver.rtnl(agent.driver.vswitch);
  const lost = {
    link: agent.metadata<KernelInterface>(interfaceKey('b')).ifindex,
    mac: new Uint8Array(6),
    remote: parseIp('10.0.0.3')!,
    state: NUD_PERMANENT,
    flags: NTF_SELF,
  };
  await rtnl.request(deleteFdb(lost));
  assert.deepEqual(await agent.drift(), ['different config/vpp/v2/interfaces/b enabled']);
  assert.deepEqual(await agent.heal(), ['UPDATE config/vpp/v2/interfaces/b']);
  assert.deepEqual(await remotesOf(agent, 'b'), ['10.0.0.3']);

  const second = await stage.restart(agent);
  assert.deepEqual(await second.resync(a, b), []);
  await second.commit(tunnel('b', '10.0.0.1', '10.0.0.3', 7, { enabled: false }));
  assert.equal((await stage.vswitch.link('b'))?.up, false);
  const third = await stage.restart(second);
  await third.resync(a);
  assert.equal(await stage.vswitch.link('b'), undefined);
  assert.equal(third.metadata<KernelInterface>(interfaceKey('a')).ifindex, ifindex);
  await third.commit(gone(a));
  assert.equal(await stage.vswitch.link('a'), undefined);
  assert.equal(await stage.vswitch.run('nft', 'list', 'ruleset'), '');
});

test('what leads to a tunnel is healed, and goes with a tunnel that vanished while no agent was there', {
  skip,
}, async () => {
  await using stage = await Stage.open();
  const agent = await stage.agent();
  const [a, b] = [tunnel('a', '10.0.0.1', '10.0.0.2', 7), tunnel('b', 'fd00::1', 'fd00::3', 7)];
  const c = tunnel('c', 'fd00::1', 'fd00::4', 7);
  await agent.commit(a, b, c);
  const ruleset = () => stage.vswitch.run('nft', 'list', 'ruleset');
  const whole = await ruleset();
  for (const damage of [
    ['nft', 'flush', 'set', 'ip6', 'ligature-vxlan', 'ports'],
    ['nft', 'flush', 'chain', 'ip6', 'ligature-vxlan', 'arriving'],
    ['nft', 'delete', 'table', 'ip6', 'ligature-vxlan'],
  ]) {
    await stage.vswitch.run(...damage);
    await agent.until('healed', async () => (await ruleset()) === whole);
    assert.deepEqual(await agent.drift(), []);
  }
  await agent.stop();
  await stage.vswitch.run('ip', 'link', 'delete', 'c');
  const next = await stage.restart(agent);
  await next.resync(a, b);
  assert.deepEqual(await next.drift(), []);
  assert.doesNotMatch(await ruleset(), /comment "c"/);
});

test('each tunnel of a VNI has its own source address, MAC and MTU', { skip }, async () => {
  await using stage = await Stage.open();
  const agent = await stage.agent();
  await agent.commit(
    tunnel('a', '10.0.0.1', '10.0.0.2', 7, { mtu: 1400, physAddress: '02:00:00:00:00:0a' }),
    tunnel('b', '10.0.0.9', '10.0.0.3', 7, { mtu: 1300, physAddress: '02:00:00:00:00:0b' }),
  );
  const [a, b] = [await stage.vswitch.link('a'), await stage.vswitch.link('b')];
  assert.deepEqual([a?.mtu, a?.mac, b?.mtu, b?.mac], [1400, '02:00:00:00:00:0a', 1300, '02:00:00:00:00:0b']);
  assert.deepEqual(await agent.drift(), []);
});

for (const family of [4, 6] as const) {
  test(`tunnels of one VNI in two bridge domains over IPv${family} keep their traffic apart`, { skip }, async () => {
    await using stage = await Stage.open();
    const under = (node: number) => (family === 4 ? `192.168.0.${node}` : `fd00:99::${node}`);
    const wire = await makeWire(stage);
    const middle = await openSwitch(stage, wire, 1, under);
    const left = await openSwitch(stage, wire, 2, under);
    const right = await openSwitch(stage, wire, 3, under);
    try {
      const pods = await Promise.all(['pod1', 'pod2', 'far2', 'far3'].map((name) => stage.pod(name)));
      const [pod1, pod2, far2, far3] = pods.map(({ host }) => host) as [Host, Host, Host, Host];
      const place = (at: number, name: string, address: string) => pod(name, pods[at]!.namespace, address);
      const tunnels = [tunnel('to2', under(1), under(2), 10), tunnel('to3', under(1), under(3), 10)];
      await middle.commit(
        ...tunnels,
        ...place(0, 'one', '10.20.0.1/24'),
        ...place(1, 'two', '10.20.0.1/24'),
        bridge('bd1', [{ name: 'one' }, { name: 'to2' }]),
        bridge('bd2', [{ name: 'two' }, { name: 'to3' }]),
      );
      const ends = [tunnel('to1', under(2), under(1), 10), tunnel('to1', under(3), under(1), 10)];
      await left.commit(ends[0]!, ...place(2, 'far', '10.20.0.2/24'), bridge('bd', [{ name: 'far' }, { name: 'to1' }]));
      await right.commit(
        ends[1]!,
        ...place(3, 'far', '10.20.0.3/24'),
        bridge('bd', [{ name: 'far' }, { name: 'to1' }]),
      );
      // Each pod reaches the end of its own tunnel, although both have one address.
      assert.ok(await reaches(pod1, '10.20.0.2'));
      assert.ok(await reaches(pod2, '10.20.0.3'));
      assert.deepEqual((await pod1.whoHas('eth0', '10.20.0.3', { timeout: 300 })).length, 0);
      assert.deepEqual((await pod2.whoHas('eth0', '10.20.0.2', { timeout: 300 })).length, 0);
      // On the wire there is the port of VXLAN only.
      const outside = await wire.capture('port1', { udp: {} });
      assert.ok(await reaches(pod2, '10.20.0.3'));
      await outside.wait({ direction: 'in', vxlan: { vni: 10 } });
      const ports = (await outside.frames({ direction: 'in' })).map(({ udp }) => udp?.destination);
      assert.deepEqual([...new Set(ports)], [4789]);
      await outside.close();
      // A tunnel moves to the other domain without its traffic going astray.
      await middle.commit(
        bridge('bd1', [{ name: 'one' }]),
        bridge('bd2', [{ name: 'two' }, { name: 'to3' }, { name: 'to2' }]),
      );
      assert.ok(await reaches(pod2, '10.20.0.2'));
      // In no split-horizon group what one tunnel brings leaves through the other one.
      assert.ok(await reaches(far3, '10.20.0.2'));
      // In one group it does not.
      const apart = [{ name: 'two' }, { name: 'to3', splitHorizonGroup: 1 }, { name: 'to2', splitHorizonGroup: 1 }];
      await middle.commit(bridge('bd2', apart));
      assert.equal((await far3.whoHas('eth0', '10.20.0.2', { timeout: 300 })).length, 0);
      assert.ok(await reaches(far2, '10.20.0.1'));
      assert.ok(await reaches(far3, '10.20.0.1'));
      assert.deepEqual(await middle.drift(), []);
    } finally {
      for (const agent of [middle, left, right]) await agent.stop();
    }
  });
}

test('nobody reaches a tunnel past the port of VXLAN', { skip }, async () => {
  await using stage = await Stage.open();
  const wire = await stage.lab.host('wire');
  await stage.lab.link(stage.vswitch, 'uplink', wire, 'eth0');
  await stage.vswitch.address('uplink', '192.168.0.1/24');
  await wire.address('eth0', '192.168.0.2/24');
  const agent = await stage.agent();
  await agent.commit(tunnel('a', '192.168.0.1', '192.168.0.3', 7), tunnel('b', '192.168.0.1', '192.168.0.2', 7));
  const received = async () => (await stage.vswitch.link('b'))!.received.packets;
  const inner = frame.ethernet({ destination: 'ff:ff:ff:ff:ff:ff', source: '02:00:00:00:00:02', etherType: 0x88b5 });
  const header = Buffer.from('0800000000000700', 'hex');
  const [source, destination] = [(await wire.link('eth0'))!.mac, (await stage.vswitch.link('uplink'))!.mac];
  const sent = (port: number): Buffer => {
    const outer = frame.udp(50_000, port, Buffer.concat([header, inner]));
    const packet = frame.ip({ source: '192.168.0.2', destination: '192.168.0.1', protocol: 17 }, outer);
    return frame.ethernet({ destination, source, etherType: 0x0800 }, packet);
  };
  await wire.send('eth0', sent(61_000));
  await wire.send('eth0', sent(4789));
  await agent.until('the second arrives', async () => (await received()) > 0);
  assert.equal(await received(), 1);
});

test('tunnels to a multicast group, beside one to a single end of the same VNI', { skip }, async () => {
  await using stage = await Stage.open();
  const under = (node: number) => `192.168.0.${node}`;
  const wire = await makeWire(stage);
  const nodes = [];
  try {
    for (const number of [1, 2, 3]) {
      const agent = await openSwitch(stage, wire, number, under, false);
      const { host, namespace } = await stage.pod(`pod${number}`);
      // On node 1 the group comes second, so that it has not the port of VXLAN.
      if (number === 1) await agent.commit(tunnel('single', under(1), under(9), 10));
      await agent.commit(
        vppInterface('uplink', {
          type: Type.AF_PACKET,
          ipAddresses: [`${under(number)}/24`],
          link: { case: 'afpacket', value: { hostIfName: `uplink${number}` } },
        }),
        groupTunnel('group', under(number), '239.1.1.1', 10),
        ...pod('tap', namespace, `10.20.0.${number}/24`),
        bridge('lan', [{ name: 'tap' }, { name: 'group' }]),
      );
      nodes.push({ agent, host });
    }
    assert.equal(await portOf(nodes[0]!.agent, 'group'), 61_000);
    const outside = await wire.capture('port1', { vxlan: { vni: 10 } });
    for (const [from, { host }] of nodes.entries()) {
      for (const to of [1, 2, 3])
        if (to !== from + 1) assert.ok(await reaches(host, `10.20.0.${to}`), `${from + 1}-${to}`);
    }
    await outside.wait({ ip: { destination: '239.1.1.1' } });
    await outside.close();
    for (const { agent } of nodes) assert.deepEqual(await agent.drift(), []);
  } finally {
    for (const { agent } of nodes) await agent.stop();
  }
});

function groupTunnel(name: string, srcAddress: string, dstAddress: string, vni: number): Change {
  const value = { srcAddress, dstAddress, vni, multicast: 'uplink' };
  return vppInterface(name, { type: Type.VXLAN_TUNNEL, link: { case: 'vxlan', value } });
}

function bridge(name: string, interfaces: MessageInitShape<typeof BridgeDomainSchema>['interfaces']): Change {
  const flags = { flood: true, unknownUnicastFlood: true, forward: true, learn: true };
  return { key: bridgeDomainKey(name), value: create(BridgeDomainSchema, { name, ...flags, interfaces: interfaces! }) };
}

/** A TAP of the switch and its other end in a pod. */
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

async function makeWire(stage: Stage): Promise<Host> {
  const wire = await stage.lab.host('wire');
  await wire.addLink('br0', 'bridge');
  await wire.setLink('br0', { up: true });
  return wire;
}

/** A switch with an uplink to the wire; `ready`: the uplink has its address, else it is in the namespace of the test. */
async function openSwitch(
  stage: Stage,
  wire: Host,
  number: number,
  under: (node: number) => string,
  ready = true,
): Promise<StageAgent> {
  const vswitch = await stage.lab.host(`node${number}`);
  const uplink = ready ? 'uplink' : `uplink${number}`;
  await stage.lab.link(vswitch, uplink, wire, `port${number}`);
  await wire.setLink(`port${number}`, { master: 'br0' });
  if (ready) {
    await vswitch.sysctl('net.ipv6.conf.default.accept_dad', 0);
    await vswitch.address('uplink', `${under(number)}/${under(number).includes(':') ? 64 : 24}`);
  } else {
    await vswitch.run('ip', 'link', 'set', uplink, 'netns', String(process.pid));
  }
  return StageAgent.start(stage.lab.publish(vswitch), { adopt: new Set() });
}

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
    const wire = await makeWire(stage);
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
  const { host, namespace } = await stage.pod(`pod${number}`);
  const agent = await openSwitch(stage, wire, number, under);
  const others = [1, 2, 3].filter((other) => other !== number);
  const changes = [
    ...pod('tap', namespace, `10.20.0.${number}/24`),
    ...others.map((other) => tunnel(`to${other}`, under(number), under(other), 10)),
    bridge('lan', [{ name: 'tap' }, ...others.map((other) => ({ name: `to${other}`, splitHorizonGroup: 1 }))]),
  ];
  await agent.commit(...changes);
  return { agent, pod: host, changes };
}
