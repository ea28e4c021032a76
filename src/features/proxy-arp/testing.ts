/** For tests of proxy ARP: host a (10.1.0.2) and host b (10.2.0.2) behind a router; both believe that 10.0.0.0/8 is on their link. */

import type { Bench } from '../../../test/router/bench.ts';

export function network(bench: Bench, proxy: string): string {
  return `
vppConfig:
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24')}
    - ${bench.tap('b', '10.2.0.1/24')}
  proxyArp: ${proxy}
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.1.0.2/8')}
    - ${bench.end('b', '10.2.0.2/8')}
`;
}

export const BOTH =
  '{ interfaces: [{ name: a }, { name: b }], ranges: [{ firstIpAddr: 10.1.0.50, lastIpAddr: 10.2.0.9 }, { firstIpAddr: 10.1.0.2, lastIpAddr: 10.1.0.2 }] }';

/** MAC addresses that answer for this one when the host asks. */
export function owners(bench: Bench, host: 'a' | 'b', target: string, timeout = 1000): Promise<readonly string[]> {
  const from = host === 'a' ? '10.1.0.2' : '10.2.0.2';
  return bench.host(host).whoHas('eth0', target, { from, timeout });
}
