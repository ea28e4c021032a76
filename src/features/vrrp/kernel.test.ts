import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { eventually } from '../../../test/router/agent.ts';
import { type KernelAgent, KernelBench } from '../../../test/router/kernel.ts';
import { answers, key, network, only, peer, router, routers, V4 } from './testing.ts';

const skip = requires({ netns: true, commands: ['ip', 'keepalived'] });

const isState = (agent: KernelAgent, vrId: number, state: string) => () =>
  Promise.resolve(agent.state(`vpp/vrrp/a/vrid/${vrId}/state/${state}`) === 'OBTAINED');

test('who is master is told as states; devices go with the routers', { skip }, async () => {
  await using bench = await KernelBench.open('a');
  const agent = await bench.agent();
  try {
    await agent.commit(network(bench, routers({ priority: 50 }).join(', ')));
    for (const vrId of [7, 8]) await eventually(isState(agent, vrId, 'MASTER'));
    await eventually(() => answers(bench, 'fd01::fe'));
    const other = await peer(bench, 150);
    for (const vrId of [7, 8]) await eventually(isState(agent, vrId, 'BACKUP'));
    await other.stop();
    for (const vrId of [7, 8]) await eventually(isState(agent, vrId, 'MASTER'));
    await agent.remove(only(...routers()));
    assert.equal(agent.state('vpp/vrrp/a/vrid/7/state/MASTER'), undefined);
    await eventually(async () => !/00:00:5e/.test(await bench.ip('link')));
  } finally {
    await agent.tryRemove(only(...routers()));
  }
});

test('unicast is refused with the reason', { skip }, async () => {
  await using bench = await KernelBench.open('a');
  const agent = await bench.agent();
  await agent.tryCommit(network(bench, router(7, V4, { more: ', unicast: true' })));
  assert.match(agent.state(key(7))!, /^UNIMPLEMENTED kernel: the model names no peers/);
});
