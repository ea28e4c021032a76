/** For tests of the DNS cache: host a asks the router, servers are in host b. */

import { join } from 'node:path';
import { ethernet, ip, udp } from '../../../test/lab/frame.ts';
import type { Bench } from '../../../test/router/bench.ts';

export function network(bench: Bench, servers: string): string {
  return `
vppConfig:
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24, "fd01::1/64"')}
    - ${bench.tap('b', '10.2.0.1/24, "fd02::1/64"')}
${cache(servers)}
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.1.0.2/24, "fd01::2/64"')}
    - ${bench.end('b', '10.2.0.2/24, 10.2.0.3/24, "fd02::2/64"')}
`;
}

const cache = (servers: string) => `  dnsCache: { upstreamDnsServers: [${servers}] }`;
export const only = (servers: string) => `vppConfig:\n${cache(servers)}`;
export const KEY = 'config/vpp/dns/v1/dnscache';

/** What a resolver of host a makes of this server: addresses, or the code of its error. */
export async function resolve(bench: Bench, server: string, name: string): Promise<string> {
  const code = `
    const { Resolver } = require('node:dns').promises;
    const resolver = new Resolver({ timeout: 500, tries: 1 });
    resolver.setServers([${JSON.stringify(server)}]);
    resolver.resolve4(${JSON.stringify(name)}).then((found) => console.log(found.join()), (error) => console.log(error.code));`;
  return (await bench.host('a').run(process.execPath, '-e', code)).trim();
}

/** The address in what this server sends to host a when it is asked (RFC 1035, 4.1); undefined when it answers with none. */
export async function question(bench: Bench, server: string, name: string): Promise<string | undefined> {
  const a = bench.host('a');
  const [router] = await a.whoHas('eth0', server, { from: '10.1.0.2' });
  if (router === undefined) return undefined;
  const source = (await a.link('eth0'))!.mac;
  const labels = name.split('.').map((label) => `${String.fromCharCode(label.length)}${label}`);
  const header = Buffer.from([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  const query = Buffer.concat([header, Buffer.from(`${labels.join('')}\0`), Buffer.from([0, 1, 0, 1])]);
  const packet = ip({ source: '10.1.0.2', destination: server, protocol: 17 }, udp(5300, 53, query));
  const capture = await a.capture('eth0', { direction: 'in', udp: { source: 53, destination: 5300 } });
  await a.send('eth0', ethernet({ source, destination: router, etherType: 0x0800 }, packet));
  const [reply] = await capture.wait({ ip: { source: server } }, { timeout: 1000 }).catch(() => []);
  await capture.close();
  const answers = reply?.payload?.readUInt16BE(6) ?? 0;
  return answers === 0 ? undefined : reply!.payload!.subarray(-4).join('.');
}

/**
 * A server of names on this address of host b, which answers every question of a message: VPP asks for A and AAAA in one, which
 * dnsmasq and others refuse.
 */
export async function upstream(bench: Bench, listen: string, answer: string) {
  const script = join(import.meta.dirname, 'testing/server.ts');
  const server = await bench.host('b').start([process.execPath, script, listen, answer]);
  await server.waitFor('ready');
  return server;
}
