import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { eventually } from '../../../test/router/agent.ts';
import { KernelBench } from '../../../test/router/kernel.ts';

const skip = requires({ netns: true, commands: ['ip'] });

/** A router with hosts a (10.1.0.2) and b (10.2.0.2), which have addresses of their own behind them. */
function network(bench: KernelBench, routes: string, b = ''): string {
  return `
vppConfig:
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24, "fd01::1/64"')}
    - ${bench.tap('b', '10.2.0.1/24, "fd02::1/64"', b)}
  routes:${routes}
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.1.0.2/24, "fd01::2/64", 10.9.1.1/32')}
    - ${bench.end('b', '10.2.0.2/24, "fd02::2/64", 10.9.0.1/32, 10.9.1.1/32, "fd09::1/128"')}
  routes:
    - { outgoingInterface: a-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.1.0.1 }
    - { outgoingInterface: a-end, scope: GLOBAL, dstNetwork: "::/0", gwAddr: "fd01::1" }
    - { outgoingInterface: b-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.2.0.1 }
    - { outgoingInterface: b-end, scope: GLOBAL, dstNetwork: "::/0", gwAddr: "fd02::1" }
`;
}

const TO_B = `
    - { dstNetwork: 10.9.0.0/24, nextHopAddr: 10.2.0.2, outgoingInterface: b }
    - { dstNetwork: "fd09::/64", nextHopAddr: "fd02::2", outgoingInterface: b }`;
const KEY = 'config/vpp/v2/route/if/b/vrf/0/dst/10.9.0.0/24/gw/10.2.0.2';

async function answers(bench: KernelBench, to: string): Promise<boolean> {
  return (await bench.host('a').ping(to, { count: 1, timeout: 500 })).received === 1;
}

async function has(bench: KernelBench, text: string, family = '-4'): Promise<boolean> {
  return (await bench.ip(`${family} route show proto 76`)).includes(text);
}

test('routes forward, are read back, outlive the agent, and go', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'b');
  const agent = await bench.agent();
  const config = network(bench, TO_B);
  await agent.commit(config);
  await eventually(() => answers(bench, '10.9.0.1'));
  await eventually(() => answers(bench, 'fd09::1'));
  assert.deepEqual(await agent.drift(), []);
  await agent.stop();
  const again = await bench.agent();
  assert.deepEqual(await again.resync(config), []);
  await again.remove(`vppConfig: { routes: [${TO_B.replaceAll(/\n\s+- /g, ', ').slice(2)}] }`);
  assert.equal(await bench.ip('route show proto 76'), '');
  assert.equal(await bench.ip('-6 route show proto 76'), '');
});

test('another next hop is put in place without losing a packet', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'b');
  const agent = await bench.agent();
  const path = (weight: number): string => `
    - { dstNetwork: 10.9.0.0/24, nextHopAddr: 10.2.0.2, outgoingInterface: b, weight: ${weight} }`;
  await agent.commit(network(bench, path(1)));
  await eventually(() => answers(bench, '10.9.0.1'));
  const echo = await bench.host('b').echo({ protocol: 'udp', address: '10.9.0.1' });
  const flow = await bench.host('a').flow({ protocol: 'udp', to: '10.9.0.1', port: echo.port, interval: 2 });
  for (let weight = 2; weight < 40; weight++) {
    const second =
      weight % 2 === 0
        ? `
    - { dstNetwork: 10.9.0.0/24, nextHopAddr: 10.2.0.2, weight: 3 }`
        : '';
    await agent.commit(network(bench, path(weight) + second));
  }
  const { lost, sent } = await flow.stop(500);
  assert.ok(sent > 10);
  assert.equal(lost, 0);
  await echo.close();
});

test('several objects are the paths of one route, with their shares', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'b');
  const agent = await bench.agent();
  const path = (out: string, hop: string, weight: number): string => `
    - { dstNetwork: 10.9.1.0/24, nextHopAddr: ${hop}, outgoingInterface: ${out}, weight: ${weight} }`;
  await agent.commit(network(bench, path('a', '10.1.0.2', 1) + path('b', '10.2.0.2', 3)));
  const shown = await bench.ip('route show 10.9.1.0/24');
  assert.match(shown, /via 10\.1\.0\.2 dev a weight 1/);
  assert.match(shown, /via 10\.2\.0\.2 dev b weight 3/);
  assert.deepEqual(await agent.drift(), []);
  assert.deepEqual(await agent.commit(network(bench, path('b', '10.2.0.2', 5))), [
    'UPDATE config/vpp/v2/route/if/b/vrf/0/dst/10.9.1.0/24/gw/10.2.0.2',
  ]);
  assert.match(await bench.ip('route show 10.9.1.0/24'), /dev b weight 5/);
  const key = 'config/vpp/v2/route/if/b/vrf/0/dst/10.9.1.0/24/gw/10.2.0.2';
  const healed = await agent.reaction(
    () =>
      bench.ip(
        'route replace 10.9.1.0/24 metric 1 proto 76 nexthop via 10.1.0.2 dev a weight 1 onlink nexthop via 10.2.0.2 dev b weight 9 onlink',
      ),
    async () => (await bench.ip('route show 10.9.1.0/24')).includes('dev b weight 5'),
  );
  assert.deepEqual(healed, [`UPDATE ${key}`]);
  await agent.remove(
    `vppConfig: { routes: [{ dstNetwork: 10.9.1.0/24, nextHopAddr: 10.1.0.2, outgoingInterface: a }] }`,
  );
  assert.match(await bench.ip('route show 10.9.1.0/24'), /^10\.9\.1\.0\/24 via 10\.2\.0\.2 dev b /);
});

test('preferences, routes that drop, IPv4 by an IPv6 next hop', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'b');
  const agent = await bench.agent();
  const config = network(
    bench,
    `
    - { dstNetwork: 10.9.0.0/24, nextHopAddr: "fd02::2", outgoingInterface: b, preference: 10 }
    - { dstNetwork: 10.9.0.0/24, type: DROP, preference: 20 }
    - { dstNetwork: "fd09::/64", type: DROP }`,
  );
  await agent.commit(config);
  await eventually(() => answers(bench, '10.9.0.1'));
  assert.equal(await answers(bench, 'fd09::1'), false);
  assert.match(await bench.ip('route show 10.9.0.0/24'), /via inet6 fd02::2 dev b .*metric 11/);
  assert.match(await bench.ip('route show 10.9.0.0/24'), /blackhole 10\.9\.0\.0\/24 .*metric 21/);
  assert.deepEqual(await agent.drift(), []);
  const moved = await agent.commit(config.replace('preference: 20', 'preference: 5'));
  assert.equal(moved.length, 2, 'at another preference it is another route');
  assert.equal(await answers(bench, '10.9.0.1'), false);
});

test('a next hop without interface is followed, and waited for', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'b');
  const agent = await bench.agent();
  await agent.commit(
    network(
      bench,
      `
    - { dstNetwork: 10.9.0.0/24, nextHopAddr: 192.0.2.1 }
    - { dstNetwork: "fd09::/64", nextHopAddr: "fd02::2" }`,
    ),
  );
  await eventually(() => answers(bench, 'fd09::1'));
  const key = 'config/vpp/v2/route/vrf/0/dst/10.9.0.0/24/gw/192.0.2.1';
  await eventually(() =>
    Promise.resolve(agent.state(key)?.startsWith('FAILED next hop 192.0.2.1 is not reachable') === true),
  );
  await agent.commit('vppConfig: { routes: [{ dstNetwork: 192.0.2.0/24, nextHopAddr: 10.2.0.2 }] }');
  await eventually(() => answers(bench, '10.9.0.1'));
  await eventually(() => Promise.resolve(agent.state(key) === 'CONFIGURED'));
  // The way to the next hop moves, and the route with it.
  await agent.commit(
    'vppConfig: { routes: [{ dstNetwork: 192.0.2.1/32, nextHopAddr: 10.1.0.2, outgoingInterface: a }] }',
  );
  await eventually(() => has(bench, '10.9.0.0/24 via 10.1.0.2 dev a'));
  assert.deepEqual(await agent.drift(), []);
});

test('whoever looks while a next hop becomes reachable does not keep its route from coming', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'b');
  const agent = await bench.agent();
  await agent.commit(network(bench, ''));
  await agent.commit('vppConfig: { routes: [{ dstNetwork: 10.9.0.0/24, nextHopAddr: 192.0.2.1 }] }');
  await bench.ip('addr add 192.0.2.9/24 dev b');
  await eventually(async () => {
    await agent.drift();
    return has(bench, '10.9.0.0/24 via 192.0.2.1 dev b');
  });
  assert.equal(agent.state('config/vpp/v2/route/vrf/0/dst/10.9.0.0/24/gw/192.0.2.1'), 'CONFIGURED');
});

test('damage is reported with its field and healed with one operation', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'b');
  const agent = await bench.agent();
  await agent.commit(network(bench, TO_B));
  for (const [command, operation] of [
    ['route del 10.9.0.0/24', 'CREATE'],
    ['route replace 10.9.0.0/24 via 10.2.0.9 dev b metric 1 proto 76 onlink', undefined],
    ['route replace 10.9.0.0/24 dev a metric 1', 'CREATE'],
  ] as const) {
    const reaction = await agent.reaction(
      () => bench.ip(command),
      () => has(bench, '10.9.0.0/24 via 10.2.0.2 dev b'),
    );
    assert.equal(reaction.length, 1, command);
    if (operation) assert.deepEqual(reaction, [`${operation} ${KEY}`], command);
    assert.deepEqual(await agent.drift(), []);
  }
  // An agent that hears of nothing finds it when it compares.
  await agent.stop();
  const deaf = await bench.agent();
  assert.deepEqual(await deaf.resync(network(bench, TO_B)), []);
  await bench.ip('route add 10.77.0.0/24 dev a metric 1 proto 76');
  assert.deepEqual(await deaf.drift(), ['unexpected config/vpp/v2/route/if/a/vrf/0/dst/10.77.0.0/24']);
  assert.deepEqual(await deaf.heal(), ['DELETE config/vpp/v2/route/if/a/vrf/0/dst/10.77.0.0/24']);
});

test('all routes are back right after a link was down or an address went', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'b');
  const agent = await bench.agent();
  await agent.commit(network(bench, TO_B));
  await eventually(() => answers(bench, '10.9.0.1'));
  // As the configuration has it.
  await agent.commit(
    network(bench, TO_B).replace('name: b, type: TAP, enabled: true', 'name: b, type: TAP, enabled: false'),
  );
  assert.equal(await answers(bench, '10.9.0.1'), false);
  assert.deepEqual(await agent.drift(), []);
  await agent.commit(network(bench, TO_B));
  await eventually(() => answers(bench, '10.9.0.1'));
  await eventually(() => answers(bench, 'fd09::1'));
  // The last IPv4 address, and then another.
  await agent.commit(network(bench, TO_B).replace('10.2.0.1/24', '10.2.0.3/24'));
  await eventually(() => has(bench, '10.9.0.0/24 via 10.2.0.2 dev b'));
  await eventually(async () => (await agent.drift()).length === 0);
  // By hand.
  await bench.ip('addr flush dev b scope global');
  await eventually(() => answers(bench, 'fd09::1'));
  await eventually(() => has(bench, '10.9.0.0/24 via 10.2.0.2 dev b'));
  await eventually(async () => (await agent.drift()).length === 0);
});

test('allocated addresses are followed when the allocation changes', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'b');
  const agent = await bench.agent();
  const allocation = (address: string, gw: string): string => `
netallocConfig: { ipAddresses: [{ networkName: net1, interfaceName: b, address: ${address}, gw: ${gw} }] }
`;
  const routes = `
    - { dstNetwork: "alloc:net1", nextHopAddr: "alloc:net1/GW", outgoingInterface: b }`;
  const result = await agent.tryCommit(network(bench, routes));
  assert.deepEqual(result.failures, []);
  const key = 'config/vpp/v2/route/if/b/vrf/0/dst/alloc:net1/gw/alloc:net1/GW';
  assert.equal(agent.state(key), 'PENDING allocation net1/b');
  await agent.commit(allocation('10.8.0.5/24', '10.2.0.2'));
  assert.ok(await has(bench, '10.8.0.0/24 via 10.2.0.2 dev b'));
  await agent.commit(allocation('10.7.0.5/24', '10.2.0.9'));
  assert.ok(await has(bench, '10.7.0.0/24 via 10.2.0.9 dev b'));
  assert.ok(!(await has(bench, '10.8.0.0/24')));
  assert.deepEqual(await agent.drift(), []);
});

test('what the kernel cannot is said by name', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'b');
  const agent = await bench.agent();
  await agent.commit(network(bench, TO_B));
  await agent.tryCommit(
    network(
      bench,
      `
    - { dstNetwork: "fd09::/64", nextHopAddr: 10.2.0.2, outgoingInterface: b }
    - { dstNetwork: 10.9.0.0/24, nextHopAddr: 10.2.0.1, outgoingInterface: b }`,
    ),
  );
  assert.match(
    agent.state('config/vpp/v2/route/if/b/vrf/0/dst/fd09::/64/gw/10.2.0.2')!,
    /^UNIMPLEMENTED.*IPv4 next hop/,
  );
  assert.match(agent.state('config/vpp/v2/route/if/b/vrf/0/dst/10.9.0.0/24/gw/10.2.0.1')!, /FAILED.*next hop/);
});
