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
  routes:
    - { outgoingInterface: a-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.1.0.1 }
    - { outgoingInterface: a-end, scope: GLOBAL, dstNetwork: "::/0", gwAddr: "fd01::1" }
    - { outgoingInterface: b-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.2.0.1 }
    - { outgoingInterface: b-end, scope: GLOBAL, dstNetwork: "::/0", gwAddr: "fd02::1" }
    - { outgoingInterface: c-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.3.0.1 }
    - { outgoingInterface: c-end, scope: GLOBAL, dstNetwork: "::/0", gwAddr: "fd03::1" }
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

/** Which host gets what a sends there. */
export async function whoGets(bench: Bench, destination: string): Promise<string> {
  const captures = await Promise.all(['b', 'c'].map((name) => bench.host(name).capture('eth0', { direction: 'in' })));
  await bench.host('a').ping(destination, { count: 1, timeout: 500 });
  const heard = await Promise.all(captures.map((capture) => capture.frames({ ip: { destination } })));
  await Promise.all(captures.map((capture) => capture.close()));
  return ['b', 'c'].filter((_name, index) => heard[index]!.length > 0).join();
}

export async function goes(bench: Bench, where: Readonly<Record<string, string>>): Promise<void> {
  for (const [to, host] of Object.entries(where)) {
    await eventually(async () => (await whoGets(bench, to)) === host);
  }
}

export const SPLIT = { '10.9.0.1': 'c', '10.9.0.2': 'b', 'fd09::1': 'c', 'fd09::2': 'b' };
export const clean = (agent: Agent) => async () => (await agent.drift()).length === 0;
