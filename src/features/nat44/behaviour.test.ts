import assert from 'node:assert/strict';
import type { Bench } from '../../../test/router/bench.ts';
import { eventually } from '../../../test/router/agent.ts';
import { onEachEngine } from '../../../test/router/each-engine.ts';
import { advances, bothPools, hosts, key, network, only, peers, serve, servers, shop, VIP } from './testing.ts';

const terms = { hosts, timeout: 120_000 };

/** What answers a call of the service. */
async function answer(bench: Bench, from = '198.51.100.2'): Promise<string> {
  return (await bench.host('out').tcp({ to: VIP, port: 80, from })).answer.split('\n')[0]!;
}

const isServed = (bench: Bench) => async (): Promise<boolean> => (await answer(bench)).startsWith('web');

onEachEngine('a service in proportion to weights; read back; gone', terms, async (bench) => {
  const agent = await bench.agent();
  const config = network(bench, shop([3, 2, 1]));
  await agent.commit(config);
  await serve(bench);
  await eventually(isServed(bench));
  const count = 300;
  const { connected, answers, errors } = await bench.host('out').tcpMany({ to: VIP, port: 80, count });
  assert.equal(connected, count, JSON.stringify(errors));
  for (const [at, weight] of [3, 2, 1].entries()) {
    const share = weight / 6;
    // Six standard deviations: fails once in 500 million runs.
    const bound = 6 * Math.sqrt(count * share * (1 - share));
    const seen = answers[servers[at]!] ?? 0;
    assert.ok(Math.abs(seen - count * share) <= bound, `${servers[at]}: ${seen} of ${count}`);
  }
  assert.deepEqual(await agent.drift(), []);
  await agent.stop();
  const again = await bench.agent();
  assert.deepEqual(await again.resync(config), []);
  assert.ok(await isServed(bench)());
  await again.remove(only(shop([1])));
  assert.equal((await bench.host('out').tcp({ to: VIP, port: 80, timeout: 600 })).connected, false);
  assert.deepEqual(await bench.leftOf(again, network(bench, '')), []);
});

onEachEngine('a backend that goes takes its flows with it and no other', terms, async (bench) => {
  const agent = await bench.agent();
  await agent.commit(network(bench, shop([1, 1, 1])));
  await serve(bench);
  await eventually(isServed(bench));
  const call = { protocol: 'tcp', to: VIP, port: 80, interval: 20 } as const;
  // Drawn by chance: calls go on until both have one.
  const flows = [];
  const responders: (string | undefined)[] = [];
  while (flows.length < 6 || !responders.includes('web2') || !responders.includes('web1')) {
    const flow = await bench.host('out').flow(call);
    flows.push(flow);
    responders.push((await flow.report()).responder);
  }
  assert.deepEqual(await agent.commit(only(shop([1, 0, 1]))), [`UPDATE ${key}`]);
  const seen = await bench.host('web2').capture('eth0', { direction: 'in', ip: { source: '198.51.100.2' } });
  for (const [at, flow] of flows.entries()) if (responders[at] !== 'web2') await advances(flow);
  // The end of a connection may be told to it, nothing that a client says.
  assert.deepEqual(
    (await seen.frames()).filter(({ payload }) => payload!.length > 0),
    [],
  );
  await seen.close();
  for (const [at, flow] of flows.entries()) {
    const { lost, error } = await flow.stop();
    if (responders[at] !== 'web2') assert.deepEqual({ lost, error }, { lost: 0, error: undefined }, responders[at]);
  }
  // One more backend disturbs nobody.
  const flow = await bench.host('out').flow(call);
  await agent.commit(only(shop([1, 1, 1])));
  await advances(flow);
  assert.equal((await flow.stop()).lost, 0);
  assert.deepEqual(await agent.drift(), []);
});

onEachEngine('affinity: a client keeps its backend until that goes', terms, async (bench) => {
  const agent = await bench.agent();
  const affine = (weights: readonly number[]) => shop(weights, ', sessionAffinity: 60');
  await agent.commit(network(bench, affine([1, 1, 1])));
  await serve(bench);
  await eventually(isServed(bench));
  const clients = ['198.51.100.2', '198.51.100.3', '198.51.100.4'];
  const answers = async () => {
    const all = [];
    for (const from of clients) all.push(await answer(bench, from));
    return all;
  };
  const first = await answers();
  assert.ok(
    first.every((one) => one.startsWith('web')),
    first.join(),
  );
  for (let round = 0; round < 8; round++) assert.deepEqual(await answers(), first);
  assert.deepEqual(await agent.drift(), []);
  await agent.commit(only(affine([0, 0, 1])));
  assert.deepEqual(await answers(), ['web3', 'web3', 'web3']);
});

onEachEngine('twice-NAT: servers are called from the pool, by others or by themselves', terms, async (bench) => {
  const agent = await bench.agent();
  const twice = (mode: string) => shop([1], `, twiceNat: ${mode}`);
  await agent.commit(network(bench, twice('ENABLED'), bothPools));
  const [web] = await serve(bench);
  await eventually(isServed(bench));
  assert.deepEqual(await peers(web!), ['10.99.0.1']);
  assert.deepEqual(await agent.drift(), []);
  await agent.commit(only(twice('SELF')));
  await eventually(isServed(bench));
  assert.deepEqual(await peers(web!), ['10.99.0.1', '198.51.100.2']);
  const before = (await web!.report()).peers['10.99.0.1'];
  await eventually(async () => (await bench.host('web1').tcp({ to: VIP, port: 80 })).connected);
  const { peers: after } = await web!.report();
  assert.deepEqual(Object.keys(after).sort(), ['10.99.0.1', '198.51.100.2']);
  assert.ok(after['10.99.0.1']! > before!, 'it called itself from the pool');
  assert.deepEqual(await agent.drift(), []);
});
