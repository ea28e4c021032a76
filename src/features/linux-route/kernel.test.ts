import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { KernelBench } from '../../../test/router/kernel.ts';
import { DEFAULT_A, network } from './testing.ts';

const skip = requires({ netns: true, commands: ['ip'] });

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
