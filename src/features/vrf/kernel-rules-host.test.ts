// First: the agent's own namespace is the router, with the kernel's rule for local addresses before all others.
import '../../../test/stage/own-namespace.ts';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { eventually } from '../../../test/router/agent.ts';
import { KernelAgent, KernelBench } from '../../../test/router/kernel.ts';
import { apart, reached } from './kernel/testing.ts';
import { network } from './testing.ts';

const skip = requires({ netns: true, commands: ['ip', 'nft'] });

test('VRFs by rules in the own namespace: apart, although local addresses are asked for first', {
  skip,
  timeout: 300_000,
}, async () => {
  await using bench = await KernelBench.open('red1', 'red2', 'blue1', 'blue3', 'green');
  const agent = await KernelAgent.start(undefined, 'test', ['vrf']);
  try {
    const config = network(bench, '', 5);
    await agent.commit(config);
    await reached(bench, ['red2', '10.0.1.2'], ['blue3', '10.0.5.2'], ['red2', 'fd00:1::2']);
    await reached(bench, ['red1', '10.0.1.1'], ['red1', '10.0.2.1'], ['red1', 'fd00:2::1'], ['green', '10.0.4.1']);
    await apart(bench, ['red1', '10.0.3.1'], ['red1', '10.0.4.1'], ['red1', 'fd00:3::1'], ['red1', 'fd00:4::1']);
    await apart(bench, ['green', '10.0.2.1'], ['green', 'fd00:2::1'], ['green', '10.0.2.2'], ['red1', '10.0.4.2']);
    assert.deepEqual(await agent.drift(), []);
    // What the host has is in nobody's VRF.
    execFileSync('ip', ['link', 'add', 'host0', 'type', 'veth', 'peer', 'name', 'host1']);
    execFileSync('ip', ['address', 'add', '10.0.9.7/24', 'dev', 'host0']);
    const key = 'vpp/interface/late/address/static/10.0.9.1/24';
    const late = '{ name: late, type: SOFTWARE_LOOPBACK, enabled: true, vrf: 10, ipAddresses: [10.0.9.1/24] }';
    await agent.tryCommit(`vppConfig: { interfaces: [${late}] }`);
    assert.match(agent.state(key)!, /^UNIMPLEMENTED .* overlaps with 10\.0\.9\.7\/24 of the host in VRF 0/);
    execFileSync('ip', ['link', 'delete', 'host0']);
    await eventually(() => Promise.resolve(agent.state(key) === 'CONFIGURED'));
    await reached(bench, ['red1', '10.0.9.1']);
    await agent.remove(`vppConfig: { interfaces: [${late}] }`);
    assert.match(execFileSync('ip', ['rule'], { encoding: 'utf8' }), /^0:\s+from all lookup local/);
    await agent.remove(config);
    assert.doesNotMatch(execFileSync('ip', ['rule'], { encoding: 'utf8' }), /lookup 10/);
    assert.doesNotMatch(execFileSync('nft', ['list', 'tables'], { encoding: 'utf8' }), /ligature-vrf/);
  } finally {
    await agent.stop();
  }
});
