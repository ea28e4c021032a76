/** For tests of routes: hosts a (10.1.0.2) and b (10.2.0.2), which have addresses of their own behind them. */

import type { Bench } from '../../../test/router/bench.ts';
import { eventually } from '../../../test/router/agent.ts';

export function network(bench: Bench, routes: string, b = ''): string {
  return `
vppConfig:
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24, "fd01::1/64"')}
    - ${bench.tap('b', '10.2.0.1/24, "fd02::1/64"', b)}
  routes:${routes}
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.1.0.2/24, "fd01::2/64", 10.9.1.1/32')}
    - ${bench.end('b', '10.2.0.2/24, "fd02::2/64", 10.8.0.1/32, 10.9.0.1/32, 10.9.1.1/32, "fd09::1/128"')}
  routes:
    - { outgoingInterface: a-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.1.0.1 }
    - { outgoingInterface: a-end, scope: GLOBAL, dstNetwork: "::/0", gwAddr: "fd01::1" }
    - { outgoingInterface: b-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.2.0.1 }
    - { outgoingInterface: b-end, scope: GLOBAL, dstNetwork: "::/0", gwAddr: "fd02::1" }
`;
}

export const only = (routes: string) => `vppConfig:\n  routes:${routes}`;
export const TO_B = `
    - { dstNetwork: 10.9.0.0/24, nextHopAddr: 10.2.0.2, outgoingInterface: b }
    - { dstNetwork: "fd09::/64", nextHopAddr: "fd02::2", outgoingInterface: b }`;
export const KEY = 'config/vpp/v2/route/if/b/vrf/0/dst/10.9.0.0/24/gw/10.2.0.2';

export async function answers(bench: Bench, to: string): Promise<boolean> {
  return (await bench.host('a').ping(to, { count: 1, timeout: 500 })).received === 1;
}

export async function reached(bench: Bench, ...addresses: readonly string[]): Promise<void> {
  for (const address of addresses) await eventually(() => answers(bench, address));
}
