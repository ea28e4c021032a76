import assert from 'node:assert/strict';
import { eventually } from '../../../test/router/agent.ts';
import type { Bench } from '../../../test/router/bench.ts';
import { onEachEngine } from '../../../test/router/each-engine.ts';
import { DEFAULT_B, network, ROUTES } from './testing.ts';

const hosts = ['a', 'b'];

async function answers(bench: Bench, timeout = 500): Promise<boolean> {
  return (await bench.host('a').ping('10.30.1.11', { count: 1, timeout })).received === 1;
}

onEachEngine(
  'default routes, a gateway on the link, metrics; read back, restarted, removed',
  { hosts },
  async (bench, engine) => {
    const agent = await bench.agent();
    await agent.commit(network(bench, ROUTES, engine));
    await eventually(() => answers(bench));
    const [a, b] = [bench.host('a'), bench.host('b')];
    assert.match(await b.run('ip', 'route'), /^default via 10\.30\.1\.1 dev eth0 proto \d+ metric 7/m);
    assert.match(await b.run('ip', 'route'), /^10\.30\.1\.1 dev eth0 proto \d+ scope link/m);
    assert.match(await a.run('ip', '-6', 'route'), /^default via fd01::1 dev eth0 proto \d+ metric 1024/m);
    assert.deepEqual(await agent.drift(), []);
    const config = network(bench, ROUTES.replace('metric: 7', 'metric: 8'), engine);
    assert.deepEqual(await agent.commit(config), [`UPDATE ${DEFAULT_B}`]);
    const shown = await b.run('ip', 'route');
    assert.match(shown, /metric 8/);
    assert.doesNotMatch(shown, /metric 7/);
    await agent.stop();
    const again = await bench.agent();
    assert.deepEqual(await again.resync(config), []);
    assert.ok(await answers(bench));
    await again.remove(
      `linuxConfig: { routes: [{ outgoingInterface: a-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.1.0.1 }] }`,
    );
    assert.doesNotMatch(await a.run('ip', 'route'), /default/);
    assert.equal(await answers(bench), false);
    assert.deepEqual(await bench.leftOf(again, config), []);
  },
);

onEachEngine('a gateway that is not reachable, and one that is allocated', { hosts }, async (bench) => {
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
