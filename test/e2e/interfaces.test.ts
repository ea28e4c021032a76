import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { requires } from '../requires.ts';
import { AgentProcess } from './agent-process.ts';

interface Reading {
  readonly interfaces: readonly {
    readonly name: string;
    readonly operational: string;
    readonly mtu: number;
    readonly place: string;
    readonly counters: { readonly rxPackets: string; readonly rxBytes: string };
  }[];
}

test('counters of interfaces are those of the packets that passed', {
  skip: requires({ netns: true, commands: ['ping'] }),
}, async () => {
  await using agent = await AgentProcess.open();
  const pod = `${agent.namespace}-pod`;
  const file = agent.file(
    'tap.yaml',
    `vppConfig:
  interfaces:
    - { name: tap1, type: TAP, enabled: true, ipAddresses: [10.77.0.1/24], mtu: 1400, tap: { hostIfName: lg-tap1 } }
linuxConfig:
  interfaces:
    - name: pod
      type: TAP_TO_VPP
      enabled: true
      namespace: { type: NSID, reference: ${pod} }
      ipAddresses: [10.77.0.2/24]
      tap: { vppTapIfName: tap1 }
`,
  );
  try {
    assert.equal(agent.ligature('config', 'apply', file).status, 0);
    const read = async (): Promise<Reading> => agent.client.json({ path: '/api/v1/interfaces' });
    const before = (await read()).interfaces.find(({ name }) => name === 'tap1');
    assert.deepEqual([before?.operational, before?.mtu, before?.place], ['UP', 1400, `netns ${agent.namespace}`]);
    const ping = spawnSync('ip', ['netns', 'exec', pod, 'ping', '-c', '5', '-i', '0.05', '-s', '1000', '10.77.0.1']);
    assert.equal(ping.status, 0, String(ping.stdout));
    const after = (await read()).interfaces;
    const counters = after.find(({ name }) => name === 'tap1')?.counters;
    assert.ok(Number(counters?.rxPackets) >= Number(before?.counters.rxPackets) + 5, JSON.stringify(counters));
    assert.ok(Number(counters?.rxBytes) >= Number(before?.counters.rxBytes) + 5 * 1000);
    assert.equal(after.find(({ name }) => name === 'pod')?.place, `netns ${pod}`);
    const topology: { places: { label: string }[] } = await agent.client.json({ path: '/api/v1/topology' });
    assert.ok(topology.places.some(({ label }) => label === `namespace ${pod}`));
  } finally {
    await agent.stop();
    spawnSync('ip', ['netns', 'delete', pod]);
  }
});
