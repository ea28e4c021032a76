// needs-kernel: vrf

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import type { Agent } from '../../../test/router/agent.ts';
import { KernelBench } from '../../../test/router/kernel.ts';

const skip = requires({ netns: true, commands: ['ip', 'nft'], kernel: ['vrf'] });

/** Waits for it, at most two minutes: the machine is slow. */
async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 120_000; performance.now() < end; ) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`never came true: ${what}`);
}

const key = (device: string, family: 4 | 6) => `config/vpp/v2/l3xconnect/${device}/protocol/IPV${family}`;
const connect = (device: string, family: 4 | 6, ...paths: readonly string[]) =>
  `\n    - { interface: ${device}, protocol: IPV${family}, paths: [${paths.join(', ')}] }`;
const subnets = { b: 2, c: 3 } as const;
const via = (host: 'b' | 'c', family: 4 | 6) => {
  const nextHop = family === 4 ? `10.${subnets[host]}.0.2` : `"fd0${subnets[host]}::2"`;
  return `{ outgoingInterface: ${host}, nextHopAddr: ${nextHop} }`;
};
const only = (connects: string) => `vppConfig: { l3xconnects: [${connects.replaceAll(/\n\s+- /g, ', ').slice(2)}] }`;
const a = (bench: KernelBench, vrf: number) => bench.tap('a', '10.1.0.1/24, "fd01::1/64"', `, vrf: ${vrf}`);

/** Hosts a and d have the same addresses, in VRFs 10 and 20; b is in VRF 10, c in VRF 0. No table has a route to 10.9.0.1. */
function network(bench: KernelBench, connects: string, more = ''): string {
  return `
vppConfig:
  vrfs:
    - { id: 10, protocol: IPV4 }
    - { id: 10, protocol: IPV6 }
    - { id: 20, protocol: IPV4 }
    - { id: 20, protocol: IPV6 }
  interfaces:
    - ${a(bench, 10)}
    - ${bench.tap('d', '10.1.0.1/24, "fd01::1/64"', ', vrf: 20')}
    - ${bench.tap('b', '10.2.0.1/24, "fd02::1/64"', ', vrf: 10')}
    - ${bench.tap('c', '10.3.0.1/24, "fd03::1/64"')}
  l3xconnects:${connects || ' []'}
${more}
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.1.0.2/24, "fd01::2/64"')}
    - ${bench.end('d', '10.1.0.2/24, "fd01::2/64"')}
    - ${bench.end('b', '10.2.0.2/24, "fd02::2/64", 10.9.0.1/32, 10.1.0.1/32, "fd09::1/128", "fd01::1/128"')}
    - ${bench.end('c', '10.3.0.2/24, "fd03::2/64"')}
  routes:
    - { outgoingInterface: a-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.1.0.1 }
    - { outgoingInterface: a-end, scope: GLOBAL, dstNetwork: "::/0", gwAddr: "fd01::1" }
    - { outgoingInterface: d-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.1.0.1 }
    - { outgoingInterface: d-end, scope: GLOBAL, dstNetwork: "::/0", gwAddr: "fd01::1" }
    - { outgoingInterface: b-end, scope: GLOBAL, dstNetwork: 10.1.0.2/32, gwAddr: 10.2.0.1 }
    - { outgoingInterface: b-end, scope: GLOBAL, dstNetwork: "fd01::2/128", gwAddr: "fd02::1" }
`;
}

async function answers(bench: KernelBench, from: 'a' | 'd', to: string): Promise<boolean> {
  return (await bench.host(from).ping(to, { count: 1, timeout: 2_000 })).received === 1;
}

async function goes(bench: KernelBench, from: 'a' | 'd', to: string, host: string): Promise<void> {
  await until(
    `${from} -> ${to} at ${host || 'nobody'}`,
    async () => (await bench.whoGets(to, { from, timeout: 2_000 })) === host,
  );
}

async function heals(agent: Agent, what: string): Promise<void> {
  await until(`healed: ${what}`, async () => (await agent.drift()).length === 0);
}

const connects = [4, 6].map((family) => {
  const of = family as 4 | 6;
  return connect('a', of, via('b', of)) + connect('d', of, via('c', of));
});
const all = connects.join('');

test('interfaces in VRFs, with the same addresses, each along its own path, within the VRF and out of it', {
  skip,
  timeout: 900_000,
}, async () => {
  await using bench = await KernelBench.open('a', 'd', 'b', 'c');
  const agent = await bench.agent();
  const config = network(bench, all);
  await agent.commit(config);
  for (const to of ['10.9.0.1', 'fd09::1']) {
    await until(`a is answered by ${to}`, () => answers(bench, 'a', to));
    await goes(bench, 'd', to, 'c');
    await goes(bench, 'a', to, 'b');
  }
  // The router's own addresses in the VRF, too; it still answers ARP and neighbour discovery for them, or nothing would arrive.
  for (const own of ['10.1.0.1', 'fd01::1']) {
    await goes(bench, 'a', own, 'b');
    await goes(bench, 'd', own, 'c');
  }
  assert.deepEqual(await agent.drift(), []);

  // Paths change in place.
  assert.deepEqual(await agent.commit(only(connect('a', 4, via('c', 4)))), [`UPDATE ${key('a', 4)}`]);
  await goes(bench, 'a', '10.9.0.1', 'c');
  await agent.commit(only(connect('a', 4, via('b', 4))));
  await goes(bench, 'a', '10.9.0.1', 'b');

  const number = /fwmark (0x[0-9a-f]+)\/(0x[0-9a-f]+) lookup (\d+) proto 81/.exec(await bench.ip('-4 rule'))!;
  const [, mark, mask, table] = number;
  const chain = `mark-${Number(mark) >>> 8}`;
  for (const damage of [
    `ip rule del fwmark ${mark}/${mask} lookup ${table}`,
    `ip -6 rule del fwmark ${mark}/${mask} lookup ${table}`,
    `ip route del blackhole default table ${table}`,
    'nft delete element inet ligature-l3xc devices-ipv4 { a }',
    `nft flush chain inet ligature-l3xc ${chain}`,
    'nft flush chain inet ligature-l3xc marks',
    'nft delete table inet ligature-l3xc',
  ]) {
    await bench.router.run('sh', '-c', damage);
    await heals(agent, damage);
    await goes(bench, 'a', '10.9.0.1', 'b');
    await goes(bench, 'd', 'fd09::1', 'c');
  }

  // Into another VRF and back: with the interface, and with the rules that it needs there.
  await agent.commit(`vppConfig: { interfaces: [${a(bench, 0)}] }`);
  await goes(bench, 'a', '10.9.0.1', 'b');
  assert.match(await bench.ip('-4 rule'), /fwmark \S+ iif a /);
  assert.deepEqual(await agent.drift(), []);
  await agent.commit(`vppConfig: { interfaces: [${a(bench, 10)}] }`);
  await goes(bench, 'a', '10.9.0.1', 'b');
  assert.doesNotMatch(await bench.ip('-4 rule'), /iif a /);
  assert.deepEqual(await agent.drift(), []);

  // The device made anew.
  await bench.ip('link del dev a');
  await until('the device is back', async () => (await bench.ip('-o link')).includes(': a@'));
  await agent.heal();
  await goes(bench, 'a', '10.9.0.1', 'b');
  assert.deepEqual(await agent.drift(), []);
  assert.equal((await bench.ip('-4 rule')).split('\n').filter((line) => line.includes('proto 81')).length, 2);

  await agent.stop();
  const again = await bench.agent();
  assert.deepEqual(await again.resync(config), []);
  await goes(bench, 'a', '10.9.0.1', 'b');
  await again.remove(only(connects[0]!));
  assert.doesNotMatch(await bench.ip('-4 rule'), /fwmark/);
  await goes(bench, 'd', 'fd09::1', 'c');
  await again.remove(only(connects[1]!));
  assert.doesNotMatch(await bench.ip('-6 rule'), /fwmark/);
  for (const family of ['-4', '-6']) assert.equal(await bench.ip(`${family} route show proto 81 table all`), '');
  assert.doesNotMatch(await bench.router.run('nft', 'list', 'tables'), /l3xc/);
  await until('the router answers in its VRF', () => answers(bench, 'a', '10.1.0.1'));
  await goes(bench, 'a', '10.9.0.1', '');
});

test('what was left by an agent that is no more goes with a resync', { skip, timeout: 900_000 }, async () => {
  await using bench = await KernelBench.open('a', 'd', 'b', 'c');
  const agent = await bench.agent();
  await agent.commit(network(bench, all));
  await agent.stop();
  const again = await bench.agent();
  await again.resync(network(bench, connects[1]!));
  assert.doesNotMatch(await bench.ip('-4 rule'), /fwmark/);
  assert.equal(await bench.ip('-4 route show proto 81 table all'), '');
  await goes(bench, 'd', 'fd09::1', 'c');
  assert.deepEqual(await again.drift(), []);
});

test('ABF policies and cross-connects in VRFs have numbers of their own', { skip, timeout: 900_000 }, async () => {
  await using bench = await KernelBench.open('a', 'd', 'b', 'c');
  const agent = await bench.agent();
  const policies = `
  acls:
    - { name: nine, rules: [{ action: PERMIT, ipRule: { ip: { destinationNetwork: 10.9.0.0/24, sourceNetwork: 0.0.0.0/0 } } }] }
  abfs:
    - { index: 1, aclName: nine, attachedInterfaces: [{ inputInterface: d, priority: 1 }], forwardingPaths: [{ interfaceName: c, nextHopIp: 10.3.0.2 }] }`;
  const config = network(bench, connect('a', 4, via('b', 4)), policies);
  await agent.commit(config);
  await goes(bench, 'a', '10.9.0.1', 'b');
  await goes(bench, 'd', '10.9.0.1', 'c');
  await goes(bench, 'd', '10.8.0.1', '');
  assert.deepEqual(await agent.drift(), []);
  const rules = (await bench.ip('-4 rule')).split('\n').flatMap((line) => /fwmark (\S+)\//.exec(line)?.[1] ?? []);
  assert.equal(new Set(rules).size, 2, rules.join());
  await agent.stop();
  const again = await bench.agent();
  assert.deepEqual(await again.resync(config), []);
  await goes(bench, 'd', '10.9.0.1', 'c');
});
