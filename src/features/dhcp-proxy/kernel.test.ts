import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { KernelBench } from '../../../test/router/kernel.ts';
import { hosts, key, network, only, V4 } from './testing.ts';

const skip = requires({ netns: true, commands: ['ip', 'dnsmasq', 'busybox'] });

test('servers in another VRF, and an address that several interfaces have, are refused with the reason', {
  skip,
}, async () => {
  await using bench = await KernelBench.open(...hosts);
  const agent = await bench.agent();
  const away = '{ sourceIpAddress: 10.1.0.1, servers: [{ ipAddress: 10.2.0.2, vrfId: 7 }] }';
  await agent.tryCommit(network(bench, away));
  assert.match(agent.state(key(4))!, /^UNIMPLEMENTED kernel: server 10.2.0.2 is in VRF 7, its clients in VRF 0: /);
  await bench.ip('addr add 10.1.0.1/32 dev b');
  await agent.tryCommit(only(V4));
  assert.match(agent.state(key(4))!, /^FAILED kernel: 2 interfaces have the address 10.1.0.1: /);
});
