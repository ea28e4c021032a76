import assert from 'node:assert/strict';
import { eventually } from '../../../test/router/agent.ts';
import { onEachEngine } from '../../../test/router/each-engine.ts';
import { BOTH, network, owners } from './testing.ts';

const hosts = ['a', 'b'];

onEachEngine(
  'addresses of the ranges are answered, on-link ones too, where proxy ARP is on',
  { hosts },
  async (bench) => {
    const agent = await bench.agent();
    await agent.commit(network(bench, BOTH));
    await eventually(async () => (await owners(bench, 'a', '10.1.0.1')).length === 1);
    const router = await owners(bench, 'a', '10.1.0.1');
    assert.deepEqual(await owners(bench, 'a', '10.2.0.2'), router);
    assert.deepEqual(await owners(bench, 'a', '10.1.0.50'), router, 'the first of the range, on the link');
    assert.deepEqual(await owners(bench, 'a', '10.2.0.9'), router, 'the last of the range');
    assert.deepEqual(await owners(bench, 'a', '10.1.0.49', 200), [], 'before the range');
    assert.deepEqual(await owners(bench, 'a', '10.2.0.10', 200), [], 'after the range');
    await eventually(async () => (await bench.host('a').ping('10.2.0.2', { timeout: 500 })).received === 1);
    assert.deepEqual(await agent.drift(), []);

    // Elsewhere it is off, and other ranges count at once.
    const change = await agent.commit(
      network(
        bench,
        '{ interfaces: [{ name: a }], ranges: [{ firstIpAddr: 10.3.0.1, lastIpAddr: 10.3.0.1 }, { firstIpAddr: 10.1.0.60, lastIpAddr: 10.1.0.70 }, { firstIpAddr: 10.1.0.65, lastIpAddr: 10.1.0.80 }] }',
      ),
    );
    assert.deepEqual(change, ['DELETE vpp/proxyarp/interface/b', 'UPDATE config/vpp/v2/proxyarp-global']);
    assert.deepEqual(await owners(bench, 'a', '10.3.0.1'), router);
    assert.deepEqual(await owners(bench, 'a', '10.1.0.75'), router, 'ranges may overlap');
    assert.deepEqual(await owners(bench, 'a', '10.2.0.2', 200), []);
    assert.deepEqual(await owners(bench, 'b', '10.3.0.1', 200), []);
    assert.deepEqual(await agent.drift(), []);
  },
);

onEachEngine('another MAC address, restart, removal', { hosts }, async (bench) => {
  const agent = await bench.agent();
  const config = network(bench, BOTH);
  await agent.commit(config);
  await eventually(async () => (await owners(bench, 'a', '10.2.0.2')).length === 1);
  const mac = '02:fe:00:00:00:77';
  const changed = config.replace('name: a, type: TAP', `name: a, type: TAP, physAddress: "${mac}"`);
  await agent.commit(changed);
  await eventually(async () => (await owners(bench, 'a', '10.2.0.2')).join() === mac);
  assert.deepEqual(await agent.drift(), []);
  await agent.stop();
  const next = await bench.agent();
  assert.deepEqual(await next.resync(changed), []);
  await next.remove(`vppConfig: { proxyArp: ${BOTH} }`);
  assert.deepEqual(await owners(bench, 'a', '10.2.0.2', 200), []);
  assert.deepEqual(await owners(bench, 'a', '10.1.0.1'), [mac]);
  assert.deepEqual(await bench.leftOf(next, network(bench, '{}')), []);
});
