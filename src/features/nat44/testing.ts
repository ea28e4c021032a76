/** For tests of NAT44 with packets: a router between `out`, `client` and three servers, of which each is behind an interface of its own. */

import type { EchoHandle, FlowHandle } from '../../../test/lab/host.ts';
import { eventually } from '../../../test/router/agent.ts';
import type { Bench } from '../../../test/router/bench.ts';

export const servers = ['web1', 'web2', 'web3'] as const;
export const hosts = ['out', 'client', ...servers];
export const VIP = '203.0.113.10';

const POOL = '{ name: out, vrfId: 4294967295, firstIp: 198.51.100.100 }';
export const TWICE = '{ name: twice, vrfId: 4294967295, firstIp: 10.99.0.1, twiceNat: true }';

/** Without forwarding: with it VPP translates what leaves by output features alone. Servers are on both sides, as pods are. */
export function network(bench: Bench, dnats: string, pools = POOL): string {
  const way = (host: string, to: string, by: string): string =>
    `\n    - { outgoingInterface: ${host}-end, scope: GLOBAL, dstNetwork: ${to}, gwAddr: ${by} }`;
  return `
vppConfig:
  interfaces:
    - ${bench.tap('out', '198.51.100.1/24')}
    - ${bench.tap('client', '10.10.0.1/24')}${servers.map((name, at) => `\n    - ${bench.tap(name, `10.3${at + 1}.0.1/24`)}`).join('')}
  nat44Global: { forwarding: false }
  nat44Interfaces:
    - { name: out, natOutside: true }
    - { name: client, natInside: true }${servers.map((name) => `\n    - { name: ${name}, natInside: true, natOutside: true }`).join('')}
  nat44Pools: [${pools}]
  dnat44s: [${dnats}]
linuxConfig:
  interfaces:
    - ${bench.end('out', '198.51.100.2/24, 198.51.100.3/24, 198.51.100.4/24')}
    - ${bench.end('client', '10.10.0.2/24')}${servers.map((name, at) => `\n    - ${bench.end(name, `10.3${at + 1}.0.2/24`)}`).join('')}
  routes:${way('out', '203.0.113.0/24', '198.51.100.1')}${way('client', '0.0.0.0/0', '10.10.0.1')}${servers.map((name, at) => way(name, '0.0.0.0/0', `10.3${at + 1}.0.1`)).join('')}
`;
}

export const bothPools = `${POOL}, ${TWICE}`;
export const only = (dnat: string): string => `vppConfig: { dnat44s: [${dnat}] }`;
export const key = 'config/vpp/nat/v2/dnat44/shop';

/** A TCP service with servers of these weights. */
export function shop(weights: readonly number[], more = ''): string {
  const local = weights.flatMap((weight, at) =>
    weight === 0 ? [] : [`{ localIp: 10.3${at + 1}.0.2, localPort: 8080, probability: ${weight} }`],
  );
  return `{ label: shop, stMappings: [{ externalIp: ${VIP}, externalPort: 80, protocol: TCP, localIps: [${local.join(', ')}]${more} }] }`;
}

/** TCP servers that answer with their name; waits until the router knows all hosts. */
export async function serve(bench: Bench): Promise<readonly EchoHandle[]> {
  for (const [at, name] of servers.entries()) await reach(bench, name, `10.3${at + 1}.0.1`);
  await reach(bench, 'out', '198.51.100.1');
  await reach(bench, 'client', '10.10.0.1');
  return Promise.all(servers.map((name) => bench.host(name).echo({ protocol: 'tcp', port: 8080, reply: name })));
}

export async function reach(bench: Bench, from: string, to: string): Promise<void> {
  await eventually(async () => (await bench.host(from).ping(to, { count: 1, timeout: 500 })).received === 1);
}

/** Addresses that a server was called from. */
export async function peers(server: EchoHandle): Promise<readonly string[]> {
  return Object.keys((await server.report()).peers).sort();
}

/** Waits until the flow has had more answers. */
export async function advances(flow: FlowHandle): Promise<void> {
  const before = (await flow.report()).received;
  await eventually(async () => (await flow.report()).received > before + 3);
}
