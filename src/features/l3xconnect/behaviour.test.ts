import assert from 'node:assert/strict';
import { eventually } from '../../../test/router/agent.ts';
import { onEachEngine } from '../../../test/router/each-engine.ts';
import { answers, both, connect, device, hosts, key, network, only, via } from './testing.ts';

onEachEngine(
  'everything received leaves by the path, addresses of the router included; read back; gone',
  { hosts },
  async (bench, engine) => {
    const agent = await bench.agent();
    const config = network(bench, both);
    await agent.commit(config);
    await eventually(() => answers(bench, '10.9.0.1'));
    await eventually(async () => (await bench.whoGets('fd09::1')) === 'b');
    for (const own of ['10.1.0.1', 'fd01::1']) await eventually(async () => (await bench.whoGets(own)) === 'b');
    // On VPP neighbour advertisements to the router leave by the path, too: it does not find the way back.
    if (engine === 'kernel') {
      for (const to of ['fd09::1', 'fd01::1', '10.1.0.1']) await eventually(() => answers(bench, to));
    }
    assert.deepEqual(await agent.drift(), []);
    await agent.stop();
    const again = await bench.agent();
    assert.deepEqual(await again.resync(config), []);
    assert.ok(await answers(bench, '10.9.0.1'));
    await again.remove(only(both));
    assert.equal(await bench.whoGets('10.9.0.1'), '');
    assert.ok(await answers(bench, '10.1.0.1'), 'the router answers again');
    assert.deepEqual(await bench.leftOf(again, network(bench, '')), []);
  },
);

for (const [family, to] of [
  [4, '10.9.0.1'],
  [6, 'fd09::1'],
] as const) {
  onEachEngine(
    `IPv${family} paths change in place; the best that is up is taken, or none`,
    { hosts },
    async (bench, engine) => {
      const agent = await bench.agent();
      await agent.commit(network(bench, connect(family, via('b', family))));
      await eventually(async () => (await bench.whoGets(to)) === 'b');
      assert.deepEqual(await agent.commit(only(connect(family, via('c', family)))), [`UPDATE ${key(family)}`]);
      await eventually(async () => (await bench.whoGets(to)) === 'c');
      const ranked = connect(family, via('c', family, ', preference: 1'), via('b', family, ', preference: 5'));
      assert.deepEqual(await agent.commit(only(ranked)), [`UPDATE ${key(family)}`]);
      // VPP shares by weight among all paths that are up, whatever their preference.
      if (engine === 'kernel') await eventually(async () => (await bench.whoGets(to)) === 'c');
      await agent.commit(device(bench, 'c', 3, false));
      await eventually(async () => (await bench.whoGets(to)) === 'b');
      await agent.commit(device(bench, 'b', 2, false));
      assert.equal(await bench.whoGets(to), '');
      await agent.commit(device(bench, 'c', 3, true));
      await eventually(async () => (await bench.whoGets(to)) === 'c');
      await agent.commit(device(bench, 'b', 2, true));
      await eventually(async () => (await agent.drift()).length === 0);
    },
  );
}
