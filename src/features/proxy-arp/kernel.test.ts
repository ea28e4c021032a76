import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { eventually } from '../../../test/router/agent.ts';
import { KernelBench } from '../../../test/router/kernel.ts';

const skip = requires({ netns: true, commands: ['ip', 'nft'] });

/** Host a (10.1.0.2) and host b (10.2.0.2) behind a router; both believe that 10.0.0.0/8 is on their link. */
function network(bench: KernelBench, proxy: string): string {
  return `
vppConfig:
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24')}
    - ${bench.tap('b', '10.2.0.1/24')}
  proxyArp: ${proxy}
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.1.0.2/8')}
    - ${bench.end('b', '10.2.0.2/8')}
`;
}

const BOTH =
  '{ interfaces: [{ name: a }, { name: b }], ranges: [{ firstIpAddr: 10.1.0.50, lastIpAddr: 10.2.0.9 }, { firstIpAddr: 10.1.0.2, lastIpAddr: 10.1.0.2 }] }';

async function macOf(bench: KernelBench, device: string): Promise<string> {
  const link = await bench.router.link(device);
  return link!.mac;
}

test('addresses of the ranges are answered, on-link ones too, where proxy ARP is on', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'b');
  const agent = await bench.agent();
  await agent.commit(network(bench, BOTH));
  const a = bench.host('a');
  await eventually(async () => (await a.whoHas('eth0', '10.2.0.2')).length === 1);
  assert.deepEqual(await a.whoHas('eth0', '10.2.0.2'), [await macOf(bench, 'a')]);
  assert.deepEqual(
    await a.whoHas('eth0', '10.1.0.50'),
    [await macOf(bench, 'a')],
    'the first of the range, on the link',
  );
  assert.deepEqual(await a.whoHas('eth0', '10.2.0.9'), [await macOf(bench, 'a')], 'the last of the range');
  assert.deepEqual(await a.whoHas('eth0', '10.1.0.49', { timeout: 200 }), [], 'before the range');
  assert.deepEqual(await a.whoHas('eth0', '10.2.0.10', { timeout: 200 }), [], 'after the range');
  assert.deepEqual(await a.whoHas('eth0', '10.1.0.1'), [await macOf(bench, 'a')], 'its own address');
  assert.equal((await a.ping('10.2.0.2')).received, 1, 'and packets follow the answers');
  assert.deepEqual(await agent.drift(), []);

  // Elsewhere it is off, and other ranges count at once.
  const change = await agent.commit(
    network(
      bench,
      '{ interfaces: [{ name: a }], ranges: [{ firstIpAddr: 10.3.0.1, lastIpAddr: 10.3.0.1 }, { firstIpAddr: 10.1.0.60, lastIpAddr: 10.1.0.70 }, { firstIpAddr: 10.1.0.65, lastIpAddr: 10.1.0.80 }] }',
    ),
  );
  assert.deepEqual(change, ['DELETE vpp/proxyarp/interface/b', 'UPDATE config/vpp/v2/proxyarp-global']);
  assert.deepEqual(await a.whoHas('eth0', '10.3.0.1'), [await macOf(bench, 'a')]);
  assert.deepEqual(await a.whoHas('eth0', '10.1.0.75'), [await macOf(bench, 'a')], 'ranges may overlap');
  assert.deepEqual(await a.whoHas('eth0', '10.2.0.2', { timeout: 200 }), []);
  assert.deepEqual(await bench.host('b').whoHas('eth0', '10.3.0.1', { timeout: 200 }), []);
  assert.deepEqual(await agent.drift(), []);
});

test('drift, restart, removal, another MAC address', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'b');
  const agent = await bench.agent();
  const config = network(bench, BOTH);
  await agent.commit(config);
  const a = bench.host('a');
  const table = () => bench.router.run('nft', 'list', 'table', 'netdev', 'ligature-proxyarp');
  const healed = await agent.reaction(
    () => bench.router.run('nft', 'flush', 'set', 'netdev', 'ligature-proxyarp', 'ranges-0'),
    async () => (await table()).includes('10.1.0.50-10.2.0.9'),
  );
  assert.deepEqual(healed, ['UPDATE config/vpp/v2/proxyarp-global']);
  const again = await agent.reaction(
    () => bench.router.run('nft', 'flush', 'chain', 'netdev', 'ligature-proxyarp', 'on-b'),
    async () => (await table()).includes('proxy ARP on b'),
  );
  assert.deepEqual(again, ['CREATE vpp/proxyarp/interface/b']);

  const mac = '02:fe:00:00:00:77';
  const changed = config.replace('name: a, type: TAP', `name: a, type: TAP, physAddress: "${mac}"`);
  await agent.commit(changed);
  assert.deepEqual(await a.whoHas('eth0', '10.2.0.2'), [mac]);
  assert.deepEqual(await agent.drift(), []);
  await agent.stop();

  const next = await bench.agent();
  assert.deepEqual(await next.resync(changed), []);
  await next.remove(`vppConfig: { proxyArp: ${BOTH} }`);
  await assert.rejects(table(), /No such file/);
  assert.deepEqual(await a.whoHas('eth0', '10.2.0.2', { timeout: 200 }), []);
});
