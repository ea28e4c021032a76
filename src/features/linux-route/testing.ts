/** For tests of Linux routes: pod a has a /24, pod b a /32 with its gateway on the link. */

import type { Bench } from '../../../test/router/bench.ts';
import type { EngineName } from '../../../test/router/each-engine.ts';

const ROUTER_MAC = '02:fe:00:00:00:0b';
const POD_MAC = '02:fe:00:00:01:0b';

export const ROUTES = `
    - { outgoingInterface: a-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.1.0.1 }
    - { outgoingInterface: a-end, scope: GLOBAL, dstNetwork: "::/0", gwAddr: "fd01::1" }
    - { outgoingInterface: b-end, scope: LINK, dstNetwork: 10.30.1.1/32 }
    - { outgoingInterface: b-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.30.1.1, metric: 7 }`;
export const DEFAULT_A = 'config/linux/l3/v2/route/0.0.0.0/0/a-end';
export const DEFAULT_B = 'config/linux/l3/v2/route/0.0.0.0/0/b-end';

/** VPP hears nobody whose address is not in the subnet of its interface, which a /32 is not: there each end of b's link is told of the other. */
export function network(bench: Bench, routes = ROUTES, engine: EngineName = 'kernel'): string {
  return `
vppConfig:
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24, "fd01::1/64"')}
    - ${bench.tap('b', '10.30.1.1/32', `, physAddress: "${ROUTER_MAC}"`)}
  routes:
    - { dstNetwork: 10.30.1.11/32, nextHopAddr: 10.30.1.11, outgoingInterface: b }
  arps: [${engine === 'vpp' ? `{ interface: b, ipAddress: 10.30.1.11, physAddress: "${POD_MAC}", static: true }` : ''}]
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.1.0.2/24, "fd01::2/64"')}
    - ${bench.end('b', '10.30.1.11/32').replace('{ name', `{ physAddress: "${POD_MAC}", name`)}
  routes:${routes}
  arpEntries: [${engine === 'vpp' ? `{ interface: b-end, ipAddress: 10.30.1.1, hwAddress: "${ROUTER_MAC}" }` : ''}]
`;
}
