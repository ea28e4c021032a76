import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { eventually } from '../../../test/router/agent.ts';
import { KernelBench } from '../../../test/router/kernel.ts';

const skip = requires({ netns: true, commands: ['ip'] });

/** Pod a has a /24, pod b a /32 with its gateway on the link. */
function network(bench: KernelBench, routes = ROUTES): string {
  return `
vppConfig:
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24, "fd01::1/64"')}
    - ${bench.tap('b', '10.30.1.1/32')}
  routes:
    - { dstNetwork: 10.30.1.11/32, nextHopAddr: 10.30.1.11, outgoingInterface: b }
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.1.0.2/24, "fd01::2/64"')}
    - ${bench.end('b', '10.30.1.11/32')}
  routes:${routes}
`;
}

const ROUTES = `
    - { outgoingInterface: a-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.1.0.1 }
    - { outgoingInterface: a-end, scope: GLOBAL, dstNetwork: "::/0", gwAddr: "fd01::1" }
    - { outgoingInterface: b-end, scope: LINK, dstNetwork: 10.30.1.1/32 }
    - { outgoingInterface: b-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.30.1.1, metric: 7 }`;
const DEFAULT_A = 'config/linux/l3/v2/route/0.0.0.0/0/a-end';
const DEFAULT_B = 'config/linux/l3/v2/route/0.0.0.0/0/b-end';

async function answers(bench: KernelBench): Promise<boolean> {
  return (await bench.host('a').ping('10.30.1.11', { count: 1, timeout: 500 })).received === 1;
}

test('default routes, a gateway on the link, metrics; read back, restarted, removed', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'b');
  const agent = await bench.agent();
  await agent.commit(network(bench));
  await eventually(() => answers(bench));
  assert.match(await bench.host('b').run('ip', 'route'), /^default via 10\.30\.1\.1 dev eth0 proto \d+ metric 7/m);
  assert.match(await bench.host('b').run('ip', 'route'), /^10\.30\.1\.1 dev eth0 proto \d+ scope link/m);
  assert.match(await bench.host('a').run('ip', '-6', 'route'), /^default via fd01::1 dev eth0 proto \d+ metric 1024/m);
  assert.deepEqual(await agent.drift(), []);
  assert.deepEqual(await agent.commit(network(bench, ROUTES.replace('metric: 7', 'metric: 8'))), [
    `UPDATE ${DEFAULT_B}`,
  ]);
  const shown = await bench.host('b').run('ip', 'route');
  assert.match(shown, /metric 8/);
  assert.doesNotMatch(shown, /metric 7/);
  await agent.stop();
  const again = await bench.agent();
  const config = network(bench, ROUTES.replace('metric: 7', 'metric: 8'));
  assert.deepEqual(await again.resync(config), []);
  await again.remove(
    `linuxConfig: { routes: [{ outgoingInterface: a-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.1.0.1 }] }`,
  );
  assert.doesNotMatch(await bench.host('a').run('ip', 'route'), /default/);
});

test('damage by hand is healed with one operation, and reported by a check', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'b');
  const agent = await bench.agent();
  await agent.commit(network(bench));
  const a = bench.host('a');
  const isBack = async (): Promise<boolean> =>
    (await a.run('ip', 'route')).startsWith('default via 10.1.0.1 dev eth0 proto 85');
  for (const command of [
    ['del', 'default'],
    ['replace', 'default', 'via', '10.1.0.77'],
    ['replace', 'default', 'via', '10.1.0.77', 'proto', '85'],
  ]) {
    const reaction = await agent.reaction(() => a.run('ip', 'route', ...command), isBack);
    assert.equal(reaction.length, 1, command.join(' '));
    assert.ok(reaction[0]!.endsWith(DEFAULT_A));
    assert.deepEqual(await agent.drift(), []);
  }
  const link = await agent.reaction(async () => {
    await a.run('ip', 'link', 'set', 'dev', 'eth0', 'down');
    await a.run('ip', 'link', 'set', 'dev', 'eth0', 'up');
  }, isBack);
  assert.ok(
    link.some((operation) => operation.endsWith(DEFAULT_A)),
    link.join(),
  );
});

test('a route that the kernel has already is left to it; another of the same metric is explained', {
  skip,
}, async () => {
  await using bench = await KernelBench.open('a', 'b');
  const agent = await bench.agent();
  const connected = `
    - { outgoingInterface: a-end, scope: LINK, dstNetwork: 10.1.0.0/24 }`;
  await agent.commit(network(bench, connected));
  assert.deepEqual(await agent.drift(), []);
  await agent.remove(`linuxConfig: { routes: [{ outgoingInterface: a-end, scope: LINK, dstNetwork: 10.1.0.0/24 }] }`);
  assert.match(await bench.host('a').run('ip', 'route'), /^10\.1\.0\.0\/24 dev eth0 proto kernel/);
  await agent.tryCommit(
    network(
      bench,
      `
    - { outgoingInterface: a-end, scope: GLOBAL, dstNetwork: 10.1.0.0/24, gwAddr: 10.1.0.1 }`,
    ),
  );
  assert.match(agent.state('config/linux/l3/v2/route/10.1.0.0/24/a-end')!, /FAILED the kernel \(a connected route\)/);
  assert.match(await bench.host('a').run('ip', 'route'), /^10\.1\.0\.0\/24 dev eth0 proto kernel/);
});

test('a gateway that is not reachable, and one that is allocated', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'b');
  const agent = await bench.agent();
  await agent.tryCommit(
    network(
      bench,
      `
    - { outgoingInterface: a-end, scope: GLOBAL, dstNetwork: 10.50.0.0/16, gwAddr: 10.99.0.1 }
    - { outgoingInterface: a-end, scope: GLOBAL, dstNetwork: 10.60.0.0/16, gwAddr: "alloc:net1/a-end/GW" }`,
    ),
  );
  assert.equal(
    agent.state('config/linux/l3/v2/route/10.50.0.0/16/a-end'),
    'PENDING gateway 10.99.0.1 reachable by a-end',
  );
  assert.match(agent.state('config/linux/l3/v2/route/10.60.0.0/16/a-end')!, /^PENDING allocation net1\/a-end/);
  const allocate = (gw: string) =>
    agent.commit(
      `netallocConfig: { ipAddresses: [{ networkName: net1, interfaceName: a-end, address: 10.1.0.2/24, gw: ${gw} }] }`,
    );
  await allocate('10.1.0.1');
  assert.match(await bench.host('a').run('ip', 'route'), /10\.60\.0\.0\/16 via 10\.1\.0\.1/);
  await allocate('10.1.0.3');
  assert.match(await bench.host('a').run('ip', 'route'), /10\.60\.0\.0\/16 via 10\.1\.0\.3/);
  assert.deepEqual(await agent.drift(), []);
});
