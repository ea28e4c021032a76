/** For tests of virtual routers: host a on the link of a router that is one of them. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from '../../../test/router/bench.ts';

export function network(bench: Bench, routers: string): string {
  return `
vppConfig:
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24, "fd01::1/64"')}
  vrrps: [${routers}]
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.1.0.2/24, "fd01::2/64"')}
`;
}

interface Wish {
  readonly priority?: number;
  readonly more?: string;
}

export const V4 = '10.1.0.254';
const V6 = '"fe80::fe", "fd01::fe"';
export const router = (vrId: number, addresses: string, { priority = 200, more = '' }: Wish = {}) =>
  `{ interface: a, vrId: ${vrId}, priority: ${priority}, interval: 100, preempt: true, accept: true, enabled: true, ipAddresses: [${addresses}]${more} }`;
/** One of IPv4 (7), one of IPv6 (8). */
export const routers = (wish: Wish = {}) => [router(7, V4, wish), router(8, V6, wish)] as const;
export const only = (...some: readonly string[]) => `vppConfig: { vrrps: [${some.join(', ')}] }`;
export const key = (vrId: number) => `config/vpp/v2/vrrp/a/vrid/${vrId}`;

export async function answers(bench: Bench, to: string): Promise<boolean> {
  return (await bench.host('a').ping(to, { count: 1, timeout: 500 })).received === 1;
}

/** Another member of the virtual routers, in host a. */
export async function peer(bench: Bench, priority: number) {
  const folder = await mkdtemp(join(tmpdir(), 'lg-vrrp-'));
  const instance = (vrId: number, addresses: string) => `vrrp_instance i${vrId} {
    interface eth0
    virtual_router_id ${vrId}
    state BACKUP
    priority ${priority}
    advert_int 0.1
    virtual_ipaddress { ${addresses} }
  }`;
  const text = `global_defs { vrrp_version 3 }\n${instance(7, '10.1.0.254/32')}\n${instance(8, 'fe80::fe/128\nfd01::fe/128')}\n`;
  await writeFile(join(folder, 'conf'), text, { mode: 0o600 });
  const files = ['-f', join(folder, 'conf'), '-p', join(folder, 'pid'), '-r', join(folder, 'vrrp.pid')];
  const program = await bench.host('a').start(['keepalived', '-n', '-l', '-P', ...files]);
  return {
    async stop() {
      await program.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
