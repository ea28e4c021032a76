import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { eventually } from '../../../test/router/agent.ts';
import { KernelBench } from '../../../test/router/kernel.ts';
import { answers, both, connect, hosts, key, network, only, via } from './testing.ts';

const skip = requires({ netns: true, commands: ['ip'] });

test('cross-connects go without a trace', { skip }, async () => {
  await using bench = await KernelBench.open(...hosts);
  const agent = await bench.agent();
  await agent.commit(network(bench, both));
  await eventually(() => answers(bench, '10.9.0.1'));
  await agent.remove(only(both));
  assert.doesNotMatch((await bench.ip('-4 rule')) + (await bench.ip('-6 rule')), /iif a/);
  assert.equal(await bench.ip('route show proto 81 table all'), '');
  assert.equal(await bench.ip('-6 route show proto 81 table all'), '');
});

test('several paths share by weight', { skip }, async () => {
  await using bench = await KernelBench.open(...hosts);
  const agent = await bench.agent();
  const shared = (family: 4 | 6) => connect(family, via('b', family, ', weight: 3'), via('c', family));
  await agent.commit(network(bench, shared(4) + shared(6)));
  assert.match(await bench.ip('route show proto 81 table all'), /nexthop via 10.2.0.2 dev b weight 3 onlink/);
  assert.match(await bench.ip('-6 route show proto 81 table all'), /nexthop via fd03::2 dev c weight 1/);
  assert.deepEqual(await agent.drift(), []);
});

test('damage from outside is seen and healed at once', { skip }, async () => {
  await using bench = await KernelBench.open(...hosts);
  const agent = await bench.agent();
  await agent.commit(network(bench, both));
  await eventually(() => answers(bench, '10.9.0.1'));
  const rule = (await bench.ip('rule')).split('\n').find((line) => line.includes('iif a'))!;
  const table = /lookup (\d+)/.exec(rule)![1]!;
  const damages: readonly (readonly [string, string])[] = [
    [`rule del iif a lookup ${table}`, `CREATE ${key(4)}`],
    [`-6 rule del iif a lookup ${table}`, `CREATE ${key(6)}`],
    [`route replace default via 10.3.0.2 dev c metric 1 table ${table} proto 81`, `UPDATE ${key(4)}`],
    [`route del blackhole default table ${table}`, `UPDATE ${key(4)}`],
    [`-6 route del throw ff00::/8 table ${table}`, `UPDATE ${key(6)}`],
  ];
  for (const [damage, cure] of damages) {
    const to = cure.endsWith('6') ? 'fd09::1' : '10.9.0.1';
    const clean = async () => (await agent.drift()).length === 0;
    assert.deepEqual(await agent.reaction(() => bench.ip(damage), clean), [cure], damage);
    await eventually(async () => (await bench.whoGets(to)) === 'b');
  }
});

test('a next hop without an interface is followed', { skip }, async () => {
  await using bench = await KernelBench.open(...hosts);
  const agent = await bench.agent();
  await agent.commit(network(bench, connect(4, '{ nextHopAddr: 10.66.0.1 }')));
  assert.equal(await bench.whoGets('10.9.0.1'), '', 'nothing leads there: dropped');
  const to = (host: string, subnet: number) => `route replace 10.66.0.0/24 via 10.${subnet}.0.2 dev ${host}`;
  await bench.ip(to('b', 2));
  await eventually(async () => (await bench.whoGets('10.9.0.1')) === 'b');
  await bench.ip(to('c', 3));
  await eventually(async () => (await bench.whoGets('10.9.0.1')) === 'c');
});

test('a device that is made anew is cross-connected again; an interface that goes takes its rule along', {
  skip,
}, async () => {
  await using bench = await KernelBench.open(...hosts);
  const agent = await bench.agent();
  await agent.commit(network(bench, both));
  await eventually(() => answers(bench, '10.9.0.1'));
  const before = await bench.ip('-4 rule');
  await bench.ip('link del dev a');
  await eventually(async () => /iif a/.test(await bench.ip('-4 rule')) && (await bench.ip('-4 rule')) !== before);
  await agent.heal();
  await eventually(() => answers(bench, '10.9.0.1'));
  assert.deepEqual(await agent.drift(), []);
  await agent.remove(`vppConfig: { interfaces: [${bench.tap('a', '')}] }`);
  assert.match(agent.state(key(4))!, /^PENDING/);
  assert.doesNotMatch(await bench.ip('rule'), /iif a/);
});
