/** For tests of VRFs. Red and blue have the same subnets, unless blue's is another; green is in VRF 0. */

import type { Host } from '../../../test/lab/host.ts';
import type { Bench } from '../../../test/router/bench.ts';

export async function answers(from: Host, to: string): Promise<boolean> {
  return (await from.ping(to, { count: 1, timeout: 1_000 })).received === 1;
}

const VRFS = `
    - { id: 10, protocol: IPV4 }
    - { id: 10, protocol: IPV6 }
    - { id: 20, protocol: IPV4 }
    - { id: 20, protocol: IPV6 }`;

/** Each host has its default route to the router. `blue`: number of the subnet of blue1. */
export function network(bench: Bench, more = '', blue = 1): string {
  const host = (name: string, subnet: number): string => `
    - ${bench.end(name, `10.0.${subnet}.2/24, "fd00:${subnet}::2/64"`)}`;
  const ways = (name: string, subnet: number): string => `
    - { outgoingInterface: ${name}-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.0.${subnet}.1 }
    - { outgoingInterface: ${name}-end, scope: GLOBAL, dstNetwork: "::/0", gwAddr: "fd00:${subnet}::1" }`;
  return `
vppConfig:
  vrfs:${VRFS}
  interfaces:
    - ${bench.tap('red1', '10.0.1.1/24, "fd00:1::1/64"', ', vrf: 10')}
    - ${bench.tap('red2', '10.0.2.1/24, "fd00:2::1/64"', ', vrf: 10')}
    - ${bench.tap('blue1', `10.0.${blue}.1/24, "fd00:${blue}::1/64"`, ', vrf: 20')}
    - ${bench.tap('blue3', '10.0.3.1/24, "fd00:3::1/64"', ', vrf: 20')}
    - ${bench.tap('green', '10.0.4.1/24, "fd00:4::1/64"')}
${more}
linuxConfig:
  interfaces:${host('red1', 1)}${host('red2', 2)}${host('blue1', blue)}${host('blue3', 3)}${host('green', 4)}
  routes:${ways('red1', 1)}${ways('red2', 2)}${ways('blue1', blue)}${ways('blue3', 3)}${ways('green', 4)}
`;
}

export const LEAKS = `
  routes:
    - { type: INTER_VRF, vrfId: 10, viaVrfId: 20, dstNetwork: 10.0.3.0/24 }
    - { type: INTER_VRF, vrfId: 20, viaVrfId: 10, dstNetwork: 10.0.2.0/24, nextHopAddr: 10.0.2.2, outgoingInterface: red2 }
    - { type: INTER_VRF, vrfId: 10, viaVrfId: 0, dstNetwork: 10.0.0.0/16 }
    - { type: INTER_VRF, vrfId: 0, viaVrfId: 10, dstNetwork: 10.0.2.0/24 }
    - { type: INTER_VRF, vrfId: 10, viaVrfId: 0, dstNetwork: "fd00:4::/64" }
    - { type: INTER_VRF, vrfId: 0, viaVrfId: 10, dstNetwork: "fd00:2::/64" }`;
