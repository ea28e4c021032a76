import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { eventually } from '../../../test/router/agent.ts';
import type { KernelBench } from '../../../test/router/kernel.ts';
import { apart, openWithoutVrfDevices as open, reached } from './kernel/testing.ts';
import { answers, network } from './testing.ts';

const skip = requires({ netns: true, commands: ['ip', 'nft'] });
const timeout = 300_000;

test('VRFs by rules: isolation, restart, removal', { skip, timeout }, async () => {
  await using bench = await open('red1', 'red2', 'blue1', 'blue3', 'green');
  const agent = await bench.agent();
  const config = network(bench, '', 5);
  await agent.commit(config);
  await reached(bench, ['red2', '10.0.1.2'], ['blue3', '10.0.5.2'], ['red2', 'fd00:1::2'], ['blue3', 'fd00:5::2']);
  // The router answers in its VRF by each of its addresses there.
  await reached(bench, ['red1', '10.0.1.1'], ['red1', '10.0.2.1'], ['red1', 'fd00:2::1'], ['green', '10.0.4.1']);
  // Nothing of another VRF is reached, not even an address of the router.
  await apart(bench, ['red1', '10.0.3.2'], ['red1', '10.0.3.1'], ['red1', '10.0.4.2'], ['red1', '10.0.4.1']);
  await apart(bench, ['green', '10.0.2.2'], ['green', '10.0.2.1'], ['green', 'fd00:2::1'], ['green', 'fd00:2::2']);
  await apart(bench, ['red1', 'fd00:3::2'], ['red1', 'fd00:3::1'], ['red1', 'fd00:4::1'], ['red1', 'fd00:4::2']);
  assert.deepEqual(await agent.drift(), []);
  assert.equal(await bench.ip('route show proto kernel'), '10.0.4.0/24 dev green scope link src 10.0.4.1 \n');

  await agent.stop();
  const again = await bench.agent();
  assert.deepEqual(await again.resync(config), []);
  assert.deepEqual(await again.drift(), []);
  await reached(bench, ['red2', '10.0.1.2']);
  assert.deepEqual(await bench.leftOf(again, config), []);
  assert.doesNotMatch(await bench.ip('rule'), /lookup 10/);
  assert.doesNotMatch(await bench.ip('-6 rule'), /lookup 10|fe80|ff00/);
  assert.doesNotMatch(await bench.ip('route show table all'), /table 10/);
  assert.doesNotMatch(await bench.router.run('nft', 'list', 'tables'), /ligature-vrf/);
});

/** Two hosts in VRF 10, one in VRF 20. */
function small(bench: KernelBench, more = '', second = '10.0.2.1/24, "fd00:2::1/64"'): string {
  const host = (name: string, subnet: number): string => `
    - ${bench.end(name, `10.0.${subnet}.2/24, "fd00:${subnet}::2/64", 10.9.${subnet}.1/32, 10.9.9.9/32`)}`;
  const ways = (name: string, subnet: number): string => `
    - { outgoingInterface: ${name}-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.0.${subnet}.1 }
    - { outgoingInterface: ${name}-end, scope: GLOBAL, dstNetwork: "::/0", gwAddr: "fd00:${subnet}::1" }`;
  return `
vppConfig:
  vrfs:
    - { id: 10, protocol: IPV4 }
    - { id: 10, protocol: IPV6 }
    - { id: 20, protocol: IPV4 }
  interfaces:
    - ${bench.tap('a', '10.0.1.1/24, "fd00:1::1/64"', ', vrf: 10')}
    - ${bench.tap('b', second, ', vrf: 10')}
    - ${bench.tap('c', '10.0.3.1/24', ', vrf: 20')}
${more}
linuxConfig:
  interfaces:${host('a', 1)}${host('b', 2)}${host('c', 3)}
  routes:${ways('a', 1)}${ways('b', 2)}
`;
}

test('what is damaged by hand is put back, one operation each', { skip, timeout }, async () => {
  await using bench = await open('a', 'b', 'c');
  const agent = await bench.agent();
  const config = small(
    bench,
    `
  routes:
    - { vrfId: 10, dstNetwork: 10.9.2.0/24, nextHopAddr: 10.0.2.2, outgoingInterface: b }`,
  );
  await agent.commit(config);
  await reached(bench, ['a', '10.9.2.1']);
  const table = 'config/vpp/v2/vrf-table/id/10/protocol/IPV4';
  const interfaceA = 'vpp/interface/a/vrf/10/ip-version/both';
  const addressA = 'vpp/interface/a/address/static/10.0.1.1/24';
  for (const [damage, key, healed] of [
    ['rule del iif a lookup 1010', interfaceA, ['rule', 'iif a lookup 1010']],
    ['-6 rule del iif a lookup 1010', interfaceA, ['-6 rule', 'iif a lookup 1010']],
    ['rule del oif a lookup 1010', interfaceA, ['rule', 'oif a lookup 1010']],
    ['rule del from 10.0.1.1 iif lo lookup 1010', addressA, ['rule', 'from 10.0.1.1 iif lo lookup 1010']],
    ['rule del fwmark 0x1400000/0xffe00000 lookup 1010', table, ['rule', 'fwmark 0x1400000/0xffe00000 lookup 1010']],
    ['route del 10.0.1.0/24 table 1010', addressA, ['route show table 1010', '10.0.1.0/24 dev a']],
    ['route del local 10.0.1.1 table 1010', addressA, ['route show table 1010', 'local 10.0.1.1 dev a']],
    ['route del blackhole 0.0.0.0/0 table 1010', table, ['route show table 1010', 'blackhole default']],
    [
      'route del 10.9.2.0/24 table 1010',
      'config/vpp/v2/route/if/b/vrf/10/dst/10.9.2.0/24/gw/10.0.2.2',
      ['route show table 1010', '10.9.2.0/24 via 10.0.2.2'],
    ],
  ] as const) {
    const reaction = await agent.reaction(
      () => bench.ip(damage),
      async () => (await bench.ip(healed[0])).includes(healed[1]),
    );
    assert.deepEqual(reaction, [`CREATE ${key}`], damage);
  }
  const marks = () => bench.router.run('nft', 'list', 'table', 'inet', 'ligature-vrf');
  const before = await marks();
  await bench.router.run('nft', 'delete', 'table', 'inet', 'ligature-vrf');
  await eventually(async () => (await marks().catch(() => '')) === before);
  await eventually(async () => (await agent.drift()).length === 0);
  await reached(bench, ['a', '10.9.2.1'], ['a', 'fd00:2::2']);
});

test('a subnet is in one VRF: another one waits until it is free', { skip, timeout }, async () => {
  await using bench = await open('a', 'b', 'c');
  const agent = await bench.agent();
  const tap = (name: string, subnet: string, vrf: number): string => `
vppConfig: { interfaces: [${bench.tap(name, `${subnet}.1/24`, `, vrf: ${vrf}`)}] }
linuxConfig: { interfaces: [${bench.end(name, `${subnet}.2/24`)}] }`;
  await agent.commit('vppConfig: { vrfs: [{ id: 10 }, { id: 20 }] }');
  await agent.commit(tap('a', '10.0.1', 10));
  const result = await agent.tryCommit(tap('b', '10.0.1', 20));
  assert.equal(result.failures.length, 1);
  const key = 'vpp/interface/b/address/static/10.0.1.1/24';
  const reason =
    /^UNIMPLEMENTED kernel: 10\.0\.1\.1\/24 in VRF 20 overlaps with 10\.0\.1\.1\/24 of interface a in VRF 10: only vrf devices \(kernel module vrf\)/;
  assert.match(agent.state(key)!, reason);
  // In VRF 0, too, and a host address in it.
  await agent.tryCommit(
    'vppConfig: { interfaces: [{ name: c, type: SOFTWARE_LOOPBACK, ipAddresses: [10.0.1.77/32] }] }',
  );
  assert.match(
    agent.state('vpp/interface/c/address/static/10.0.1.77/32')!,
    /^UNIMPLEMENTED .* of interface a in VRF 10/,
  );
  await eventually(() => answers(bench.host('a'), '10.0.1.1'));
  assert.equal(await answers(bench.host('b'), '10.0.1.1'), false);
  // It goes on when the other is in another subnet.
  await agent.commit(tap('a', '10.0.5', 10));
  await eventually(() => Promise.resolve(agent.state('vpp/interface/c/address/static/10.0.1.77/32') !== undefined));
  await agent.remove('vppConfig: { interfaces: [{ name: c, type: SOFTWARE_LOOPBACK }] }');
  await eventually(() => Promise.resolve(agent.state(key) === 'CONFIGURED'));
  await eventually(() => answers(bench.host('b'), '10.0.1.1'));
  await eventually(() => answers(bench.host('a'), '10.0.5.1'));
  assert.deepEqual(await agent.drift(), []);
});

test('interfaces move between VRFs, change addresses, go down and up, and are made anew', {
  skip,
  timeout,
}, async () => {
  await using bench = await open('a', 'b', 'c');
  const agent = await bench.agent();
  const config = small(bench);
  await agent.commit(config);
  await reached(bench, ['a', '10.0.2.2'], ['a', 'fd00:2::2']);
  const inVrf = (vrf: number): string =>
    config.replace(
      'tap: { version: 2, hostIfName: b-far } , vrf: 10',
      `tap: { version: 2, hostIfName: b-far } , vrf: ${vrf}`,
    );
  assert.notEqual(inVrf(20), config);
  for (const vrf of [20, 0]) {
    const moved = inVrf(vrf).replace(
      '{ id: 20, protocol: IPV4 }',
      '{ id: 20, protocol: IPV4 }\n    - { id: 20, protocol: IPV6 }',
    );
    await agent.commit(moved);
    await reached(bench, ['b', '10.0.2.1'], ['b', 'fd00:2::1']);
    await apart(bench, ['a', '10.0.2.2'], ['a', '10.0.2.1'], ['a', 'fd00:2::2'], ['a', 'fd00:2::1']);
    if (vrf === 20) await reached(bench, ['b', '10.0.3.1']);
    assert.deepEqual(await agent.drift(), [], `VRF ${vrf}`);
    await agent.commit(config);
    await reached(bench, ['a', '10.0.2.2'], ['a', 'fd00:2::2']);
    assert.deepEqual(await agent.drift(), []);
  }
  // Two addresses of one subnet have one route, and each stays when the other goes.
  await agent.commit(small(bench, '', '10.0.2.1/24, 10.0.2.9/24, "fd00:2::1/64"'));
  await reached(bench, ['a', '10.0.2.9'], ['a', '10.0.2.2']);
  await agent.commit(small(bench, '', '10.0.2.9/24, "fd00:2::1/64"'));
  await reached(bench, ['a', '10.0.2.9'], ['b', '10.0.2.9']);
  await apart(bench, ['a', '10.0.2.1']);
  assert.deepEqual(await agent.drift(), []);
  await agent.commit(config);
  // Down and up again.
  await agent.commit(config.replace('name: b, type: TAP, enabled: true', 'name: b, type: TAP, enabled: false'));
  assert.equal(await answers(bench.host('a'), '10.0.2.2'), false);
  assert.deepEqual(await agent.drift(), []);
  await agent.commit(config);
  await reached(bench, ['a', '10.0.2.2'], ['a', 'fd00:2::2']);
  assert.deepEqual(await agent.drift(), []);
  // Somebody takes the device away.
  await bench.ip('link del dev b');
  await reached(bench, ['a', '10.0.2.2'], ['a', 'fd00:2::2']);
  await eventually(async () => (await agent.drift()).length === 0);
  // An address that somebody took away while nobody looked, and nobody wants any more.
  await agent.stop();
  await bench.ip('addr del 10.0.2.1/24 dev b');
  const again = await bench.agent();
  await again.resync('{}');
  assert.deepEqual(await again.drift(), []);
  assert.doesNotMatch(await bench.ip('rule'), /lookup 10/);
  assert.doesNotMatch(await bench.ip('route show table all'), /table 10/);
});
