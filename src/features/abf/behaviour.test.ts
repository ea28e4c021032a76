import assert from 'node:assert/strict';
import { onEachEngine } from '../../../test/router/each-engine.ts';
import { acl, B, both, C, goes, key, network, onA, policy, rule, SPLIT } from './testing.ts';

const hosts = ['a', 'b', 'c'];

onEachEngine('what a list permits takes the paths, the rest is routed; read back; gone', { hosts }, async (bench) => {
  const agent = await bench.agent();
  const config = network(bench, both);
  await agent.commit(config);
  await goes(bench, SPLIT);
  assert.deepEqual(await agent.drift(), []);
  await agent.stop();
  const again = await bench.agent();
  assert.deepEqual(await again.resync(config), []);
  await again.remove(`vppConfig:\n${both.slice(1)}`);
  await goes(bench, { '10.9.0.1': 'b', 'fd09::1': 'b' });
});

onEachEngine(
  'policies of an interface are tried by priority; a denied packet asks the next',
  { hosts },
  async (bench) => {
    const agent = await bench.agent();
    const lists = `
  acls:${acl('not-two', rule('DENY', '10.9.0.2/32'), rule('PERMIT', '0.0.0.0/0'))}${acl('all', rule('REFLECT', '0.0.0.0/0'))}`;
    await agent.commit(network(bench, `${lists}\n  abfs:${policy(1, 'not-two', C, 5)}${policy(2, 'all', B, 7)}`));
    await goes(bench, { '10.9.0.1': 'c', '10.9.0.2': 'b', '10.2.0.2': 'c' });
    // The other order: the second takes everything.
    assert.deepEqual(await agent.commit(`vppConfig:\n  abfs:${policy(2, 'all', B, 3)}`), [
      `UPDATE ${key(2)}`,
      `UPDATE ${onA(2)}`,
    ]);
    await goes(bench, { '10.9.0.1': 'b', '10.9.0.2': 'b' });
    assert.deepEqual(await agent.drift(), []);
    await agent.remove(`vppConfig:\n  abfs:${policy(2, 'all', B, 3)}`);
    await goes(bench, { '10.9.0.1': 'c', '10.9.0.2': 'b' });
  },
);

onEachEngine('rules of the list and paths change in place; ports count', { hosts }, async (bench) => {
  const agent = await bench.agent();
  await agent.commit(network(bench, both));
  await goes(bench, SPLIT);
  const list = (...rules: readonly string[]) => `vppConfig:\n  acls:${acl('four', ...rules)}`;
  await agent.commit(list(rule('PERMIT', '10.9.0.2/32')));
  await goes(bench, { '10.9.0.1': 'b', '10.9.0.2': 'c' });
  const echo = ', icmp: { icmpTypeRange: { first: 8, last: 8 } }';
  await agent.commit(
    list(
      rule(
        'PERMIT',
        '10.9.0.0/24',
        ', udp: { destinationPortRange: { lowerPort: 53, upperPort: 53 }, sourcePortRange: { lowerPort: 0, upperPort: 65535 } }',
      ),
    ),
  );
  await goes(bench, { '10.9.0.1': 'b' });
  await agent.commit(list(rule('PERMIT', '10.9.0.0/24', echo)));
  await goes(bench, { '10.9.0.1': 'c' });
  assert.deepEqual(await agent.commit(`vppConfig:\n  abfs:${policy(1, 'four', B)}`), [`UPDATE ${key(1)}`]);
  await goes(bench, { '10.9.0.1': 'b' });
  assert.deepEqual(await agent.drift(), []);
});

onEachEngine('no path that is up means dropped', { hosts }, async (bench) => {
  const agent = await bench.agent();
  await agent.commit(network(bench, both));
  await goes(bench, SPLIT);
  const tap = bench.tap('c', '10.3.0.1/24, "fd03::1/64"').replace('enabled: true', 'enabled: false');
  await agent.commit(`vppConfig: { interfaces: [${tap}] }`);
  assert.equal(await bench.whoGets('10.9.0.1'), '');
  assert.equal(await bench.whoGets('fd09::1'), '');
  await goes(bench, { '10.9.0.2': 'b' });
});

onEachEngine('the path of the best preference takes all; on VPP all paths do', { hosts }, async (bench, engine) => {
  const agent = await bench.agent();
  const ranked = (path: string, preference: number) => path.replace(' }', `, preference: ${preference} }`);
  const paths = `${ranked(C, 1)}, ${ranked(B, 5)}`;
  const lists = `
  acls:${acl('all', rule('PERMIT', '10.9.0.0/24'))}`;
  await agent.commit(network(bench, `${lists}\n  abfs:${policy(1, 'all', paths)}`));
  await goes(bench, { '10.3.0.2': 'c', '10.2.0.2': 'b' });
  const takers = new Set<string>();
  for (let host = 1; host <= 8; host++) takers.add(await bench.whoGets(`10.9.0.${host}`));
  assert.deepEqual([...takers].sort(), engine === 'kernel' ? ['c'] : ['b', 'c']);
  assert.deepEqual(await agent.drift(), []);
});
