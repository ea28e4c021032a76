/** For tests of cross-connects: what a sends, b or c get. */

import type { Bench } from '../../../test/router/bench.ts';

export const hosts = ['a', 'b', 'c'];

/** The router's own routes lead nowhere: what gets from a to b or c was cross-connected. */
export function network(bench: Bench, connects: string): string {
  return `
vppConfig:
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24, "fd01::1/64"')}
    - ${bench.tap('b', '10.2.0.1/24, "fd02::1/64"')}
    - ${bench.tap('c', '10.3.0.1/24, "fd03::1/64"')}
  l3xconnects:${connects}
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.1.0.2/24, "fd01::2/64"')}
    - ${bench.end('b', '10.2.0.2/24, "fd02::2/64", 10.9.0.1/32, 10.1.0.1/32, "fd09::1/128", "fd01::1/128"')}
    - ${bench.end('c', '10.3.0.2/24, "fd03::2/64", 10.9.0.1/32, "fd09::1/128"')}
  routes:${bench.way('a', 1)}
    - { outgoingInterface: b-end, scope: GLOBAL, dstNetwork: 10.1.0.2/32, gwAddr: 10.2.0.1 }
    - { outgoingInterface: b-end, scope: GLOBAL, dstNetwork: "fd01::2/128", gwAddr: "fd02::1" }${bench.way('c', 3)}
`;
}

export const key = (family: 4 | 6) => `config/vpp/v2/l3xconnect/a/protocol/IPV${family}`;
export const connect = (family: 4 | 6, ...paths: readonly string[]) =>
  `\n    - { interface: a, protocol: IPV${family}, paths: [${paths.join(', ')}] }`;
export const via = (host: 'b' | 'c', family: 4 | 6, more = '') => {
  const subnet = host === 'b' ? 2 : 3;
  const nextHop = family === 4 ? `10.${subnet}.0.2` : `"fd0${subnet}::2"`;
  return `{ outgoingInterface: ${host}, nextHopAddr: ${nextHop}${more} }`;
};
export const both = connect(4, via('b', 4)) + connect(6, via('b', 6));
export const only = (connects: string) =>
  `vppConfig: { l3xconnects: [${connects.replaceAll(/\n\s+- /g, ', ').slice(2)}] }`;

/** The router's end of a TAP, up or down. */
export function device(bench: Bench, name: string, subnet: number, enabled: boolean): string {
  const tap = bench.tap(name, `10.${subnet}.0.1/24, "fd0${subnet}::1/64"`);
  return `vppConfig: { interfaces: [${tap.replace('enabled: true', `enabled: ${enabled}`)}] }`;
}

export async function answers(bench: Bench, to: string): Promise<boolean> {
  return (await bench.host('a').ping(to, { count: 1, timeout: 500 })).received === 1;
}
