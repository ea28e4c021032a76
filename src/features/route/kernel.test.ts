import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { eventually } from '../../../test/router/agent.ts';
import { KernelBench } from '../../../test/router/kernel.ts';
import { KEY, network, only, reached, TO_B } from './testing.ts';

const skip = requires({ netns: true, commands: ['ip'] });

async function has(bench: KernelBench, text: string, family = '-4'): Promise<boolean> {
  return (await bench.ip(`${family} route show proto 76`)).includes(text);
}

test('paths are those of one route, and healed as one; preferences are metrics', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'b');
  const agent = await bench.agent();
  const path = (out: string, hop: string, weight: number): string => `
    - { dstNetwork: 10.9.1.0/24, nextHopAddr: ${hop}, outgoingInterface: ${out}, weight: ${weight} }`;
  const preferred = `
    - { dstNetwork: 10.9.0.0/24, nextHopAddr: "fd02::2", outgoingInterface: b, preference: 10 }
    - { dstNetwork: 10.9.0.0/24, type: DROP, preference: 20 }`;
  await agent.commit(network(bench, path('a', '10.1.0.2', 1) + path('b', '10.2.0.2', 5) + preferred));
  const shown = await bench.ip('route show 10.9.1.0/24');
  assert.match(shown, /via 10\.1\.0\.2 dev a weight 1/);
  assert.match(shown, /via 10\.2\.0\.2 dev b weight 5/);
  const healed = await agent.reaction(
    () =>
      bench.ip(
        'route replace 10.9.1.0/24 metric 1 proto 76 nexthop via 10.1.0.2 dev a weight 1 onlink nexthop via 10.2.0.2 dev b weight 9 onlink',
      ),
    async () => (await bench.ip('route show 10.9.1.0/24')).includes('dev b weight 5'),
  );
  assert.deepEqual(healed, ['UPDATE config/vpp/v2/route/if/b/vrf/0/dst/10.9.1.0/24/gw/10.2.0.2']);
  await agent.remove(only(path('a', '10.1.0.2', 1)));
  assert.match(await bench.ip('route show 10.9.1.0/24'), /^10\.9\.1\.0\/24 via 10\.2\.0\.2 dev b /);
  assert.match(await bench.ip('route show 10.9.0.0/24'), /via inet6 fd02::2 dev b .*metric 11/);
  assert.match(await bench.ip('route show 10.9.0.0/24'), /blackhole 10\.9\.0\.0\/24 .*metric 21/);
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

test('all routes are back right after an address went', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'b');
  const agent = await bench.agent();
  await agent.commit(network(bench, TO_B));
  await reached(bench, '10.9.0.1');
  await bench.ip('addr flush dev b scope global');
  await reached(bench, 'fd09::1');
  await eventually(() => has(bench, '10.9.0.0/24 via 10.2.0.2 dev b'));
  await eventually(async () => (await agent.drift()).length === 0);
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
