// needs-kernel: vrf

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import type { Agent } from '../../../test/router/agent.ts';
import { KernelBench } from '../../../test/router/kernel.ts';

const skip = requires({ netns: true, commands: ['ip', 'dnsmasq', 'busybox'], kernel: ['vrf'] });

/** Waits for it, at most two minutes: the machine is slow. */
async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 120_000; performance.now() < end; ) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`never came true: ${what}`);
}

const proxy = (vrf: number, source: string, ...servers: readonly string[]) =>
  `{ sourceIpAddress: "${source}", rxVrfId: ${vrf}, servers: [${servers.map((server) => `{ ipAddress: "${server}", vrfId: ${vrf} }`).join(', ')}] }`;
const only = (...proxies: readonly string[]) => `vppConfig: { dhcpProxies: [${proxies.join(', ')}] }`;
const RED = proxy(10, '10.1.0.1', '10.2.0.2');
const RED6 = proxy(10, 'fd01::1', 'fd02::2');
const PLAIN = proxy(0, '10.3.0.1', '10.4.0.2');
const key = (family: 4 | 6, vrf: number) => `config/vpp/v2/dhcp-proxy/IPv${family}/rx-vrf/${vrf}`;

/** VRF 10: clients in a, servers in b; VRF 0: clients in c, servers in d. */
function network(bench: KernelBench, ...proxies: readonly string[]): string {
  return `
vppConfig:
  vrfs: [{ id: 10, protocol: IPV4 }, { id: 10, protocol: IPV6 }]
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24, "fd01::1/64"', ', vrf: 10')}
    - ${bench.tap('b', '10.2.0.1/24, "fd02::1/64"', ', vrf: 10')}
    - ${bench.tap('c', '10.3.0.1/24')}
    - ${bench.tap('d', '10.4.0.1/24')}
  dhcpProxies: [${proxies.join(', ')}]
linuxConfig:
  interfaces:
    - ${bench.end('a', '')}
    - ${bench.end('b', '10.2.0.2/24, 10.2.0.3/24, "fd02::2/64"')}
    - ${bench.end('c', '')}
    - ${bench.end('d', '10.4.0.2/24')}
  routes:
    - { outgoingInterface: b-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.2.0.1 }
    - { outgoingInterface: b-end, scope: GLOBAL, dstNetwork: "::/0", gwAddr: "fd02::1" }
    - { outgoingInterface: d-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.4.0.1 }
`;
}

/** A server in that host for clients of this subnet, which it has no address of. */
async function serve(bench: KernelBench, host: string, own: string, clients: string): Promise<void> {
  const options = ['--keep-in-foreground', '--port=0', '--conf-file=/dev/null', '--user=root', '--leasefile-ro'];
  const pools = [`${clients}.100,${clients}.110,255.255.255.0`, `${own}.9,static`];
  const ranges = pools.map((pool) => `--dhcp-range=${pool}`);
  await bench.host(host).start(['dnsmasq', ...options, '--pid-file=', ...ranges]);
}

/** Whether a client in that host is given an address of the subnet. */
async function isServed(bench: KernelBench, host: string, subnet: string): Promise<boolean> {
  const client = ['busybox', 'udhcpc', '-i', 'eth0', '-n', '-q', '-f', '-t', '3', '-T', '2', '-s', '/bin/true'];
  const { stdout, stderr } = await bench.host(host).exec(client);
  return (/lease of ([\d.]+) obtained/.exec(stdout + stderr)?.[1] ?? '').startsWith(`${subnet}.1`);
}

/** SOLICIT (1) with a client identifier, to all relays and servers. */
async function solicit(bench: KernelBench): Promise<void> {
  const code = `
    const socket = require('node:dgram').createSocket('udp6');
    const message = Buffer.from('01123456' + '0001000a00030001020000000001' + '0003000c000000010000000000000000', 'hex');
    socket.bind(546, () => socket.send(message, 547, 'ff02::1:2%eth0', () => socket.close()));`;
  await bench.host('a').exec([process.execPath, '-e', code]);
}

const healed = (agent: Agent) => until('healed', async () => (await agent.drift()).length === 0);

test('clients in a VRF, beside those of VRF 0; changed, taken over, healed, gone', {
  skip,
  timeout: 900_000,
}, async () => {
  await using bench = await KernelBench.open('a', 'b', 'c', 'd');
  let agent = await bench.agent();
  try {
    await agent.commit(network(bench, RED, PLAIN));
    await serve(bench, 'b', '10.2.0', '10.1.0');
    await serve(bench, 'd', '10.4.0', '10.3.0');
    await until('served in the VRF', () => isServed(bench, 'a', '10.1.0'));
    await until('served in VRF 0', () => isServed(bench, 'c', '10.3.0'));
    assert.deepEqual(await agent.drift(), []);

    const two = proxy(10, '10.1.0.1', '10.2.0.3', '10.2.0.2');
    assert.deepEqual(await agent.commit(only(two)), [`UPDATE ${key(4, 10)}`]);
    await until('served by two', () => isServed(bench, 'a', '10.1.0'));

    await agent.stop();
    agent = await bench.agent();
    assert.deepEqual(await agent.resync(network(bench, two, PLAIN)), []);
    await until('served after a restart', () => isServed(bench, 'a', '10.1.0'));

    // With the device that it is bound to: it is started anew.
    await bench.ip('link del dev vrf-10');
    await healed(agent);
    await until('served by the new VRF device', () => isServed(bench, 'a', '10.1.0'));

    // Somebody ends it.
    const [pid] = (await bench.router.exec(['ip', 'vrf', 'pids', 'vrf-10'])).stdout.trim().split(/\s+/);
    process.kill(Number(pid));
    await until('served after its end', () => isServed(bench, 'a', '10.1.0'));

    await agent.remove(only(two));
    assert.equal(await isServed(bench, 'a', '10.1.0'), false);
    await until('still served in VRF 0', () => isServed(bench, 'c', '10.3.0'));
    assert.doesNotMatch(await bench.router.run('ip', 'vrf', 'pids', 'vrf-10'), /dnsmasq/);
  } finally {
    await agent.tryRemove(only(RED, PLAIN));
  }
});

test('IPv6: a request in a VRF reaches the server as a relayed one', { skip, timeout: 900_000 }, async () => {
  await using bench = await KernelBench.open('a', 'b', 'c', 'd');
  const agent = await bench.agent();
  try {
    await agent.commit(network(bench, RED6));
    const capture = await bench.host('b').capture('eth0', { direction: 'in' });
    const relayed = { udp: { destination: 547 }, ip: { destination: 'fd02::2' } } as const;
    await until('relayed', async () => {
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
    await agent.tryRemove(only(RED6));
  }
});
