import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ethernet, ip, udp } from '../../../test/lab/frame.ts';
import { requires } from '../../../test/requires.ts';
import { eventually } from '../../../test/router/agent.ts';
import type { KernelBench } from '../../../test/router/kernel.ts';
import { apart, openWithoutVrfDevices as open, reached } from './kernel/testing.ts';
import { dhcpClientKey, ip6ndKey } from '../interface/model.ts';

const skip = requires({ netns: true, commands: ['ip', 'nft'] });
const timeout = 300_000;

/** a and b in VRF 10, c in VRF 20, d in VRF 0; b and d have the same addresses behind them. */
function network(bench: KernelBench, routes: string, more = ''): string {
  const host = (name: string, subnet: number, behind = ''): string => `
    - ${bench.end(name, `10.${subnet}.0.2/24, "fd0${subnet}::2/64"${behind}`)}`;
  const behind = ', 10.9.0.1/32, 10.9.0.2/32, "fd09::1/128"';
  return `
vppConfig:
  vrfs:
    - { id: 10, protocol: IPV4 }
    - { id: 10, protocol: IPV6 }
    - { id: 20, protocol: IPV4 }
    - { id: 20, protocol: IPV6 }
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24, "fd01::1/64"', ', vrf: 10')}
    - ${bench.tap('b', '10.2.0.1/24, "fd02::1/64"', ', vrf: 10')}
    - ${bench.tap('c', '10.3.0.1/24, "fd03::1/64"', ', vrf: 20')}
    - ${bench.tap('d', '10.4.0.1/24, "fd04::1/64"')}${more}
  routes:${routes}
linuxConfig:
  interfaces:${host('a', 1, ', 10.8.0.1/32, "2001:db8:8::1/128"')}${host('b', 2, behind)}${host('c', 3)}${host('d', 4, behind)}
  routes:${bench.way('a', 1)}${bench.way('b', 2)}${bench.way('c', 3)}${bench.way('d', 4)}
`;
}

const INTO_B = `
    - { vrfId: 10, dstNetwork: 10.9.0.0/24, nextHopAddr: 10.2.0.2, outgoingInterface: b }
    - { vrfId: 10, dstNetwork: "fd09::/64", nextHopAddr: "fd02::2" }`;

test('the same routes in two VRFs lead apart; next hops are followed, several share, some drop', {
  skip,
  timeout,
}, async () => {
  await using bench = await open('a', 'b', 'c', 'd');
  const agent = await bench.agent();
  const main = `
    - { dstNetwork: 10.9.0.0/24, nextHopAddr: 10.4.0.2, outgoingInterface: d }
    - { dstNetwork: "fd09::/64", nextHopAddr: "fd04::2", outgoingInterface: d }`;
  const config = network(bench, INTO_B + main);
  await agent.commit(config);
  await reached(bench, ['a', '10.9.0.1'], ['a', 'fd09::1']);
  for (const to of ['10.9.0.1', 'fd09::1']) {
    assert.equal(await bench.whoGets(to, { from: 'a', among: ['b', 'd'] }), 'b');
    assert.equal(await bench.whoGets(to, { from: 'c', among: ['a', 'b', 'd'] }), '', 'a VRF without a route drops');
  }
  await eventually(async () => (await bench.whoGets('10.9.0.1', { from: 'd', among: ['b'] })) === '');
  assert.deepEqual(await agent.drift(), []);

  // Two paths, of which the longer prefix takes one address away, and another is dropped.
  const shared = `
    - { vrfId: 10, dstNetwork: 10.9.0.0/24, nextHopAddr: 10.1.0.2, outgoingInterface: a }
    - { vrfId: 10, dstNetwork: 10.9.0.2/32, type: DROP }
    - { vrfId: 10, dstNetwork: 10.77.0.0/16, nextHopAddr: 10.9.0.1 }`;
  const several = network(bench, INTO_B + main + shared);
  await agent.commit(several);
  const shown = await bench.ip('route show table 1010 10.9.0.0/24');
  assert.match(shown, /via 10\.2\.0\.2 dev b/);
  assert.match(shown, /via 10\.1\.0\.2 dev a/);
  assert.equal(await bench.whoGets('10.9.0.2', { from: 'a', among: ['b', 'd'] }), '');
  assert.match(await bench.ip('route show table 1010 10.77.0.0/16'), /dev [ab] /);
  assert.deepEqual(await agent.drift(), []);
  await agent.stop();
  const again = await bench.agent();
  assert.deepEqual(await again.resync(several), []);
  await again.remove(`vppConfig:\n  routes:${shared}`);
  await reached(bench, ['a', '10.9.0.2']);
  assert.deepEqual(await bench.leftOf(again, config), []);
});

/** A packet from a, with a TTL that ends at the router; resolves with who is told. */
async function expired(bench: KernelBench, source: string, destination: string, device = 'a'): Promise<string> {
  const isIpv6 = source.includes(':');
  const [router] = await bench.host(device).whoHas('eth0', '10.1.0.1', { from: '10.1.0.2' });
  const captures = await Promise.all(['a', 'd'].map((name) => bench.host(name).capture('eth0', { direction: 'in' })));
  const packet = ip({ source, destination, protocol: 17, ttl: 1 }, udp(4_000, 9, Buffer.alloc(8)));
  const etherType = isIpv6 ? 0x86dd : 0x0800;
  const [mac] = await bench.router.whoHas(device, '10.1.0.2', { from: '10.1.0.1' });
  await bench.host(device).send('eth0', ethernet({ source: mac!, destination: router!, etherType }, packet));
  const error = { ip: { destination: source }, icmp: { type: isIpv6 ? 3 : 11 } };
  await captures[0]!.wait(error, { timeout: 3_000 }).catch(() => undefined);
  const told = await Promise.all(captures.map(async (capture) => (await capture.frames(error)).length > 0));
  await Promise.all(captures.map((capture) => capture.close()));
  return ['a', 'd'].filter((_name, index) => told[index]).join();
}

test('the router answers and complains within the VRF: TCP, errors about packets from behind a host', {
  skip,
  timeout,
}, async () => {
  await using bench = await open('a', 'b', 'c', 'd');
  const agent = await bench.agent();
  // VRF 0 has routes to the same sources, elsewhere.
  const back = `
    - { vrfId: 10, dstNetwork: 10.8.0.0/24, nextHopAddr: 10.1.0.2, outgoingInterface: a }
    - { vrfId: 10, dstNetwork: "2001:db8:8::/64", nextHopAddr: "fd01::2", outgoingInterface: a }
    - { dstNetwork: 10.8.0.0/24, nextHopAddr: 10.4.0.2, outgoingInterface: d }
    - { dstNetwork: "2001:db8:8::/64", nextHopAddr: "fd04::2", outgoingInterface: d }`;
  await agent.commit(network(bench, INTO_B + back));
  await reached(bench, ['a', '10.2.0.2'], ['a', 'fd02::2'], ['c', '10.3.0.1'], ['d', '10.4.0.1']);
  for (const [source, destination] of [
    ['10.1.0.2', '10.9.0.1'],
    ['10.8.0.1', '10.9.0.1'],
    ['fd01::2', 'fd09::1'],
    ['2001:db8:8::1', 'fd09::1'],
  ] as const)
    assert.equal(await expired(bench, source, destination), 'a', `${source} is told in its VRF`);

  const server = await bench.router.echo({ protocol: 'tcp', port: 8_080 });
  const connects = async (from: string, to: string): Promise<boolean> =>
    (await bench.host(from).tcp({ to, port: 8_080, timeout: 700 })).connected;
  for (const to of ['10.1.0.1', '10.2.0.1', 'fd01::1', 'fd02::1']) assert.ok(await connects('a', to), to);
  assert.ok((await bench.host('a').tcp({ to: '10.1.0.1', port: 8_080, from: '10.8.0.1' })).connected);
  for (const from of ['c', 'd']) {
    for (const to of ['10.1.0.1', 'fd02::1']) assert.equal(await connects(from, to), false, `${from} to ${to}`);
  }
  for (const to of ['10.3.0.1', '10.4.0.1', 'fd04::1']) assert.equal(await connects('a', to), false, `a to ${to}`);
  assert.ok(await connects('d', '10.4.0.1'));
  await server.close();
});

test('unnumbered interfaces, bridge domains and proxy ARP are in a VRF', { skip, timeout }, async () => {
  await using bench = await open('a', 'b', 'c', 'd');
  const agent = await bench.agent();
  const config = `
vppConfig:
  vrfs: [{ id: 10, protocol: IPV4 }, { id: 20, protocol: IPV4 }]
  interfaces:
    - { name: lender, type: SOFTWARE_LOOPBACK, enabled: true, vrf: 10, ipAddresses: [10.1.0.1/24] }
    - { name: a, type: TAP, enabled: true, unnumbered: { interfaceWithIp: lender }, tap: { version: 2, hostIfName: a-far } }
    - { name: bvi, type: SOFTWARE_LOOPBACK, enabled: true, vrf: 10, ipAddresses: [10.2.0.1/24], physAddress: "02:00:00:00:00:fe" }
    - { name: b, type: TAP, enabled: true, tap: { version: 2, hostIfName: b-far } }
    - ${bench.tap('c', '10.3.0.1/24', ', vrf: 20')}
    - ${bench.tap('d', '10.4.0.1/24')}
  bridgeDomains:
    - { name: lan, forward: true, learn: true, flood: true, unknownUnicastFlood: true, interfaces: [{ name: b }, { name: bvi, bridgedVirtualInterface: true }] }
  routes:
    - { vrfId: 10, dstNetwork: 10.1.0.2/32, outgoingInterface: a }
  proxyArp:
    interfaces: [{ name: c }]
    ranges: [{ vrfId: 20, firstIpAddr: 10.3.0.50, lastIpAddr: 10.3.0.60 }, { vrfId: 10, firstIpAddr: 10.3.0.70, lastIpAddr: 10.3.0.80 }]
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.1.0.2/24')}
    - ${bench.end('b', '10.2.0.2/24')}
    - ${bench.end('c', '10.3.0.2/24')}
    - ${bench.end('d', '10.4.0.2/24')}
  routes:
    - { outgoingInterface: a-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.1.0.1 }
    - { outgoingInterface: b-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.2.0.1 }
    - { outgoingInterface: c-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.3.0.1 }
    - { outgoingInterface: d-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.4.0.1 }
`;
  await agent.commit(config);
  await reached(bench, ['a', '10.1.0.1'], ['a', '10.2.0.1'], ['a', '10.2.0.2'], ['b', '10.1.0.2'], ['b', '10.1.0.1']);
  await apart(bench, ['c', '10.2.0.2'], ['c', '10.2.0.1'], ['d', '10.2.0.1'], ['d', '10.1.0.1'], ['d', '10.1.0.2']);
  await apart(bench, ['a', '10.3.0.1'], ['b', '10.4.0.1'], ['b', '10.4.0.2']);
  const asks = async (address: string) => bench.host('c').whoHas('eth0', address, { from: '10.3.0.2', timeout: 500 });
  await eventually(async () => (await asks('10.3.0.55')).length === 1);
  assert.deepEqual(await asks('10.3.0.75'), [], 'a range of another VRF');
  assert.deepEqual(await agent.drift(), []);
  await agent.stop();
  const again = await bench.agent();
  assert.deepEqual(await again.resync(config), []);

  // The lender goes to another VRF, and the borrower with it.
  const moved = config.replace(
    'enabled: true, vrf: 10, ipAddresses: [10.1',
    'enabled: true, vrf: 20, ipAddresses: [10.1',
  );
  await again.commit(moved.replace('{ vrfId: 10, dstNetwork: 10.1.0.2/32', '{ vrfId: 20, dstNetwork: 10.1.0.2/32'));
  await reached(bench, ['a', '10.1.0.1'], ['a', '10.3.0.1'], ['c', '10.1.0.2']);
  await apart(bench, ['a', '10.2.0.1'], ['b', '10.1.0.1'], ['b', '10.1.0.2']);
  assert.deepEqual(await again.drift(), []);
});

test('what needs vrf devices says so, on the value', { skip, timeout }, async () => {
  await using bench = await open('a', 'b');
  const agent = await bench.agent();
  await agent.commit(`
vppConfig:
  vrfs: [{ id: 10 }, { id: 10, protocol: IPV6 }, { id: 20 }]
  interfaces: [${bench.tap('a', '10.1.0.1/24', ', vrf: 10')}, ${bench.tap('b', '10.2.0.1/24')}]
  nat44Global: { forwarding: true }
linuxConfig: { interfaces: [${bench.end('a', '10.1.0.2/24')}, ${bench.end('b', '10.2.0.2/24')}] }
`);
  await agent.tryCommit(`
vppConfig:
  vrfs: [{ id: 2048 }]
  interfaces:
    - { name: vx, type: VXLAN_TUNNEL, enabled: true, vrf: 10, vxlan: { srcAddress: 10.1.0.1, dstAddress: 10.1.0.9, vni: 7 } }
    - { name: learner, type: SOFTWARE_LOOPBACK, enabled: true, vrf: 10, ip6Nd: { addressAutoconfig: true } }
    - { name: asker, type: SOFTWARE_LOOPBACK, enabled: true, vrf: 10, setDhcpClient: true }
  routes: [{ type: INTER_VRF, vrfId: 10, viaVrfId: 20, dstNetwork: 10.9.0.0/24 }]
  nat44Interfaces: [{ name: a, natInside: true }, { name: b, natOutside: true }]
  nat44Pools: [{ vrfId: 10, firstIp: 192.0.2.1 }]
  dnat44s: [{ label: web, stMappings: [{ externalIp: 192.0.2.2, externalPort: 80, localIps: [{ vrfId: 10, localIp: 10.1.0.2, localPort: 80 }] }] }]
  dhcpProxies: [{ sourceIpAddress: 10.1.0.1, rxVrfId: 10, servers: [{ vrfId: 10, ipAddress: 10.1.0.2 }] }]
  srv6Localsids: [{ sid: "fc00:1::d4", endFunctionDt4: { vrfId: 10 } }, { sid: "fc00:1::d6", endFunctionDt6: { vrfId: 10 } }]
  vrrps: [{ interface: a, vrId: 1, priority: 100, interval: 100, enabled: true, ipAddresses: [10.1.0.99] }]
`);
  const refused = /^UNIMPLEMENTED kernel: .*vrf devices \(kernel module vrf\)/;
  for (const key of [
    'config/vpp/v2/vrf-table/id/2048/protocol/IPV4',
    'config/vpp/v2/interfaces/vx',
    ip6ndKey('learner'),
    dhcpClientKey('asker'),
    'config/vpp/v2/route/vrf/10/dst/10.9.0.0/24',
    'config/vpp/nat/v2/nat44-interface/a',
    'config/vpp/nat/v2/nat44-pool/vrf/10/address/192.0.2.1',
    'config/vpp/nat/v2/dnat44/web',
    'config/vpp/v2/dhcp-proxy/IPv4/rx-vrf/10',
    'config/vpp/srv6/v2/localsid/fc00:1::d4',
    'config/vpp/srv6/v2/localsid/fc00:1::d6',
    'config/vpp/v2/vrrp/a/vrid/1',
  ])
    assert.match(agent.state(key)!, refused, key);
  // Nothing of it is half there.
  assert.deepEqual(await agent.drift(), []);
  // In VRF 0 it can be, and back in a VRF it cannot.
  const heard = {
    nat: 'config/vpp/nat/v2/nat44-interface/a',
    nd: ip6ndKey('learner'),
    vrrp: 'config/vpp/v2/vrrp/a/vrid/1',
  };
  const move = (vrf: number) =>
    agent.tryCommit(`
vppConfig:
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24', `, vrf: ${vrf}`)}
    - { name: learner, type: SOFTWARE_LOOPBACK, enabled: true, vrf: ${vrf}, ip6Nd: { addressAutoconfig: true } }`);
  const are = (what: RegExp) => () =>
    Promise.resolve(Object.values(heard).every((key) => what.test(agent.state(key)!)));
  await move(0);
  await eventually(are(/^(CONFIGURED|FAILED kernel: .*keepalived|UNIMPLEMENTED .*keepalived)/));
  await move(10);
  await eventually(are(refused));
});

test('forwarding by access list, cross-connects of packets and segment routing begin in a VRF', {
  skip,
  timeout,
}, async () => {
  await using bench = await open('a', 'b', 'c', 'd');
  const agent = await bench.agent();
  const config = network(
    bench,
    `
    - { vrfId: 10, dstNetwork: 10.9.0.0/24, nextHopAddr: 10.2.0.2, outgoingInterface: b }
    - { dstNetwork: "fc00:2::/32", nextHopAddr: "fd04::2", outgoingInterface: d }
  acls:
    - name: some
      rules: [{ action: PERMIT, ipRule: { ip: { sourceNetwork: 0.0.0.0/0, destinationNetwork: 10.9.0.2/32 } } }]
  abfs:
    - { index: 1, aclName: some, attachedInterfaces: [{ inputInterface: a }], forwardingPaths: [{ nextHopIp: 10.4.0.2, interfaceName: d }] }
  l3xconnects:
    - { interface: c, protocol: IPV4, paths: [{ outgoingInterface: d, nextHopAddr: 10.4.0.2 }] }
  srv6Global: { encapSourceAddress: "fd04::1" }
  srv6Policies:
    - { bsid: "fc00:1::b4", srhEncapsulation: true, segmentLists: [{ segments: ["fc00:2::4"] }] }
  srv6Steerings:
    - { name: v4, policyBsid: "fc00:1::b4", l3Traffic: { installationVrfId: 10, prefixAddress: 10.22.0.0/16 } }`,
  );
  await agent.commit(config);
  assert.deepEqual(await agent.drift(), []);
  await reached(bench, ['a', '10.2.0.2'], ['d', 'fd04::1']);
  for (const [from, to, by] of [
    ['a', '10.9.0.1', 'b'],
    ['a', '10.9.0.2', 'd'],
    ['c', '10.9.0.1', 'd'],
  ] as const)
    await eventually(async () => (await bench.whoGets(to, { from, among: ['b', 'd'] })) === by);
  const outside = await bench.host('d').capture('eth0', { direction: 'in' });
  await bench.host('a').ping('10.22.0.1', { count: 1, timeout: 300 });
  await outside.wait({ ip: { destination: 'fc00:2::4' } });
  await bench.host('d').ping('10.22.0.1', { count: 1, timeout: 300 });
  assert.equal((await outside.frames({ ip: { destination: 'fc00:2::4' } })).length, 1, 'VRF 0 is not steered');
  await outside.close();
});
