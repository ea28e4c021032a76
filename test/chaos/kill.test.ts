import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { StatusAnswer } from '../../src/cli/answers.ts';
import { AgentProcess } from '../e2e/agent-process.ts';
import { requires } from '../requires.ts';

const rounds = Number(process.env['LIGATURE_CHAOS_ROUNDS'] ?? 12);
const seed = Number(process.env['LIGATURE_CHAOS_SEED'] ?? Date.now() % 1_000_000);

/** Mulberry32: the same numbers for the same seed. */
function random(state: number): () => number {
  let current = state;
  return () => {
    current = (current + 0x6d2b79f5) | 0;
    let mixed = Math.imul(current ^ (current >>> 15), 1 | current);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface World {
  readonly yaml: string;
  /** Devices in the vswitch, `lo` aside. */
  readonly devices: readonly string[];
}

/** Loopbacks and TAPs with addresses, MTUs and access lists, drawn at random. */
function draw(next: () => number): World {
  const interfaces: string[] = [];
  const devices: string[] = [];
  const names: string[] = [];
  for (let index = 0; index < 6; index++) {
    if (next() < 0.3) continue;
    const loopback = next() < 0.5;
    const name = `if${index}`;
    names.push(name);
    devices.push(name, ...(loopback ? [`${name}.p`] : []));
    const addresses = Array.from({ length: Math.floor(next() * 3) }, (_, n) => `10.${index}.${n}.1/24`);
    interfaces.push(
      `    - { name: ${name}, type: ${loopback ? 'SOFTWARE_LOOPBACK' : 'TAP'}, enabled: ${next() < 0.8}, mtu: ${1400 + Math.floor(next() * 3) * 20}, ipAddresses: [${addresses.join(', ')}] }`,
    );
  }
  const on = names.filter(() => next() < 0.5);
  const acl = `  acls:
    - name: list
      rules: [{ action: ${next() < 0.5 ? 'PERMIT' : 'DENY'}, ipRule: { ip: { sourceNetwork: 0.0.0.0/0 } } }]
      interfaces: { ingress: [${on.join(', ')}] }
`;
  const list = interfaces.length > 0 ? `  interfaces:\n${interfaces.join('\n')}\n` : '';
  return { yaml: `vppConfig:\n${list}${acl}`, devices: devices.sort() };
}

function devicesIn(namespace: string): string[] {
  const { stdout } = spawnSync('ip', ['-j', '-n', namespace, 'link'], { encoding: 'utf8' });
  const links = JSON.parse(stdout) as { ifname: string }[];
  return links
    .map(({ ifname }) => ifname)
    .filter((name) => name !== 'lo')
    .sort();
}

function unsettled(status: StatusAnswer): boolean {
  return !['CONFIGURED', 'OBTAINED'].includes(status.state) || status.parts.some(unsettled);
}

describe('kill -9', { skip: requires({ netns: true, commands: ['ip'] }) }, () => {
  test(`at random moments of ${rounds} commits: converges, leaks nothing (seed ${seed})`, async () => {
    const next = random(seed);
    await using agent = await AgentProcess.open();
    for (let round = 0; round < rounds; round++) {
      const world = draw(next);
      const query = { source: 'chaos', replace: 'true', acknowledge: 'persisted' };
      await agent.client.json({ method: 'PUT', path: '/api/v1/configuration', body: world.yaml, query });
      await delay(next() * 40);
      await agent.stop('SIGKILL');
      await agent.start();
      await agent.until(`round ${round} has settled`, async () => {
        const values = await agent.client.json<readonly StatusAnswer[]>({ path: '/api/v1/values' });
        return !values.some(unsettled);
      });
      assert.deepEqual(devicesIn(agent.namespace), world.devices, `round ${round}, seed ${seed}`);
      const drift = await agent.client.json<unknown[]>({ method: 'POST', path: '/api/v1/check' });
      assert.deepEqual(drift, [], `round ${round}, seed ${seed}`);
    }
    assert.equal(await agent.stop(), 0);
    assert.equal(agent.hasNamespace, false);
  });
});
