// needs-kernel: vrf

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { eventually } from '../../../test/router/agent.ts';
import { KernelBench } from '../../../test/router/kernel.ts';
import { answers, network } from './testing.ts';

const skip = requires({ netns: true, commands: ['ip', 'nft'], kernel: ['vrf'] });
/** ms: the machine is slow. */
const patience = 120_000;

test('a kernel gets vrf devices, and loses them: the next agent changes over, and leaves nothing of the other', {
  skip,
  timeout: 900_000,
}, async () => {
  await using bench = await KernelBench.open('red1', 'red2', 'blue1', 'blue3', 'green');
  const config = network(bench, '', 5);
  const works = async (): Promise<void> => {
    for (const [from, to] of [
      ['red2', '10.0.1.2'],
      ['blue3', '10.0.5.2'],
      ['red1', '10.0.2.1'],
      ['red2', 'fd00:1::2'],
      ['green', '10.0.4.1'],
    ] as const)
      await eventually(() => answers(bench.host(from), to), patience);
    for (const [from, to] of [
      ['red1', '10.0.3.1'],
      ['green', '10.0.2.1'],
      ['red1', '10.0.4.1'],
    ] as const)
      assert.equal(await answers(bench.host(from), to), false, `${to} is in another VRF than ${from}`);
  };
  const kernelMakesLinkLocal = async (): Promise<void> => {
    // Linux 6.1 makes a link-local address when the link comes up or this is written, not when netlink sets it.
    for (const device of ['red1', 'red2', 'blue1', 'blue3', 'green'])
      for (const mode of [1, 0]) await bench.router.sysctl(`net.ipv6.conf.${device}.addr_gen_mode`, mode);
  };
  bench.without = ['vrf'];
  const rules = await bench.agent();
  await rules.commit(config);
  await kernelMakesLinkLocal();
  await works();
  assert.equal(await bench.ip('-br link show type vrf'), '');
  assert.deepEqual(await rules.drift(), []);
  await rules.stop();

  bench.without = [];
  const devices = await bench.agent();
  assert.notDeepEqual(await devices.resync(config), []);
  await kernelMakesLinkLocal();
  await works();
  assert.match(await bench.ip('-br link show type vrf'), /vrf-10[^]*vrf-20/);
  assert.doesNotMatch((await bench.ip('rule')) + (await bench.ip('-6 rule')), /lookup 10|fe80/);
  assert.doesNotMatch(await bench.ip('route show table 1010 proto 78'), /10\.0/);
  assert.doesNotMatch(await bench.router.run('nft', 'list', 'tables'), /ligature-vrf/);
  assert.deepEqual(await devices.drift(), []);
  await devices.stop();

  bench.without = ['vrf'];
  const again = await bench.agent();
  assert.notDeepEqual(await again.resync(config), []);
  await kernelMakesLinkLocal();
  await works();
  assert.equal(await bench.ip('-br link show type vrf'), '');
  assert.deepEqual(await again.drift(), []);
  assert.deepEqual(await bench.leftOf(again, config), []);
});
