/** For tests of ABF: a router whose own routes lead to `b`, and policies that lead to `c`. */

import { type Agent, eventually } from '../../../test/router/agent.ts';
import type { Bench } from '../../../test/router/bench.ts';

/** By the router's own routes everything from a goes to b; policies send some of it to c. */
export function network(bench: Bench, policies: string): string {
  return `
vppConfig:
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24, "fd01::1/64"')}
    - ${bench.tap('b', '10.2.0.1/24, "fd02::1/64"')}
    - ${bench.tap('c', '10.3.0.1/24, "fd03::1/64"')}
  routes:
    - { dstNetwork: 10.9.0.0/24, nextHopAddr: 10.2.0.2, outgoingInterface: b }
    - { dstNetwork: "fd09::/64", nextHopAddr: "fd02::2", outgoingInterface: b }
${policies}
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.1.0.2/24, 10.1.0.3/24, "fd01::2/64"')}
    - ${bench.end('b', '10.2.0.2/24, "fd02::2/64", 10.9.0.1/32, 10.9.0.2/32, "fd09::1/128", "fd09::2/128"')}
    - ${bench.end('c', '10.3.0.2/24, "fd03::2/64", 10.9.0.1/32, 10.9.0.2/32, "fd09::1/128", "fd09::2/128"')}
  routes:${bench.way('a', 1)}${bench.way('b', 2)}${bench.way('c', 3)}
`;
}

export const rule = (action: string, destination: string, more = '') => `
        - { action: ${action}, ipRule: { ip: { sourceNetwork: ${destination.includes(':') ? '"::/0"' : '0.0.0.0/0'}, destinationNetwork: "${destination}" }${more} } }`;
export const acl = (name: string, ...rules: readonly string[]) => `
    - name: ${name}
      rules:${rules.join('')}`;
export const C = '{ interfaceName: c, nextHopIp: 10.3.0.2 }';
export const C6 = '{ interfaceName: c, nextHopIp: "fd03::2" }';
export const B = '{ interfaceName: b, nextHopIp: 10.2.0.2 }';
export const policy = (index: number, list: string, path: string, priority = 10, isIpv6 = false) => `
    - { index: ${index}, aclName: ${list}, attachedInterfaces: [{ inputInterface: a, priority: ${priority}, isIpv6: ${isIpv6} }], forwardingPaths: [${path}] }`;
export const both = `
  acls:${acl('four', rule('PERMIT', '10.9.0.1/32'))}${acl('six', rule('PERMIT', 'fd09::1/128'))}
  abfs:${policy(1, 'four', C)}${policy(2, 'six', C6, 10, true)}`;
export const key = (index: number) => `config/vpp/abfs/v2/abf/${index}`;
export const onA = (index: number) => `vpp/abf/${index}/interface/a`;

export async function goes(bench: Bench, where: Readonly<Record<string, string>>): Promise<void> {
  for (const [to, host] of Object.entries(where)) {
    await eventually(async () => (await bench.whoGets(to)) === host);
  }
}

export const SPLIT = { '10.9.0.1': 'c', '10.9.0.2': 'b', 'fd09::1': 'c', 'fd09::2': 'b' };
export const clean = (agent: Agent) => async () => (await agent.drift()).length === 0;
