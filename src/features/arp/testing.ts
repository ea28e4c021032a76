/** For tests of neighbours: host b sends by the router to neighbours of a's link that are nowhere, but for what is configured. */

import type { Bench } from '../../../test/router/bench.ts';

export const MAC = '02:00:00:00:00:09';

export function network(bench: Bench, mac = MAC): string {
  return `
vppConfig:
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24, "fd01::1/64"')}
    - ${bench.tap('b', '10.2.0.1/24, "fd02::1/64"')}
  arps:
    - { interface: a, ipAddress: 10.1.0.9, physAddress: "${mac}", static: true }
    - { interface: a, ipAddress: "fd01:0::9", physAddress: "${mac}", static: true }
    - { interface: a, ipAddress: 10.1.0.8, physAddress: "02:00:00:00:00:08" }
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.1.0.2/24, "fd01::2/64"')}
    - ${bench.end('b', '10.2.0.2/24, "fd02::2/64"')}
  routes:
    - { outgoingInterface: b-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.2.0.1 }
    - { outgoingInterface: b-end, scope: GLOBAL, dstNetwork: "::/0", gwAddr: "fd02::1" }
  arpEntries:
    - { interface: a-end, ipAddress: 10.1.0.7, hwAddress: "02:00:00:00:00:07" }
    - { interface: a-end, ipAddress: "fd01::7", hwAddress: "02:00:00:00:00:07" }
`;
}
