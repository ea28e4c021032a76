import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../../test/requires.ts';
import type { Host } from '../../../../test/lab/host.ts';
import { createLab, type Lab } from '../../../../test/lab/lab.ts';
import { Agent, BROADCAST, Bench, device, domain, gone, macOf, port, question } from './testing.ts';

const skip = requires({ netns: true, commands: ['ip', 'bridge', 'nft'] });

test('interfaces that share a device join the bridge once, and leave it with the last', { skip }, async () => {
  await using bench = await Bench.open();
  await bench.hosts(2);
  const agent = await bench.agent();
  const twins = ['twin1@tap1', 'twin2@tap1'];
  const master = async () => /master (\S+)/.exec(await bench.vswitch.run('ip', 'link', 'show', 'tap1'))?.[1];
  await agent.commit(...twins.map(device), domain('bd1', { interfaces: twins.map((name) => port(name, 1)) }));
  assert.equal(await master(), 'bd1.bd');
  const again = await bench.agent();
  assert.deepEqual(
    await again.resync(...twins.map(device), domain('bd1', { interfaces: twins.map((name) => port(name, 1)) })),
    [],
  );
  await again.commit(domain('bd1', { interfaces: twins.map((name) => port(name, 2)) }));
  assert.deepEqual(await again.drift(), []);
  await again.commit(domain('bd1', { interfaces: [port('twin2@tap1', 1)] }));
  assert.equal(await master(), 'bd1.bd');
  const elsewhere = domain('bd2', { interfaces: [port('twin1@tap1', 1)] });
  await assert.rejects(
    again.commit(elsewhere),
    /twin1@tap1 shares device tap1 with twin2@tap1 and has to be where that is/,
  );
  await again.commit(gone(elsewhere));
  assert.equal(await master(), 'bd1.bd');
  assert.deepEqual(await again.drift(), []);
  await again.commit(domain('bd1', { interfaces: [] }));
  assert.equal(await master(), undefined);
});

test('a full mesh of three nodes: everybody reaches everybody, and a broadcast arrives once', { skip }, async () => {
  await using lab = await createLab();
  const numbers = [1, 2, 3] as const;
  const nodes = await Promise.all(numbers.map((number) => openNode(lab, number)));
  const underlay = await lab.host('underlay');
  await underlay.addLink('br0', 'bridge');
  for (const { host, number } of nodes) {
    await lab.link(host, 'up', underlay, `n${number}`);
    await underlay.setLink(`n${number}`, { master: 'br0' });
    await host.address('up', `192.0.2.${number}/24`);
  }
  for (const node of nodes) await node.connect(numbers.filter((number) => number !== node.number));
  try {
    for (const { pod, number } of nodes) {
      for (const other of numbers.filter((each) => each !== number)) {
        const { received, duplicates } = await pod.ping(`10.0.0.${other}`, { timeout: 3000 });
        assert.deepEqual([received, duplicates], [1, 0], `${number} -> ${other}`);
      }
    }
    const [first, ...others] = nodes;
    const captures = await Promise.all(nodes.map(({ pod }) => pod.capture('eth0', { direction: 'in' })));
    await first!.pod.send('eth0', question(1, BROADCAST));
    // What would go round in a loop comes back, or comes twice, before a later frame that took the same way.
    await Promise.all(captures.slice(1).map((capture) => capture.wait({ udp: { destination: 7 } })));
    for (const { pod } of others) assert.equal((await first!.pod.ping(addressOf(pod))).received, 1);
    const copies = await Promise.all(
      captures.map(async (capture) => (await capture.frames({ udp: { destination: 7 } })).length),
    );
    assert.deepEqual(copies, [0, 1, 1]);
  } finally {
    for (const { agent } of nodes) await agent.stop();
  }
});

function addressOf(pod: Host): string {
  return `10.0.0.${pod.name.slice(3)}`;
}

/** A switch with a pod, and tunnels to the others that share one VXLAN device and one split-horizon group. */
async function openNode(lab: Lab, number: number) {
  const [host, pod] = await lab.hosts(`node${number}`, `pod${number}`);
  await lab.link(pod, 'eth0', host, 'tap1', { near: { mac: macOf(number) } });
  await pod.address('eth0', `10.0.0.${number}/24`);
  const agent = await Agent.start(lab.publish(host), [], false);
  const connect = async (others: readonly number[]): Promise<void> => {
    await host.run(
      'ip',
      'link',
      'add',
      'vx',
      'type',
      'vxlan',
      'id',
      '10',
      'dstport',
      '4789',
      'local',
      `192.0.2.${number}`,
    );
    await host.run('ip', 'link', 'set', 'vx', 'up');
    for (const other of others) {
      await host.run('bridge', 'fdb', 'append', '00:00:00:00:00:00', 'dev', 'vx', 'dst', `192.0.2.${other}`);
    }
    const tunnels = others.map((other) => `to${other}@vx`);
    const interfaces = [port('tap1'), ...tunnels.map((name) => port(name, 1))];
    await agent.commit(device('tap1'), ...tunnels.map(device), domain('bd1', { interfaces }));
  };
  return { host, pod, number, agent, connect };
}
