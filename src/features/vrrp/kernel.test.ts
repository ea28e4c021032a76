import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { eventually } from '../../../test/router/agent.ts';
import { type KernelAgent, KernelBench } from '../../../test/router/kernel.ts';

const skip = requires({ netns: true, commands: ['ip', 'keepalived'] });

function network(bench: KernelBench, routers: string): string {
  return `
vppConfig:
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24, "fd01::1/64"')}
  vrrps: [${routers}]
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.1.0.2/24, "fd01::2/64"')}
`;
}

interface Wish {
  readonly priority?: number;
  readonly more?: string;
}

const V4 = '10.1.0.254';
const V6 = '"fe80::fe", "fd01::fe"';
const router = (vrId: number, addresses: string, { priority = 200, more = '' }: Wish = {}) =>
  `{ interface: a, vrId: ${vrId}, priority: ${priority}, interval: 100, preempt: true, accept: true, enabled: true, ipAddresses: [${addresses}]${more} }`;
const only = (...routers: readonly string[]) => `vppConfig: { vrrps: [${routers.join(', ')}] }`;
const key = (vrId: number) => `config/vpp/v2/vrrp/a/vrid/${vrId}`;
const isState = (agent: KernelAgent, vrId: number, state: string) => () =>
  Promise.resolve(agent.state(`vpp/vrrp/a/vrid/${vrId}/state/${state}`) === 'OBTAINED');

async function answers(bench: KernelBench, to: string): Promise<boolean> {
  return (await bench.host('a').ping(to, { count: 1, timeout: 500 })).received === 1;
}

/** Another member of the virtual routers, in host a. */
async function peer(bench: KernelBench, priority: number) {
  const folder = await mkdtemp(join(tmpdir(), 'lg-vrrp-'));
  const instance = (vrId: number, addresses: string) => `vrrp_instance i${vrId} {
    interface eth0
    virtual_router_id ${vrId}
    state BACKUP
    priority ${priority}
    advert_int 0.1
    virtual_ipaddress { ${addresses} }
  }`;
  const text = `global_defs { vrrp_version 3 }\n${instance(7, '10.1.0.254/32')}\n${instance(8, 'fe80::fe/128\nfd01::fe/128')}\n`;
  await writeFile(join(folder, 'conf'), text, { mode: 0o600 });
  const files = ['-f', join(folder, 'conf'), '-p', join(folder, 'pid'), '-r', join(folder, 'vrrp.pid')];
  const program = await bench.host('a').start(['keepalived', '-n', '-l', '-P', ...files]);
  return {
    async stop() {
      await program.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const routers = (wish: Wish = {}) => [router(7, V4, wish), router(8, V6, wish)] as const;

test('master alone, backup of a better one, master again; IPv4 and IPv6; told as states; gone', { skip }, async () => {
  await using bench = await KernelBench.open('a');
  let agent = await bench.agent();
  try {
    await agent.commit(network(bench, routers().join(', ')));
    for (const vrId of [7, 8]) await eventually(isState(agent, vrId, 'MASTER'));
    await eventually(() => answers(bench, '10.1.0.254'));
    await eventually(() => answers(bench, 'fd01::fe'));
    assert.match(await bench.host('a').run('ip', 'neigh', 'show', '10.1.0.254'), /00:00:5e:00:01:07/);
    assert.match(await bench.host('a').run('ip', 'neigh', 'show', 'fd01::fe'), /00:00:5e:00:02:08/);
    assert.deepEqual(await agent.drift(), []);

    const other = await peer(bench, 150);
    assert.deepEqual(await agent.commit(only(...routers({ priority: 50 }))), [`UPDATE ${key(7)}`, `UPDATE ${key(8)}`]);
    for (const vrId of [7, 8]) await eventually(isState(agent, vrId, 'BACKUP'));
    assert.match(await bench.host('a').run('ip', 'addr', 'show', 'eth0'), /10\.1\.0\.254/);
    await agent.stop();
    agent = await bench.agent();
    const again = routers({ priority: 50 }).join(', ');
    assert.deepEqual(await agent.resync(network(bench, again)), []);
    await other.stop();
    for (const vrId of [7, 8]) await eventually(isState(agent, vrId, 'MASTER'));

    await agent.remove(only(router(7, V4)));
    await eventually(async () => !(await answers(bench, '10.1.0.254')));
    assert.ok(await answers(bench, 'fd01::fe'), 'the other is not disturbed');
    assert.equal(agent.state('vpp/vrrp/a/vrid/7/state/MASTER'), undefined);
    await agent.remove(only(router(8, V6)));
    await eventually(async () => !/00:00:5e/.test(await bench.ip('link')));
  } finally {
    await agent.tryRemove(only(...routers()));
  }
});

test('without accept the master takes no packets for the address; without enabled it does nothing', {
  skip,
}, async () => {
  await using bench = await KernelBench.open('a');
  const agent = await bench.agent();
  const wish = (accept: boolean, enabled: boolean) =>
    router(7, V4).replace('accept: true', `accept: ${accept}`).replace('enabled: true', `enabled: ${enabled}`);
  try {
    await agent.commit(network(bench, wish(false, true)));
    await eventually(isState(agent, 7, 'MASTER'));
    assert.ok(!(await answers(bench, '10.1.0.254')));
    await agent.commit(only(wish(true, true)));
    await eventually(() => answers(bench, '10.1.0.254'));
    await agent.commit(only(wish(true, false)));
    await eventually(async () => !(await answers(bench, '10.1.0.254')));
    assert.deepEqual(await agent.drift(), []);
  } finally {
    await agent.tryRemove(only(router(7, V4)));
  }
});

test('unicast is refused with the reason', { skip }, async () => {
  await using bench = await KernelBench.open('a');
  const agent = await bench.agent();
  await agent.tryCommit(network(bench, router(7, V4, { more: ', unicast: true' })));
  assert.match(agent.state(key(7))!, /^UNIMPLEMENTED kernel: the model names no peers/);
});
