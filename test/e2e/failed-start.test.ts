/** An agent that cannot start leaves the host as it was found. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { requires } from '../requires.ts';
import { AgentProcess, ligature } from './agent-process.ts';

const loopback = `vppConfig:
  interfaces:
    - { name: loop1, type: SOFTWARE_LOOPBACK, enabled: true, ipAddresses: [192.0.2.1/24] }
`;

const skip = requires({ netns: true });

test('a vswitch namespace that a failed start made is gone, one that was there stays as it was', { skip }, async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const busy = String((other.address() as AddressInfo).port);
  await using agent = await AgentProcess.open();
  const { namespace, stateDirectory, configDirectory } = agent;
  const startInVain = (...ports: readonly string[]) => {
    const { status, stderr } = ligature(
      ...['agent', '--state-dir', stateDirectory, '--config-dir', configDirectory],
      ...['--microservice-label', namespace, '--kernel-namespace', namespace, ...ports],
    );
    assert.notEqual(status, 0);
    assert.match(stderr, new RegExp(`127\\.0\\.0\\.1:${busy} is in use by another process`));
  };
  const links = () => spawnSync('ip', ['-n', namespace, '-br', 'address'], { encoding: 'utf8' }).stdout;
  try {
    assert.equal(agent.ligature('config', 'apply', agent.file('a.yaml', loopback)).status, 0);
    // It leaves what is wanted, and what is there.
    await agent.stop('SIGKILL');
    const before = links();
    assert.match(before, /loop1@\S+ .*192\.0\.2\.1\/24/);
    startInVain('--http-port', busy, '--grpc-port', '0');
    // This port is opened after the last known configuration was restored.
    startInVain('--http-port', '0', '--grpc-port', busy);
    assert.equal(links(), before);

    spawnSync('ip', ['netns', 'delete', namespace]);
    assert.equal(agent.hasNamespace, false);
    startInVain('--http-port', busy, '--grpc-port', '0');
    assert.equal(agent.hasNamespace, false);
    startInVain('--http-port', '0', '--grpc-port', busy);
    assert.equal(agent.hasNamespace, false);

    // What was wanted is there at the next start.
    await agent.start();
    assert.match(links(), /loop1@\S+ .*192\.0\.2\.1\/24/);
  } finally {
    other.close();
  }
});
