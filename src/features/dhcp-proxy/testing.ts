/** For tests of DHCP proxies: clients in host a, servers in host b. */

import type { Bench } from '../../../test/router/bench.ts';

export const hosts = ['a', 'b'];

export function network(bench: Bench, proxies: string): string {
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

export const proxy = (source: string, ...servers: readonly string[]) =>
  `{ sourceIpAddress: "${source}", servers: [${servers.map((server) => `{ ipAddress: "${server}" }`).join(', ')}] }`;
export const only = (...proxies: readonly string[]) => `vppConfig: { dhcpProxies: [${proxies.join(', ')}] }`;
export const V4 = proxy('10.1.0.1', '10.2.0.2');
export const V6 = proxy('fd01::1', 'fd02::2');
export const key = (family: 4 | 6) => `config/vpp/v2/dhcp-proxy/IPv${family}/rx-vrf/0`;

/** A server of addresses in host b that has none of the clients' subnet. */
export function server(bench: Bench) {
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
export async function lease(bench: Bench): Promise<string> {
  const script = '/bin/true';
  const client = ['busybox', 'udhcpc', '-i', 'eth0', '-n', '-q', '-f', '-t', '2', '-T', '1', '-s', script];
  const { stdout, stderr } = await bench.host('a').exec(client);
  return /lease of ([\d.]+) obtained/.exec(stdout + stderr)?.[1] ?? '';
}

/** SOLICIT (1) with a client identifier, to all relays and servers. */
export async function solicit(bench: Bench): Promise<void> {
  const code = `
    const socket = require('node:dgram').createSocket('udp6');
    const message = Buffer.from('01123456' + '0001000a00030001020000000001' + '0003000c000000010000000000000000', 'hex');
    socket.bind(546, () => socket.send(message, 547, 'ff02::1:2%eth0', () => socket.close()));`;
  await bench.host('a').exec([process.execPath, '-e', code]);
}
