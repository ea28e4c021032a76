// needs-kernel: vrf

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { eventually } from '../../../test/router/agent.ts';
import { KernelBench } from '../../../test/router/kernel.ts';
import type { Host } from '../../../test/lab/host.ts';
import { answers, LEAKS, network } from './testing.ts';

const skip = requires({ netns: true, kernel: ['vrf'] });

test('VRFs: overlapping subnets, isolation, leaks, drift, restart, removal', { skip, timeout: 600_000 }, async () => {
  await using bench = await KernelBench.open('red1', 'red2', 'blue1', 'blue3', 'green');
  const agent = await bench.agent();
  await agent.commit(network(bench));
  const [red1, red2, blue3, green] = ['red1', 'red2', 'blue3', 'green'].map((name) => bench.host(name)) as [
    Host,
    Host,
    Host,
    Host,
  ];

  // Linux 6.1 makes a link-local address when the link comes up or this is written, not when netlink sets it.
  for (const device of ['red1', 'red2', 'blue1', 'blue3', 'green']) {
    await bench.router.sysctl(`net.ipv6.conf.${device}.addr_gen_mode`, 1);
    await bench.router.sysctl(`net.ipv6.conf.${device}.addr_gen_mode`, 0);
  }
  // Within a VRF all is reachable, also where another VRF has the same subnet.
  for (const [from, to] of [
    [red2, '10.0.1.2'],
    [blue3, '10.0.1.2'],
    [red2, 'fd00:1::2'],
    [blue3, 'fd00:1::2'],
  ] as const) {
    await eventually(() => answers(from, to));
  }
  const inRed = await red1.capture('eth0', { direction: 'in' });
  assert.ok(await answers(blue3, '10.0.1.2'));
  assert.deepEqual(await inRed.frames({ ip: { source: '10.0.3.2' } }), []);
  await inRed.close();
  assert.ok(await answers(red2, '10.0.2.1'), 'the router answers in its VRF');

  // Nothing of another VRF is, not even an address of the router.
  for (const [from, to] of [
    [red1, '10.0.3.2'],
    [red1, '10.0.3.1'],
    [red1, '10.0.4.2'],
    [red1, '10.0.4.1'],
    [green, '10.0.2.2'],
    [green, '10.0.2.1'],
    [red1, 'fd00:3::2'],
    [red1, 'fd00:4::1'],
    [red1, 'fd00:4::2'],
  ] as const) {
    assert.equal(await answers(from, to), false, `${to} is in another VRF than ${from.name}`);
  }
  assert.deepEqual(await agent.drift(), []);

  // Leaks: red to blue by table, blue to red by a next hop on an interface, red to VRF 0 and back by table.
  await agent.commit(network(bench, LEAKS));
  await eventually(() => answers(red2, '10.0.3.2'));
  await eventually(() => answers(red2, '10.0.4.2'));
  await eventually(() => answers(green, '10.0.2.2'));
  await eventually(() => answers(green, 'fd00:2::2'));
  // The longest prefix counts: what red has itself stays there although the leak covers it.
  assert.ok(await answers(red2, '10.0.1.2'));
  // What does not leak still does not.
  assert.equal(await answers(green, '10.0.3.2'), false);
  assert.deepEqual(await agent.drift(), []);

  // Damage is reported and healed with one operation.
  await bench.ip('route del blackhole 0.0.0.0/0 table 1010');
  await eventually(async () => (await bench.ip('route show table 1010')).includes('blackhole default'));
  const reaction = await agent.reaction(
    () => bench.ip('route del 10.0.3.0/24 table 1010'),
    async () => (await bench.ip('route show table 1010')).includes('10.0.3.0/24 dev vrf-20'),
  );
  assert.deepEqual(reaction, ['CREATE config/vpp/v2/route/vrf/10/dst/10.0.3.0/24']);

  const config = network(bench, LEAKS);
  await agent.stop();
  const again = await bench.agent();
  assert.deepEqual(await again.resync(config), []);
  await again.remove(config);
  assert.equal(await bench.ip('-br link show type vrf'), '');
  assert.deepEqual(
    (await bench.ip('route show table all')).split('\n').filter((line) => line.includes('table 10')),
    [],
  );
});
