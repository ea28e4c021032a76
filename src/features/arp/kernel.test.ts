import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { eventually } from '../../../test/router/agent.ts';
import { KernelBench } from '../../../test/router/kernel.ts';
import { MAC, network } from './testing.ts';

const skip = requires({ netns: true, commands: ['ip'] });

test('damage, a link that was down and another MAC address of the device are healed', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'b');
  const agent = await bench.agent();
  await agent.commit(network(bench));
  assert.match(await bench.ip('neigh show 10.1.0.8'), /02:00:00:00:00:08 .*STALE/, 'may be learned anew');
  const right = async (): Promise<boolean> => (await bench.ip('neigh show 10.1.0.9')).includes(`${MAC} PERMANENT`);
  // A device without carrier loses what may be learned anew, which is healed: no part of what follows.
  await eventually(async () => (await bench.ip('link show a')).includes('LOWER_UP'));
  await eventually(async () => (await bench.ip('neigh show 10.1.0.8')) !== '' && (await agent.drift()).length === 0);
  await agent.scheduler.idle();
  for (const [command, operation] of [
    ['neigh del 10.1.0.9 dev a', 'CREATE'],
    ['neigh replace 10.1.0.9 lladdr 02:00:00:00:00:aa dev a', 'UPDATE'],
    ['neigh change 10.1.0.9 lladdr 02:00:00:00:00:09 nud stale dev a', 'UPDATE'],
  ] as const) {
    const reaction = await agent.reaction(() => bench.ip(command), right);
    assert.deepEqual(reaction, [`${operation} config/vpp/v2/arp/a/10.1.0.9`], command);
  }
  await bench.ip('link set dev a down');
  await bench.ip('link set dev a up');
  await eventually(right);
  await bench.ip('link set dev a address 02:00:00:00:00:55');
  await eventually(right);
  const a = bench.host('a');
  const pod = await agent.reaction(
    () => a.run('ip', 'neigh', 'del', '10.1.0.7', 'dev', 'eth0'),
    async () => (await a.run('ip', 'neigh', 'show', '10.1.0.7')).includes('PERMANENT'),
  );
  assert.deepEqual(pod, ['CREATE config/linux/l3/v2/arp/a-end/10.1.0.7']);
  await eventually(async () => (await agent.drift()).length === 0);
});
