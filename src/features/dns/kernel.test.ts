import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { eventually } from '../../../test/router/agent.ts';
import { KernelBench } from '../../../test/router/kernel.ts';
import { network, only, resolve, upstream } from './testing.ts';

const skip = requires({ netns: true, commands: ['ip', 'dnsmasq'] });

test('servers of IPv6; the program is taken over, and started again when it ends', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'b');
  const agent = await bench.agent();
  let last = agent;
  try {
    await agent.commit(network(bench, '"fd02::2"'));
    await upstream(bench, 'fd02::2', '192.0.2.2');
    await eventually(async () => (await resolve(bench, '10.1.0.1', 'www.test')) === '192.0.2.2');
    await agent.stop();
    last = await bench.agent();
    assert.deepEqual(await last.resync(network(bench, '"fd02::2"')), []);
    const pid = (await processes(bench))[0]!;
    await last.reaction(
      () => Promise.resolve(process.kill(pid, 'SIGKILL')),
      async () => (await resolve(bench, '10.1.0.1', 'www.test')) === '192.0.2.2' && (await last.drift()).length === 0,
    );
    await last.remove(only('"fd02::2"'));
    assert.equal(await resolve(bench, '10.1.0.1', 'www.test'), 'ECONNREFUSED');
    assert.deepEqual(await processes(bench), []);
  } finally {
    await last.tryRemove(only('"fd02::2"'));
  }
});

/** Process ids of dnsmasq in the router's namespace. */
async function processes(bench: KernelBench): Promise<readonly number[]> {
  const pids = (await bench.router.run('ip', 'netns', 'pids', bench.namespace))
    .split('\n')
    .filter((line) => line !== '');
  const names = await Promise.all(pids.map((pid) => bench.router.exec(['cat', `/proc/${pid}/comm`])));
  return pids.filter((_pid, index) => names[index]!.stdout.trim() === 'dnsmasq').map(Number);
}
