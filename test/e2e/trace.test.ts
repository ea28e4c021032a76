import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import type { Trace } from '../../src/agent/trace/trace.ts';
import { requires } from '../requires.ts';
import { AgentProcess } from './agent-process.ts';

const keys = 'config/vpp';

test('ligature trace: FROM and TO as people write them, in words and as data', {
  skip: requires({ netns: true, commands: ['ip'] }),
}, async () => {
  await using agent = await AgentProcess.open();
  const pods = [`${agent.namespace}-pod1`, `${agent.namespace}-pod2`];
  const pod = (number: number) =>
    `    - { name: pod${number}, type: TAP_TO_VPP, enabled: true, namespace: { type: NSID, reference: ${pods[number - 1]} }, ipAddresses: [10.7${number}.0.2/24], tap: { vppTapIfName: tap${number} } }`;
  const file = agent.file(
    'trace.yaml',
    `vppConfig:
  interfaces:
    - { name: tap1, type: TAP, enabled: true, ipAddresses: [10.71.0.1/24] }
    - { name: tap2, type: TAP, enabled: true, ipAddresses: [10.72.0.1/24] }
  acls:
    - name: no-telnet
      interfaces: { ingress: [tap1] }
      rules:
        - { action: DENY, ipRule: { tcp: { destinationPortRange: { lowerPort: 23, upperPort: 23 }, sourcePortRange: { upperPort: 65535 } } } }
        - { action: PERMIT, ipRule: { ip: {} } }
linuxConfig:
  interfaces:
${pod(1)}
${pod(2)}
`,
  );
  try {
    const applied = agent.ligature('config', 'apply', file);
    assert.equal(applied.status, 0, applied.stderr);
    for (const words of [
      ['pod1', 'pod2'],
      ['pod1', '->', 'pod2'],
      ['10.71.0.2', 'to', '10.72.0.2'],
      ['pod1 -> pod2'],
    ]) {
      const { status, stdout, stderr } = agent.ligature('trace', ...words);
      assert.equal(status, 0, stderr);
      assert.match(stdout, /^icmp 10\.71\.0\.2 -> 10\.72\.0\.2 ttl 64, comes in by tap1 \(kernel\)$/m);
      assert.match(
        stdout,
        /no-telnet rule 2 permits it \(input of tap1\) {2}\[config\/vpp\/acls\/v2\/acl\/no-telnet rule 2\]$/m,
      );
      assert.match(stdout, /^forwarded: out of tap2, to Linux interface pod2 {2}\[/m);
    }
    const denied = agent.ligature('trace', 'pod1', 'pod2:23', '--format', 'json');
    const { packet, verdict } = JSON.parse(denied.stdout) as Trace;
    assert.deepEqual([packet.protocol, packet.destinationPort], ['tcp', 23]);
    assert.deepEqual(verdict, {
      outcome: 'dropped',
      text: 'access list: no-telnet rule 1 denies it (input of tap1)',
      key: `${keys}/acls/v2/acl/no-telnet`,
      rule: 1,
    });
    const wrong = (...words: string[]) => agent.ligature('trace', ...words);
    assert.match(wrong('pod1', '-').stderr, /the shell took > for itself/);
    assert.equal(wrong('pod1', '-').status, 2);
    assert.match(wrong('pod1').stderr, /FROM and TO are needed/);
    assert.match(wrong('pod1', 'to', 'pod2', 'pod3').stderr, /FROM and TO are needed/);
    assert.match(wrong('pod1', 'pod2', '--dport', '0').stderr, /1-65535 is accepted/);
    assert.match(wrong('pod1', 'pod9').stderr, /to: "pod9" is no address and no interface; accepted are/);
    const ask = (body: unknown) =>
      agent.client.json<Trace>({
        ...{ method: 'POST', path: '/api/v1/trace' },
        ...{ body: JSON.stringify(body), type: 'application/json' },
      });
    assert.deepEqual((await ask({ from: 'pod1', to: 'pod2:23' })).verdict, verdict);
    for (const [body, says] of [
      [{ from: 'pod1', to: 'pod9' }, /to: "pod9" is no address and no interface; accepted are/],
      [{ from: 'pod1', to: 'pod2:70000' }, /to: "pod2:70000" has port 70000; 1-65535 is accepted/],
      [{ from: 'pod1', to: 'pod2', vrf: 9 }, /vrf: the switch has no VRF 9; it has 0/],
      [{ from: 'pod1', to: 'pod2', destinationPort: 0 }, /destinationPort/],
    ] as const)
      await assert.rejects(ask(body), says);
    const { status, stderr } = wrong('pod1', 'pod9');
    assert.equal(status, 1, stderr);
  } finally {
    await agent.stop();
    for (const name of pods) spawnSync('ip', ['netns', 'delete', name]);
  }
});
