/** For tests of access lists with packets: a router between the hosts `a` and `b`, whose interfaces have these names, too. */

import { eventually } from '../../../test/router/agent.ts';
import type { Bench } from '../../../test/router/bench.ts';

export const hosts = ['a', 'b'];

const interfaces = (names: readonly string[] = []): string => `[${names.join(', ')}]`;

/** Interfaces that a list is on. */
export interface On {
  readonly ingress?: readonly string[];
  readonly egress?: readonly string[];
}

export function network(bench: Bench, ...lists: readonly string[]): string {
  return `
vppConfig:
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24, "fd01::1/64"')}
    - ${bench.tap('b', '10.2.0.1/24, "fd02::1/64"')}
  acls: [${lists.join(', ')}]
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.1.0.2/24, "fd01::2/64"')}
    - ${bench.end('b', '10.2.0.2/24, "fd02::2/64"')}
  routes:
    - { outgoingInterface: a-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.1.0.1 }
    - { outgoingInterface: a-end, scope: GLOBAL, dstNetwork: "::/0", gwAddr: "fd01::1" }
    - { outgoingInterface: b-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.2.0.1 }
    - { outgoingInterface: b-end, scope: GLOBAL, dstNetwork: "::/0", gwAddr: "fd02::1" }
`;
}

export const only = (...lists: readonly string[]): string => `vppConfig: { acls: [${lists.join(', ')}] }`;
export const key = (name: string): string => `config/vpp/acls/v2/acl/${name}`;

export const list = (name: string, rules: readonly string[], on: On): string =>
  `{ name: ${name}, rules: [${rules.join(', ')}], interfaces: { ingress: ${interfaces(on.ingress)}, egress: ${interfaces(on.egress)} } }`;

type Action = 'PERMIT' | 'DENY' | 'REFLECT';

export const rule = (action: Action, any = '0.0.0.0/0', more = ''): string =>
  `{ action: ${action}, ipRule: { ip: { sourceNetwork: "${any}", destinationNetwork: "${any}" }${more} } }`;

export const tcpRule = (action: Action, port: number, any?: string): string =>
  rule(
    action,
    any,
    `, tcp: { destinationPortRange: { lowerPort: ${port}, upperPort: ${port} }, sourcePortRange: { lowerPort: 0, upperPort: 65535 } }`,
  );

export const macipRule = (source: string, mac: string): string =>
  `{ action: PERMIT, macipRule: { sourceAddress: ${source}, sourceAddressPrefix: 32, sourceMacAddress: "${mac}", sourceMacAddressMask: "ff:ff:ff:ff:ff:ff" } }`;

export const denyAll = [rule('DENY'), rule('DENY', '::/0')];
export const permitAll = [rule('PERMIT'), rule('PERMIT', '::/0')];

/** Whether a host gets a connection to a server. */
export async function connects(bench: Bench, from: string, to: string, port: number): Promise<boolean> {
  return (await bench.host(from).tcp({ to, port, timeout: 800 })).connected;
}

export async function pings(bench: Bench, from: string, to: string): Promise<boolean> {
  return (await bench.host(from).ping(to, { count: 1, timeout: 500 })).received === 1;
}

/** Waits until the hosts and the router know each other: what does not pass from now on was stopped by a list. */
export async function acquaint(bench: Bench): Promise<void> {
  for (const to of ['10.2.0.2', 'fd02::2']) await eventually(() => pings(bench, 'a', to));
}
