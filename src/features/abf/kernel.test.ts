import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { KernelBench } from '../../../test/router/kernel.ts';
import { acl, both, C, clean, goes, key, network, onA, policy, rule, SPLIT } from './testing.ts';

const skip = requires({ netns: true, commands: ['ip', 'nft'] });

test('policies go without a trace', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'b', 'c');
  const agent = await bench.agent();
  await agent.commit(network(bench, both));
  await goes(bench, SPLIT);
  await agent.remove(`vppConfig:\n${both.slice(1)}`);
  assert.doesNotMatch((await bench.ip('-4 rule')) + (await bench.ip('-6 rule')), /fwmark/);
  assert.equal(await bench.ip('route show proto 80 table all'), '');
  assert.equal(await bench.ip('-6 route show proto 80 table all'), '');
  const tables = (await agent.driver.nft(agent.driver.vswitch).tables()).map(({ name }) => name);
  assert.ok(!tables.includes('ligature-abf'), tables.join());
});

test('damage from outside is seen and healed at once', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'b', 'c');
  const agent = await bench.agent();
  await agent.commit(network(bench, both));
  await goes(bench, SPLIT);
  const nft = 'inet ligature-abf';
  const table = /fwmark \S+ lookup (\d+)/.exec(await bench.ip('-4 rule'))![1]!;
  const damages: readonly (readonly [string, readonly string[]])[] = [
    [`ip rule del table ${table}`, [`UPDATE ${key(1)}`]],
    [`ip route del default via 10.3.0.2 table ${table}`, [`UPDATE ${key(1)}`]],
    [`nft flush chain ${nft} policy-1`, [`UPDATE ${key(1)}`]],
    [`nft flush chain ${nft} on-a`, [`CREATE ${onA(1)}`, `CREATE ${onA(2)}`]],
    [`nft delete element ${nft} interfaces { a }`, [`CREATE ${onA(1)}`, `CREATE ${onA(2)}`]],
    [`nft insert rule ${nft} on-a drop`, [`UPDATE ${onA(1)}`, `UPDATE ${onA(2)}`]],
    [`nft delete table ${nft}`, [`UPDATE ${key(1)}`, `UPDATE ${key(2)}`, `CREATE ${onA(1)}`, `CREATE ${onA(2)}`]],
  ];
  for (const [damage, cures] of damages) {
    const done = await agent.reaction(() => bench.router.run('sh', '-c', damage), clean(agent));
    assert.deepEqual(done.filter((line) => !line.startsWith('DELETE')).sort(), cures.toSorted(), damage);
    await goes(bench, SPLIT);
  }
});

test('what the kernel cannot is said by name', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'b', 'c');
  const agent = await bench.agent();
  const lists = `\n  acls:${acl('four', rule('PERMIT', '10.9.0.1/32'))}`;
  const dvr = policy(3, 'four', '{ interfaceName: c, dvr: true }');
  await agent.tryCommit(
    network(bench, `${lists}\n  abfs:${dvr}${policy(4, 'four', C, 1, true)}${policy(20_000_000, 'four', C)}`),
  );
  assert.match(agent.state(key(3))!, /UNIMPLEMENTED .*dvr/);
  assert.match(agent.state(key(4))!, /UNIMPLEMENTED .*no IPv4 next hop/);
  assert.match(agent.state(key(20_000_000))!, /UNIMPLEMENTED .*not in 0-16777215/);
});
