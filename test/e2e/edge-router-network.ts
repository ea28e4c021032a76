/** The network around `examples/edge-router`: providers behind a switch that ends the bond, tenants behind another, a branch office. */

import { gateway } from '../../src/features/ipsec/kernel/testing.ts';
import type { Host } from '../lab/host.ts';
import type { Lab } from '../lab/lab.ts';

export interface EdgeNetwork {
  readonly router: Host;
  /** Ends the bond: ports `isp1` and `isp2`, members `up1` and `up2`. */
  readonly exchange: Host;
  /** Both know the internet: 192.0.2.1. */
  readonly isp1: Host;
  readonly isp2: Host;
  readonly branch: Host;
  readonly green: Host;
  readonly blue1: Host;
  readonly blue2: Host;
  readonly red1: Host;
  readonly red2: Host;
}

/** Runs `ip` commands, one a line. */
async function ip(host: Host, commands: string): Promise<void> {
  for (const line of commands.trim().split('\n')) await host.run('ip', ...line.trim().split(/\s+/));
}

/** A switch port: what comes in untagged by `port` is VLAN `id` on `trunk`. */
function access(trunk: string, id: number, port: string): string {
  return `
    link add link ${trunk} name v${id} type vlan id ${id}
    link add b${id} type bridge
    link set v${id} master b${id} up
    link set ${port} master b${id}
    link set b${id} up`;
}

const sites = [
  ['green', 20, '10.20.0'],
  ['blue1', 11, '10.10.1'],
  ['blue2', 12, '10.10.2'],
  ['red1', 21, '10.10.1'],
  ['red2', 22, '10.10.2'],
] as const;

export async function edgeNetwork(lab: Lab): Promise<EdgeNetwork> {
  const names = ['router', 'exchange', 'isp1', 'isp2', 'branch', 'access', ...sites.map(([name]) => name)] as const;
  const hosts = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await lab.host(name)] as const)),
  ) as unknown as EdgeNetwork & { readonly access: Host };
  await uplinks(lab, hosts);
  await lab.link(hosts.router, 'lan', hosts.access, 'trunk');
  for (const [name, vlan, subnet] of sites) {
    const site = hosts[name];
    await lab.link(hosts.access, name, site, 'eth0');
    await ip(hosts.access, access('trunk', vlan, name));
    await site.address('eth0', `${subnet}.2/24`);
    await ip(site, `route add default via ${subnet}.1`);
  }
  await branchOffice(lab, hosts);
  return hosts;
}

async function uplinks(lab: Lab, { router, exchange, isp1, isp2 }: EdgeNetwork): Promise<void> {
  await lab.link(router, 'wan1', exchange, 'up1');
  await lab.link(router, 'wan2', exchange, 'up2');
  await ip(
    exchange,
    `link add bond0 type bond mode 802.3ad miimon 100 lacp_rate fast
     link set up1 down
     link set up2 down
     link set up1 master bond0
     link set up2 master bond0
     link set bond0 up`,
  );
  for (const [host, vlan, address] of [
    [isp1, 101, '198.51.100.1/30'],
    [isp2, 102, '198.51.100.5/30'],
  ] as const) {
    await lab.link(exchange, host.name, host, 'eth0');
    await ip(exchange, access('bond0', vlan, host.name));
    await host.address('eth0', address);
    await host.address('lo', '192.0.2.1/32');
    await host.sysctl('net.ipv4.ip_forward', 1);
  }
}

/** Behind the second provider: a tunnel and its keys, the far side of those in `router.yaml`. */
async function branchOffice(lab: Lab, { isp2, branch }: EdgeNetwork): Promise<void> {
  await lab.link(isp2, 'branch', branch, 'eth0');
  await isp2.address('branch', '192.0.2.49/28');
  await branch.address('eth0', '192.0.2.50/28');
  await branch.address('lo', '10.30.0.1/32');
  await ip(
    branch,
    `route add default via 192.0.2.49
     link add tun type sit mode any local 192.0.2.50 remote 198.51.100.6
     addr add 10.255.0.2/30 dev tun
     link set tun up
     route add 10.20.0.0/24 via 10.255.0.1`,
  );
  const outer = ['198.51.100.6', '192.0.2.50'] as const;
  const algorithm = (key: string): string => `aead rfc4106(gcm(aes)) 0x${key} 128`;
  const more = 'flag esn replay-window 64';
  await gateway(branch, {
    outer,
    inner: [outer],
    protocols: [4, 41],
    mode: 'transport',
    out: { spi: 4001, crypto: algorithm('2b7e151628aed2a6abf7158809cf4f3c01020304'), more },
    into: { spi: 4002, crypto: algorithm('603deb1015ca71be2b73aef0857d778105060708'), more },
  });
}

/** BIRD of a provider, who knows the internet; the second one the branch office's network, too. */
export function providerConfiguration(number: 1 | 2): string {
  const base = number === 1 ? 0 : 4;
  const branch = number === 2 ? 'route 192.0.2.48/28 blackhole;' : '';
  return `router id 198.51.100.${base + 1};
protocol device { }
protocol kernel { ipv4 { import none; export where source = RTS_BGP; }; }
protocol static { ipv4; route 192.0.2.0/24 blackhole; ${branch} }
protocol bgp edge {
  local 198.51.100.${base + 1} as 6500${number};
  neighbor 198.51.100.${base + 2} as 64500;
  hold time 9; connect delay time 1; connect retry time 1; error wait time 1, 2;
  ipv4 { import all; export where source = RTS_STATIC; };
}
`;
}
