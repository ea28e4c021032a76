/** The agent on a real VPP: configured, VPP killed and started again, the agent killed and started again. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startAgent } from '../../src/agent/agent.ts';
import { connectVpp } from '../../src/vpp/index.ts';
import { startVpp, vppBinary } from '../vpp/process.ts';

const skip = vppBinary() === undefined && 'needs VPP (LIGATURE_VPP_BIN)';

const network = `
vppConfig:
  vrfs: [{ id: 5 }]
  interfaces:
    - { name: one, type: SOFTWARE_LOOPBACK, enabled: true, ipAddresses: [10.1.0.1/24] }
    - { name: two, type: SOFTWARE_LOOPBACK, enabled: true, vrf: 5, ipAddresses: [10.2.0.1/24] }
  routes:
    - { dstNetwork: 10.9.0.0/16, nextHopAddr: 10.1.0.9, outgoingInterface: one }
`;

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 20_000; !(await condition().catch(() => false)); ) {
    if (performance.now() > end) assert.fail(what);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('an agent on VPP survives VPP, and the other way round', { skip }, async () => {
  await using vpp = await startVpp();
  const folder = mkdtempSync(join(tmpdir(), 'lg-vpp-agent-'));
  writeFileSync(join(folder, 'initial-config.yaml'), network);
  const start = () =>
    startAgent({
      args: [
        '--engine',
        'vpp',
        '--vpp-api-socket',
        vpp.apiSocket,
        '--state-dir',
        join(folder, 'state'),
        '--config-dir',
        folder,
        '--http-port',
        '0',
        '--log-level',
        'error',
      ],
      env: {},
      signals: [],
    });
  let agent = await start();
  const interfaces = async (): Promise<readonly string[]> => {
    const client = await connectVpp({ path: vpp.apiSocket });
    try {
      const found = await client.list('sw_interface_dump');
      return found
        .map(({ tag }) => tag)
        .filter((tag) => tag !== '')
        .sort();
    } finally {
      await client.close();
    }
  };
  const routes = async (): Promise<number> => {
    const client = await connectVpp({ path: vpp.apiSocket });
    try {
      return (await client.list('ip_route_dump', {})).filter(({ route }) => route.prefix === '10.9.0.0/16').length;
    } finally {
      await client.close();
    }
  };
  try {
    const isWhole = async (): Promise<boolean> => (await interfaces()).join() === 'one,two' && (await routes()) === 1;
    await until('VPP is not configured', isWhole);
    await vpp.restart();
    await until('VPP is not configured again', isWhole);
    await agent.stop();
    // Traffic goes on without the agent.
    assert.ok(await isWhole());
    agent = await start();
    await until('VPP is not as it was', isWhole);
  } finally {
    await agent.stop();
    rmSync(folder, { recursive: true });
  }
});
