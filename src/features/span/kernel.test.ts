import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { KernelBench } from '../../../test/router/kernel.ts';
import { key, mirror, network, only, sees } from './testing.ts';

const skip = requires({ netns: true, commands: ['ip', 'tc'] });

test('IS_L2 changes nothing; the hooks go with the last filter', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'c', 'd');
  const agent = await bench.agent();
  await agent.commit(network(bench, mirror('c', 'BOTH')));
  assert.deepEqual(await agent.commit(only(mirror('c', 'BOTH', true))), [`UPDATE ${key('c')}`]);
  await sees(bench, 'c', 'request,reply');
  await agent.remove(only(mirror('c', 'BOTH', true)));
  assert.doesNotMatch(await bench.router.run('tc', 'qdisc', 'show', 'dev', 'a'), /clsact/);
});

test('what others have on the device stays', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'c', 'd');
  const agent = await bench.agent();
  await agent.commit(network(bench, ''));
  const tc = (text: string) => bench.router.run('tc', ...text.split(' '));
  await tc('qdisc add dev a clsact');
  await tc('filter add dev a ingress prio 7 protocol all u32 match u32 0 0 action mirred egress mirror dev d continue');
  await agent.commit(only(mirror('c', 'RX')));
  await sees(bench, 'c', 'request');
  await sees(bench, 'd', 'request');
  await agent.remove(only(mirror('c', 'RX')));
  await sees(bench, 'd', 'request');
});

test('damage is reported with its field and healed with one operation', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'c', 'd');
  const agent = await bench.agent();
  await agent.commit(network(bench, mirror('c', 'BOTH')));
  const damages = [
    ['qdisc del dev a clsact', `missing ${key('c')}`, `CREATE ${key('c')}`],
    ['filter del dev a ingress', `different ${key('c')} direction`, `UPDATE ${key('c')}`],
    ['filter del dev a egress', `different ${key('c')} direction`, `UPDATE ${key('c')}`],
  ] as const;
  for (const [damage, drift, cure] of damages) {
    await bench.router.run('tc', ...damage.split(' '));
    assert.deepEqual(await agent.drift(), [drift], damage);
    assert.deepEqual(await agent.heal(), [cure], damage);
    await sees(bench, 'c', 'request,reply');
  }
});

test('devices that are made anew are mirrored again', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'c', 'd');
  const agent = await bench.agent();
  await agent.commit(network(bench, mirror('c', 'BOTH')));
  for (const device of ['c', 'a']) {
    await bench.ip(`link del dev ${device}`);
    await agent.heal();
    await sees(bench, 'c', 'request,reply');
    assert.deepEqual(await agent.drift(), []);
  }
});
