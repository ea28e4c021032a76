import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { eventually } from '../../../test/router/agent.ts';
import { KernelBench } from '../../../test/router/kernel.ts';

const skip = requires({ netns: true, commands: ['ip'] });

/** The router's own routes lead nowhere: what gets from a to b or c was cross-connected. */
function network(bench: KernelBench, connects: string): string {
  return `
vppConfig:
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24, "fd01::1/64"')}
    - ${bench.tap('b', '10.2.0.1/24, "fd02::1/64"')}
    - ${bench.tap('c', '10.3.0.1/24, "fd03::1/64"')}
  l3xconnects:${connects}
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.1.0.2/24, "fd01::2/64"')}
    - ${bench.end('b', '10.2.0.2/24, "fd02::2/64", 10.9.0.1/32, 10.1.0.1/32, "fd09::1/128", "fd01::1/128"')}
    - ${bench.end('c', '10.3.0.2/24, "fd03::2/64", 10.9.0.1/32, "fd09::1/128"')}
  routes:
    - { outgoingInterface: a-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.1.0.1 }
    - { outgoingInterface: a-end, scope: GLOBAL, dstNetwork: "::/0", gwAddr: "fd01::1" }
    - { outgoingInterface: b-end, scope: GLOBAL, dstNetwork: 10.1.0.2/32, gwAddr: 10.2.0.1 }
    - { outgoingInterface: b-end, scope: GLOBAL, dstNetwork: "fd01::2/128", gwAddr: "fd02::1" }
    - { outgoingInterface: c-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.3.0.1 }
    - { outgoingInterface: c-end, scope: GLOBAL, dstNetwork: "::/0", gwAddr: "fd03::1" }
`;
}

const key = (family: 4 | 6) => `config/vpp/v2/l3xconnect/a/protocol/IPV${family}`;
const connect = (family: 4 | 6, ...paths: readonly string[]) =>
  `\n    - { interface: a, protocol: IPV${family}, paths: [${paths.join(', ')}] }`;
const via = (host: 'b' | 'c', family: 4 | 6, more = '') => {
  const subnet = host === 'b' ? 2 : 3;
  const nextHop = family === 4 ? `10.${subnet}.0.2` : `"fd0${subnet}::2"`;
  return `{ outgoingInterface: ${host}, nextHopAddr: ${nextHop}${more} }`;
};
const both = connect(4, via('b', 4)) + connect(6, via('b', 6));
const only = (connects: string) => `vppConfig: { l3xconnects: [${connects.replaceAll(/\n\s+- /g, ', ').slice(2)}] }`;

/** The router's end of a TAP, up or down. */
function device(bench: KernelBench, name: string, subnet: number, enabled: boolean): string {
  const tap = bench.tap(name, `10.${subnet}.0.1/24, "fd0${subnet}::1/64"`);
  return `vppConfig: { interfaces: [${tap.replace('enabled: true', `enabled: ${enabled}`)}] }`;
}

async function answers(bench: KernelBench, to: string): Promise<boolean> {
  return (await bench.host('a').ping(to, { count: 1, timeout: 500 })).received === 1;
}

/** Which of the two hosts gets what a sends there. */
async function whoGets(bench: KernelBench, destination: string): Promise<string> {
  const captures = await Promise.all(['b', 'c'].map((name) => bench.host(name).capture('eth0', { direction: 'in' })));
  await bench.host('a').ping(destination, { count: 1, timeout: 500 });
  const heard = await Promise.all(captures.map((capture) => capture.frames({ ip: { destination } })));
  await Promise.all(captures.map((capture) => capture.close()));
  return ['b', 'c'].filter((_name, index) => heard[index]!.length > 0).join();
}

test('everything received leaves by the path, addresses of the router included; read back; gone', {
  skip,
}, async () => {
  await using bench = await KernelBench.open('a', 'b', 'c');
  const agent = await bench.agent();
  const config = network(bench, both);
  await agent.commit(config);
  for (const to of ['10.9.0.1', 'fd09::1']) await eventually(() => answers(bench, to));
  for (const own of ['10.1.0.1', 'fd01::1']) {
    await eventually(() => answers(bench, own));
    await eventually(async () => (await whoGets(bench, own)) === 'b');
  }
  assert.deepEqual(await agent.drift(), []);
  await agent.stop();
  const again = await bench.agent();
  assert.deepEqual(await again.resync(config), []);
  await again.remove(only(both));
  assert.doesNotMatch(await bench.ip('rule'), /iif a/);
  assert.equal(await bench.ip('route show proto 81 table all'), '');
  assert.equal(await bench.ip('-6 route show proto 81 table all'), '');
  assert.equal(await whoGets(bench, '10.9.0.1'), '');
  assert.ok(await answers(bench, '10.1.0.1'), 'the router answers again');
});

for (const [family, to] of [
  [4, '10.9.0.1'],
  [6, 'fd09::1'],
] as const) {
  test(`IPv${family} paths change in place; the best that is up is taken, or none`, { skip }, async () => {
    await using bench = await KernelBench.open('a', 'b', 'c');
    const agent = await bench.agent();
    await agent.commit(network(bench, connect(family, via('b', family))));
    await eventually(() => answers(bench, to));
    const ranked = connect(family, via('c', family, ', preference: 1'), via('b', family, ', preference: 5'));
    assert.deepEqual(await agent.commit(only(ranked)), [`UPDATE ${key(family)}`]);
    await eventually(async () => (await whoGets(bench, to)) === 'c');
    await agent.commit(device(bench, 'c', 3, false));
    await eventually(async () => (await whoGets(bench, to)) === 'b');
    await agent.commit(device(bench, 'b', 2, false));
    assert.equal(await whoGets(bench, to), '');
    await agent.commit(device(bench, 'c', 3, true));
    await eventually(async () => (await whoGets(bench, to)) === 'c');
    await agent.commit(device(bench, 'b', 2, true));
    await eventually(async () => (await agent.drift()).length === 0);
  });
}

test('several paths share by weight', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'b', 'c');
  const agent = await bench.agent();
  const shared = (family: 4 | 6) => connect(family, via('b', family, ', weight: 3'), via('c', family));
  await agent.commit(network(bench, shared(4) + shared(6)));
  assert.match(await bench.ip('route show proto 81 table all'), /nexthop via 10.2.0.2 dev b weight 3 onlink/);
  assert.match(await bench.ip('-6 route show proto 81 table all'), /nexthop via fd03::2 dev c weight 1/);
  assert.deepEqual(await agent.drift(), []);
});

test('damage from outside is seen and healed at once', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'b', 'c');
  const agent = await bench.agent();
  await agent.commit(network(bench, both));
  await eventually(() => answers(bench, '10.9.0.1'));
  const rule = (await bench.ip('rule')).split('\n').find((line) => line.includes('iif a'))!;
  const table = /lookup (\d+)/.exec(rule)![1]!;
  const damages: readonly (readonly [string, string])[] = [
    [`rule del iif a lookup ${table}`, `CREATE ${key(4)}`],
    [`-6 rule del iif a lookup ${table}`, `CREATE ${key(6)}`],
    [`route replace default via 10.3.0.2 dev c metric 1 table ${table} proto 81`, `UPDATE ${key(4)}`],
    [`route del blackhole default table ${table}`, `UPDATE ${key(4)}`],
    [`-6 route del throw ff00::/8 table ${table}`, `UPDATE ${key(6)}`],
  ];
  for (const [damage, cure] of damages) {
    const to = cure.endsWith('6') ? 'fd09::1' : '10.9.0.1';
    const clean = async () => (await agent.drift()).length === 0;
    assert.deepEqual(await agent.reaction(() => bench.ip(damage), clean), [cure], damage);
    await eventually(async () => (await whoGets(bench, to)) === 'b');
  }
});

test('a next hop without an interface is followed', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'b', 'c');
  const agent = await bench.agent();
  await agent.commit(network(bench, connect(4, '{ nextHopAddr: 10.66.0.1 }')));
  assert.equal(await whoGets(bench, '10.9.0.1'), '', 'nothing leads there: dropped');
  const to = (host: string, subnet: number) => `route replace 10.66.0.0/24 via 10.${subnet}.0.2 dev ${host}`;
  await bench.ip(to('b', 2));
  await eventually(async () => (await whoGets(bench, '10.9.0.1')) === 'b');
  await bench.ip(to('c', 3));
  await eventually(async () => (await whoGets(bench, '10.9.0.1')) === 'c');
});

test('a device that is made anew is cross-connected again; an interface that goes takes its rule along', {
  skip,
}, async () => {
  await using bench = await KernelBench.open('a', 'b', 'c');
  const agent = await bench.agent();
  await agent.commit(network(bench, both));
  await eventually(() => answers(bench, '10.9.0.1'));
  const before = await bench.ip('-4 rule');
  await bench.ip('link del dev a');
  await eventually(async () => /iif a/.test(await bench.ip('-4 rule')) && (await bench.ip('-4 rule')) !== before);
  await agent.heal();
  await eventually(() => answers(bench, '10.9.0.1'));
  assert.deepEqual(await agent.drift(), []);
  await agent.remove(`vppConfig: { interfaces: [${bench.tap('a', '')}] }`);
  assert.match(agent.state(key(4))!, /^PENDING/);
  assert.doesNotMatch(await bench.ip('rule'), /iif a/);
});
