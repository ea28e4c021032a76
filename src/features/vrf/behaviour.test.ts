import assert from 'node:assert/strict';
import { eventually } from '../../../test/router/agent.ts';
import type { Bench } from '../../../test/router/bench.ts';
import { onEachEngine } from '../../../test/router/each-engine.ts';
import type { KernelBench } from '../../../test/router/kernel.ts';
import { answers, LEAKS, network } from './testing.ts';

const hosts = ['red1', 'red2', 'blue1', 'blue3', 'green'];
const terms = { hosts, kernel: ['vrf'], timeout: 600_000 };

type Pair = readonly [from: string, to: string];

async function reached(bench: Bench, ...pairs: readonly Pair[]): Promise<void> {
  for (const [from, to] of pairs) await eventually(() => answers(bench.host(from), to));
}

async function apart(bench: Bench, ...pairs: readonly Pair[]): Promise<void> {
  for (const [from, to] of pairs) {
    assert.equal(await answers(bench.host(from), to), false, `${to} is in another VRF than ${from}`);
  }
}

/** Linux 6.1 makes a link-local address when the link comes up or this is written, not when netlink sets it. */
async function linkLocal({ router }: KernelBench): Promise<void> {
  for (const device of hosts) {
    for (const mode of [1, 0]) await router.sysctl(`net.ipv6.conf.${device}.addr_gen_mode`, mode);
  }
}

onEachEngine('VRFs: overlapping subnets, isolation, leaks, restart, removal', terms, async (bench, engine) => {
  const agent = await bench.agent();
  await agent.commit(network(bench));
  if (engine === 'kernel') await linkLocal(bench as KernelBench);
  // Within a VRF all is reachable, also where another VRF has the same subnet.
  await reached(bench, ['red2', '10.0.1.2'], ['blue3', '10.0.1.2'], ['red2', 'fd00:1::2'], ['blue3', 'fd00:1::2']);
  const inRed = await bench.host('red1').capture('eth0', { direction: 'in' });
  assert.ok(await answers(bench.host('blue3'), '10.0.1.2'));
  assert.deepEqual(await inRed.frames({ ip: { source: '10.0.3.2' } }), []);
  await inRed.close();
  assert.ok(await answers(bench.host('red2'), '10.0.2.1'), 'the router answers in its VRF');
  await reached(bench, ['green', '10.0.4.1']);
  // Nothing of another VRF is, not even an address of the router.
  await apart(bench, ['red1', '10.0.3.2'], ['red1', '10.0.3.1'], ['red1', '10.0.4.2'], ['red1', '10.0.4.1']);
  await apart(bench, ['green', '10.0.2.2'], ['green', '10.0.2.1'], ['red1', 'fd00:3::2'], ['red1', 'fd00:4::1']);
  assert.deepEqual(await agent.drift(), []);

  // Leaks: red to blue by table, blue to red by a next hop on an interface, red to VRF 0 and back by table.
  const config = network(bench, LEAKS);
  await agent.commit(config);
  await reached(bench, ['red2', '10.0.3.2'], ['red2', '10.0.4.2'], ['green', '10.0.2.2'], ['green', 'fd00:2::2']);
  // The longest prefix counts: what red has itself stays there although the leak covers it; what does not leak still does not.
  assert.ok(await answers(bench.host('red2'), '10.0.1.2'));
  await apart(bench, ['green', '10.0.3.2']);
  assert.deepEqual(await agent.drift(), []);

  await agent.stop();
  const again = await bench.agent();
  assert.deepEqual(await again.resync(config), []);
  await again.remove(`vppConfig:${LEAKS}`);
  await apart(bench, ['red2', '10.0.3.2'], ['green', '10.0.2.2']);
  assert.deepEqual(await bench.leftOf(again, network(bench)), []);
});

onEachEngine('an interface that moves to another VRF leaves the first', terms, async (bench, engine) => {
  const agent = await bench.agent();
  await agent.commit(network(bench));
  if (engine === 'kernel') await linkLocal(bench as KernelBench);
  await reached(bench, ['red1', '10.0.2.2'], ['blue3', '10.0.1.2']);
  await agent.commit(`vppConfig: { interfaces: [${bench.tap('green', '10.0.4.1/24, "fd00:4::1/64"', ', vrf: 20')}] }`);
  await reached(bench, ['green', '10.0.3.2'], ['green', 'fd00:3::2']);
  await apart(bench, ['green', '10.0.2.2']);
  assert.deepEqual(await agent.drift(), []);
});
