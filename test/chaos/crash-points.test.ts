import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { StatusAnswer } from '../../src/cli/answers.ts';
import { AgentProcess } from '../e2e/agent-process.ts';
import { requires } from '../requires.ts';
import { differences, pictureOf } from './kernel-picture.ts';

/** Every n-th place only, for those in a hurry. CI looks at every other: its two processors have more to do. */
const stride = Number(process.env['LIGATURE_CRASH_STRIDE'] ?? (process.env['CI'] ? 2 : 1));
/** ms; 1.5 s a place where nothing else runs. */
const timeout = 900_000;
const hook = join(import.meta.dirname, 'crash-hook.ts');
const check = { method: 'POST', path: '/api/v1/check' } as const;
/** More places than a commit can have: the end of the search comes by itself before. */
const tooMany = 1000;

/** Two networks; going from one to the other creates, changes, re-creates and removes things of every kind. */
function network(pods: readonly string[], version: 'A' | 'B'): string {
  const a = version === 'A';
  const [first, second] = pods;
  const third = a ? first : second;
  return `vppConfig:
  interfaces:
    - { name: uplink, type: SOFTWARE_LOOPBACK, enabled: true, ipAddresses: [192.0.2.1/24] }
    - { name: bvi, type: SOFTWARE_LOOPBACK, enabled: true, mtu: ${a ? 1450 : 1400}, ipAddresses: [${a ? '10.90.0.1/24' : '10.90.1.1/24'}] }
    - { name: tap, type: TAP, enabled: true, physAddress: ${a ? '02:00:00:00:00:0a' : '02:00:00:00:00:0b'}, tap: { version: 2 } }
    - { name: only-${version}, type: TAP, enabled: true, ipAddresses: [10.91.0.1/24], tap: { version: 2 } }
    - { name: apart, type: SOFTWARE_LOOPBACK, enabled: true, vrf: 10, ipAddresses: [10.93.${a ? 0 : 1}.1/24] }
    - { name: tunnel, type: VXLAN_TUNNEL, enabled: true, vxlan: { srcAddress: 192.0.2.1, dstAddress: 192.0.2.${a ? 2 : 3}, vni: 10 } }
  bridgeDomains:
    - name: lan
      learn: true
      flood: true
      forward: true
      interfaces: [{ name: bvi, bridgedVirtualInterface: true }, { name: tap }${a ? ', { name: tunnel }' : ''}]
  vrfs: [{ id: 10 }${a ? '' : ', { id: 20 }'}]
  routes:
    - { vrfId: 10, dstNetwork: 10.95.0.0/16, nextHopAddr: 10.93.${a ? 0 : 1}.9, outgoingInterface: apart }
    - { dstNetwork: 10.92.0.0/16, nextHopAddr: ${a ? '192.0.2.9' : '10.91.0.9'} }
  acls:
    - name: list
      rules: [{ action: ${a ? 'PERMIT' : 'DENY'}, ipRule: { ip: { sourceNetwork: 10.0.0.0/8, destinationNetwork: 0.0.0.0/0 } } }]
      interfaces: { ingress: [${a ? 'tap' : 'only-B'}] }
  nat44Global: { forwarding: true }
  nat44Interfaces: [{ name: uplink, natOutside: true }]
  dnat44s:
    - label: service
      stMappings:
        - externalIp: 192.0.2.${a ? 100 : 101}
          externalPort: 80
          protocol: TCP
          localIps: [{ localIp: 10.90.0.10, localPort: 8080, probability: 1 }]
linuxConfig:
  interfaces:
    - name: pod
      type: TAP_TO_VPP
      hostIfName: eth0
      enabled: true
      ipAddresses: [10.91.0.2/24]
      namespace: { type: NSID, reference: ${third} }
      tap: { vppTapIfName: only-${version} }
  routes:
    - { outgoingInterface: pod, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.91.0.1 }
`;
}

suite('kill -9 in front of every system call of a commit', {
  skip: requires({ netns: true, commands: ['ip', 'nft'] }),
}, () => {
  test('the same network as without a crash, and nothing is left over', { timeout }, async (context) => {
    const environment = { LIGATURE_CRASH_AT: '' };
    await using agent = await AgentProcess.open([], {}, { imports: [hook], environment });
    const at = agent.file('crash-at', '0');
    environment.LIGATURE_CRASH_AT = at;
    await agent.stop();
    await agent.start();
    const pods = [`${agent.namespace}-a`, `${agent.namespace}-b`];
    const places = [agent.namespace, ...pods];
    try {
      for (const pod of pods) spawnSync('ip', ['netns', 'add', pod]);
      const apply = async (version: 'A' | 'B'): Promise<void> => {
        const call = { method: 'PUT', path: '/api/v1/configuration', body: network(pods, version) } as const;
        await agent.client.json({ ...call, query: { source: 'crash', replace: 'true' } });
        await settled(agent);
      };
      const pictures = { A: [] as readonly string[], B: [] as readonly string[] };
      for (const version of ['A', 'B', 'A', 'B'] as const) {
        await apply(version);
        // A route by a next hop that came in the same commit is made a moment later.
        await agent.until('nothing differs', async () => (await agent.client.json<[]>(check)).length === 0);
        if (pictures[version].length > 0)
          await same(agent, places, pictures[version], 'a picture of one network is one');
        pictures[version] = pictureOf(places);
      }
      assert.ok(differences(pictures.A, pictures.B).length > 20, 'the networks have little in common');

      let died = 0;
      for (let place = 1; ; place += stride) {
        assert.ok(place < tooMany, 'a commit comes to an end');
        await apply('A');
        await same(agent, places, pictures.A, `back to A after the crash in front of call ${place - stride}`);
        writeFileSync(at, String(place));
        const done = await apply('B').then(
          () => true,
          () => false,
        );
        writeFileSync(at, '0');
        if (done) {
          context.diagnostic(`${died} places, all ${readFileSync(`${at}.count`, 'utf8')} calls of the commit`);
          break;
        }
        died++;
        await agent.ended();
        await agent.start();
        await settled(agent);
        // What the agent was told is what it goes for: B when that was durable before it died, else A.
        const wanted = (await agent.client.text({ path: '/api/v1/configuration' })).includes('only-B') ? 'B' : 'A';
        await same(agent, places, pictures[wanted], `died in front of call ${place}, wanted ${wanted}`);
      }
      assert.ok(died * stride >= 10, `only ${died} places were found`);
      assert.deepEqual(namespacesLike(agent.namespace), places);
    } finally {
      writeFileSync(at, '0');
      await agent.stop();
      for (const pod of pods) spawnSync('ip', ['netns', 'delete', pod]);
      rmSync(at, { force: true });
    }
  });
});

/** What the agent does after a commit takes it a moment. */
async function same(
  agent: AgentProcess,
  places: readonly string[],
  expected: readonly string[],
  when: string,
): Promise<void> {
  let left: readonly string[] = [];
  const becomes = agent.until(when, () => {
    left = differences(pictureOf(places), expected);
    return Promise.resolve(left.length === 0);
  });
  await becomes.catch((error: unknown) => assert.fail(`${when}: ${left.join('\n')}\n${String(error)}`));
}

async function settled(agent: AgentProcess): Promise<void> {
  await agent.until('everything is as wanted', async () => {
    const values = await agent.client.json<readonly StatusAnswer[]>({ path: '/api/v1/values' });
    return !values.some(unsettled);
  });
}

function unsettled(status: StatusAnswer): boolean {
  return !['CONFIGURED', 'OBTAINED'].includes(status.state) || status.parts.some(unsettled);
}

function namespacesLike(prefix: string): string[] {
  const folder = '/var/run/netns';
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.startsWith(prefix))
        .sort()
    : [];
}
