import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { eventually } from '../../../test/router/agent.ts';
import { KernelBench } from '../../../test/router/kernel.ts';

const skip = requires({ netns: true, commands: ['ip', 'dnsmasq', 'busybox'] });

/** Clients in a, servers in b. */
function network(bench: KernelBench, proxies: string): string {
  return `
vppConfig:
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24, "fd01::1/64"')}
    - ${bench.tap('b', '10.2.0.1/24, "fd02::1/64"')}
  dhcpProxies: [${proxies}]
linuxConfig:
  interfaces:
    - ${bench.end('a', '')}
    - ${bench.end('b', '10.2.0.2/24, 10.2.0.3/24, "fd02::2/64"')}
  routes:
    - { outgoingInterface: b-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.2.0.1 }
    - { outgoingInterface: b-end, scope: GLOBAL, dstNetwork: "::/0", gwAddr: "fd02::1" }
`;
}

const proxy = (source: string, ...servers: readonly string[]) =>
  `{ sourceIpAddress: "${source}", servers: [${servers.map((server) => `{ ipAddress: "${server}" }`).join(', ')}] }`;
const only = (...proxies: readonly string[]) => `vppConfig: { dhcpProxies: [${proxies.join(', ')}] }`;
const V4 = proxy('10.1.0.1', '10.2.0.2');
const V6 = proxy('fd01::1', 'fd02::2');
const key = (family: 4 | 6) => `config/vpp/v2/dhcp-proxy/IPv${family}/rx-vrf/0`;

/** A server of addresses in host b that has none of the clients' subnet. */
function server(bench: KernelBench) {
  const options = [
    '--keep-in-foreground',
    '--port=0',
    '--conf-file=/dev/null',
    '--user=root',
    '--leasefile-ro',
    '--pid-file=',
  ];
  const pools = ['10.1.0.100,10.1.0.110,255.255.255.0', '10.2.0.9,static', 'fd01::100,fd01::110,64', 'fd02::,static'];
  return bench.host('b').start(['dnsmasq', ...options, ...pools.map((pool) => `--dhcp-range=${pool}`)]);
}

/** What a client in host a is given, or nothing. */
async function lease(bench: KernelBench): Promise<string> {
  const script = '/bin/true';
  const client = ['busybox', 'udhcpc', '-i', 'eth0', '-n', '-q', '-f', '-t', '2', '-T', '1', '-s', script];
  const { stdout, stderr } = await bench.host('a').exec(client);
  return /lease of ([\d.]+) obtained/.exec(stdout + stderr)?.[1] ?? '';
}

test('IPv4: clients get addresses of a server elsewhere; read back, taken over, gone', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'b');
  let agent = await bench.agent();
  try {
    await agent.commit(network(bench, V4));
    await server(bench);
    await eventually(async () => /^10\.1\.0\.1[01]\d$/.test(await lease(bench)));
    assert.deepEqual(await agent.drift(), []);
    assert.deepEqual(await agent.commit(only(proxy('10.1.0.1', '10.2.0.3', '10.2.0.2'))), [`UPDATE ${key(4)}`]);
    await eventually(async () => /^10\.1\.0\.1[01]\d$/.test(await lease(bench)));
    await agent.stop();
    agent = await bench.agent();
    assert.deepEqual(await agent.resync(network(bench, proxy('10.1.0.1', '10.2.0.2', '10.2.0.3'))), []);
    await agent.remove(only(V4));
    assert.equal(await lease(bench), '');
  } finally {
    await agent.tryRemove(only(V4));
  }
});

test('IPv6: a request reaches the server as a relayed one', { skip }, async () => {
  await using bench = await KernelBench.open('a', 'b');
  const agent = await bench.agent();
  try {
    await agent.commit(network(bench, `${V4}, ${V6}`));
    assert.deepEqual(await agent.drift(), []);
    const capture = await bench.host('b').capture('eth0', { direction: 'in' });
    const relayed = { udp: { destination: 547 }, ip: { destination: 'fd02::2' } } as const;
    await eventually(async () => {
      await solicit(bench);
      return (await capture.frames(relayed)).length > 0;
    });
    const [frame] = await capture.frames(relayed);
    // Ethernet, IPv6, UDP: 14 + 40 + 8 bytes; then RELAY-FORW (12, RFC 8415), hop count, and the link's address.
    const message = frame!.bytes.subarray(62);
    assert.equal(message[0], 12);
    assert.deepEqual([...message.subarray(2, 18)], [0xfd, 0x01, ...Array.from({ length: 13 }, () => 0), 1]);
    assert.deepEqual(await agent.drift(), []);
  } finally {
    await agent.tryRemove(only(V4, V6));
  }
});

/** SOLICIT (1) with a client identifier, to all relays and servers. */
async function solicit(bench: KernelBench): Promise<void> {
  const code = `
    const socket = require('node:dgram').createSocket('udp6');
    const message = Buffer.from('01123456' + '0001000a00030001020000000001' + '0003000c000000010000000000000000', 'hex');
    socket.bind(546, () => socket.send(message, 547, 'ff02::1:2%eth0', () => socket.close()));`;
  await bench.host('a').exec([process.execPath, '-e', code]);
}

test('servers in another VRF, and an address that several interfaces have, are refused with the reason', {
  skip,
}, async () => {
  await using bench = await KernelBench.open('a', 'b');
  const agent = await bench.agent();
  const away = '{ sourceIpAddress: 10.1.0.1, servers: [{ ipAddress: 10.2.0.2, vrfId: 7 }] }';
  await agent.tryCommit(network(bench, away));
  assert.match(agent.state(key(4))!, /^UNIMPLEMENTED kernel: server 10.2.0.2 is in VRF 7, its clients in VRF 0: /);
  await bench.ip('addr add 10.1.0.1/32 dev b');
  await agent.tryCommit(only(V4));
  assert.match(agent.state(key(4))!, /^FAILED kernel: 2 interfaces have the address 10.1.0.1: /);
});
