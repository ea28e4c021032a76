import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { KernelBench } from '../../../test/router/kernel.ts';
import { BOTH, network } from './testing.ts';

const skip = requires({ netns: true, commands: ['ip', 'nft'] });

test('damage is healed with one operation; the table goes', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'b');
  const agent = await bench.agent();
  await agent.commit(network(bench, BOTH));
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

  await agent.remove(`vppConfig: { proxyArp: ${BOTH} }`);
  await assert.rejects(table(), /No such file/);
});
