import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { KernelBench } from '../../../test/router/kernel.ts';

test('without vrf devices and rules tables are UNIMPLEMENTED, with the reason, and what needs them waits', {
  skip: requires({ netns: true }),
}, async () => {
  await using bench = await KernelBench.open('a');
  bench.without = ['vrf', 'nft-inet'];
  const agent = await bench.agent();
  await agent.tryCommit(`
vppConfig:
  vrfs:
    - { id: 0, label: main }
    - { id: 10 }
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24', ', vrf: 10')}
  routes:
    - { vrfId: 10, dstNetwork: 10.9.0.0/16, nextHopAddr: 10.1.0.2, outgoingInterface: a }
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.1.0.2/24')}
`);
  assert.equal(agent.state('config/vpp/v2/vrf-table/id/0/protocol/IPV4'), 'CONFIGURED');
  assert.match(
    agent.state('config/vpp/v2/vrf-table/id/10/protocol/IPV4')!,
    /^UNIMPLEMENTED kernel: VRFs other than 0 need vrf devices: /,
  );
  assert.match(agent.state('config/vpp/v2/route/if/a/vrf/10/dst/10.9.0.0/16/gw/10.1.0.2')!, /^PENDING VRF 10 \(IPv4\)/);
  assert.deepEqual(await agent.scheduler.check({ kinds: ['vpp.vrf-table', 'vpp.route'] }), []);
});

test('flow_hash_settings are settings of the namespace', { skip: requires({ netns: true }) }, async () => {
  await using bench = await KernelBench.open();
  const agent = await bench.agent();
  const policy = () => bench.router.sysctl('net.ipv4.fib_multipath_hash_policy');
  const fields = () => bench.router.sysctl('net.ipv4.fib_multipath_hash_fields');
  const before = await policy();
  const table = 'vppConfig: { vrfs: [{ id: 0, flowHashSettings: { useSrcIp: true, useDstIp: true } }] }';
  await agent.commit(table);
  assert.equal(await policy(), '3');
  assert.equal(Number(await fields()), 3);
  await agent.remove(table);
  assert.equal(await policy(), before);
});
