import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { eventually } from '../../../test/router/agent.ts';
import { KernelBench } from '../../../test/router/kernel.ts';
import { answers, route } from './kernel/testing.ts';

const skip = requires({ netns: true, commands: ['ip', 'nft'] });
const STEERING = 'config/vpp/srv6/v2/steering';

/** Hosts a and c of one subnet, at a router that sends frames of one by way of m to the other. */
function network(bench: KernelBench, steered = STEERED): string {
  return `
vppConfig:
  interfaces:
    - ${bench.tap('a', '')}
    - ${bench.tap('c', '')}
    - ${bench.tap('m', '"fd02::1/64", 10.5.0.3/24')}
  routes:
    - { dstNetwork: "fc00:2::/32", nextHopAddr: "fd02::2", outgoingInterface: m }
  srv6Global: { encapSourceAddress: "fd02::1" }
  srv6Localsids:
    - { sid: "fc00:1::a", endFunctionDx2: { outgoingInterface: a } }
    - { sid: "fc00:1::c", endFunctionDx2: { outgoingInterface: c } }
  srv6Policies:
    - { bsid: "fc00:1::ba", srhEncapsulation: true, segmentLists: [{ segments: ["fc00:2::1", "fc00:1::a"] }] }
    - { bsid: "fc00:1::bc", srhEncapsulation: true, segmentLists: [{ segments: ["fc00:2::1", "fc00:1::c"] }] }
${steered}
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.5.0.1/24, "fd05::1/64"')}
    - ${bench.end('c', '10.5.0.2/24, 10.5.0.3/24, "fd05::2/64"')}
    - ${bench.end('m', '"fd02::2/64"')}
`;
}

const STEERED = `
  srv6Steerings:
    - { name: from-a, policyBsid: "fc00:1::bc", l2Traffic: { interfaceName: a } }
    - { name: from-c, policyBsid: "fc00:1::ba", l2Traffic: { interfaceName: c } }`;

/** Frames with ARP and ND are not carried: the hosts know each other. */
async function prepare(bench: KernelBench): Promise<void> {
  const m = bench.host('m');
  await m.sysctl('net.ipv6.conf.all.forwarding', 1);
  await route(m, 'fc00:2::1/128 encap seg6local action End dev eth0');
  await route(m, 'fc00:1::/32 via fd02::1 dev eth0');
  for (const [from, to, addresses] of [
    ['a', 'c', ['10.5.0.2', '10.5.0.3', 'fd05::2']],
    ['c', 'a', ['10.5.0.1', 'fd05::1']],
  ] as const) {
    const mac = /link\/ether (\S+)/.exec(await bench.host(to).run('ip', 'link', 'show', 'eth0'))![1]!;
    for (const address of addresses)
      await bench.host(from).run('ip', 'neigh', 'replace', address, 'lladdr', mac, 'dev', 'eth0');
  }
}

test('unicast IP frames of an interface go along segments and come out of another', {
  skip,
  timeout: 60_000,
}, async () => {
  await using bench = await KernelBench.open('a', 'c', 'm');
  const agent = await bench.agent();
  await agent.commit(network(bench));
  await prepare(bench);
  const a = bench.host('a');
  await eventually(() => answers(a, '10.5.0.2'));
  await eventually(() => answers(a, 'fd05::2'));
  // Also what is for an address that the router has itself, and the frame is as it was.
  const [inside, outside] = [await bench.host('c').capture('eth0'), await bench.host('m').capture('eth0')];
  await eventually(() => answers(a, '10.5.0.3'));
  const [frame] = await inside.wait({ direction: 'in', ip: { source: '10.5.0.1', destination: '10.5.0.3' } });
  assert.equal(frame!.ip!.ttl, 64);
  assert.match(await a.run('ip', 'link', 'show', 'eth0'), new RegExp(frame!.source));
  await outside.wait({ direction: 'out', ip: { destination: 'fc00:1::c', protocol: 43 } });
  await inside.close();
  await outside.close();
  // Broadcasts stay.
  assert.deepEqual(await a.whoHas('eth0', '10.5.0.77', { timeout: 200 }), []);

  assert.deepEqual(await agent.drift(), []);
  await agent.stop();
  const again = await bench.agent();
  assert.deepEqual(await again.resync(network(bench)), []);
  await again.remove(network(bench));
  assert.doesNotMatch(await bench.router.run('nft', 'list', 'ruleset'), /srv6/);
  assert.doesNotMatch(await bench.ip('rule'), /proto 79/);
  assert.doesNotMatch(await bench.ip('-6 rule'), /proto 79/);
  assert.doesNotMatch(await bench.ip('link'), /lig-srv6/);
});

test('each piece of steered frames is healed, with one operation', { skip, timeout: 60_000 }, async () => {
  await using bench = await KernelBench.open('a', 'c', 'm');
  const agent = await bench.agent();
  await agent.commit(network(bench));
  await prepare(bench);
  const index = /^(\d+):/.exec(await bench.ip('link show a'))![1]!;
  const table = String(0xf200_0000 + Number(index));
  const damages: readonly string[] = [
    'nft flush chain netdev ligature-srv6 from-a',
    'ip link set dev a promisc off',
    `ip rule del iif a`,
    `ip -6 rule del iif a`,
    `ip route del default table ${table}`,
    `ip -6 route del default table ${table}`,
    `ip -6 route del throw fc00:2::1/128 table ${table}`,
  ];
  for (const damage of damages) {
    let since = agent.scheduler.history().at(-1)!.seqNum;
    const cure = await agent.reaction(
      async () => {
        await bench.router.run(...(damage.split(' ') as [string]));
        if (!/nft|default/.test(damage)) await agent.heal();
      },
      () => Promise.resolve(agent.scheduler.history().some((one) => one.seqNum > since && one.executed.length > 0)),
    );
    since = agent.scheduler.history().at(-1)!.seqNum;
    assert.deepEqual(cure, [`${damage.includes('throw') ? 'UPDATE' : 'CREATE'} ${STEERING}/from-a`], damage);
    assert.deepEqual(await agent.drift(), [], damage);
  }
  await eventually(() => answers(bench.host('a'), '10.5.0.2'));
  // Another policy, in place.
  const turned = STEERED.replace('fc00:1::bc', 'fc00:1::ba');
  assert.deepEqual(await agent.commit(network(bench, turned)), [`UPDATE ${STEERING}/from-a`]);
  assert.deepEqual(await agent.drift(), []);
});

test('frames need a policy that encapsulates, and an interface that nobody else takes them from', {
  skip,
}, async () => {
  await using bench = await KernelBench.open('a', 'c', 'm');
  const agent = await bench.agent();
  const inserting = network(bench, '').replace('bc", srhEncapsulation: true', 'bc", srhEncapsulation: false');
  await agent.tryCommit(inserting.replace('linuxConfig:', `${STEERED}\nlinuxConfig:`));
  assert.match(agent.state(`${STEERING}/from-a`)!, /^FAILED policy .* for frames it needs srh_encapsulation/);
  await agent.tryCommit(`vppConfig: { bridgeDomains: [{ name: lan, interfaces: [{ name: c }] }] }`);
  const states = ['vpp/bd/lan/interface/c', `${STEERING}/from-c`].map((key) => agent.state(key)!);
  assert.equal(states.filter((state) => state.startsWith('INVALID conflicts with')).length, 1, states.join('\n'));
});
