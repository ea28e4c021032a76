/**
 * For tests of segment routing: a router of ours (segments fc00:1::/32) between a client `a`, a router `m` and a host `c`, whose
 * segments (fc00:2::/32, fc00:4::/32) are made with iproute2. `m` and `c` also have a cable of their own.
 */

import { eventually } from '../../../test/router/agent.ts';
import type { Host } from '../../../test/lab/host.ts';
import type { Bench } from '../../../test/router/bench.ts';

/** Hosts of the bench of a chain. */
export const HOSTS = ['a', 'm', 'c'] as const;

/** From a to c's addresses by a router that knows neither: there and back through m, unpacked at the end. */
export const STEERED = `
  srv6Localsids:
    - { sid: "fc00:1::4", endFunctionDx4: { outgoingInterface: c, nextHop: 10.3.0.2 } }
    - { sid: "fc00:1::6", endFunctionDx6: { outgoingInterface: c, nextHop: "fd03::2" } }
  srv6Policies:
    - { bsid: "fc00:1::b4", srhEncapsulation: true, segmentLists: [{ segments: ["fc00:2::1", "fc00:1::4"] }] }
    - { bsid: "fc00:1::b6", srhEncapsulation: true, segmentLists: [{ segments: ["fc00:2::1", "fc00:1::6"] }] }
  srv6Steerings:
    - { name: v4, policyBsid: "fc00:1::b4", l3Traffic: { prefixAddress: 10.9.0.0/24 } }
    - { name: v6, policyBsid: "fc00:1::b6", l3Traffic: { prefixAddress: "fd09::/64" } }`;

export class Chain<B extends Bench = Bench> {
  readonly bench: B;

  private constructor(bench: B) {
    this.bench = bench;
  }

  static async on<B extends Bench>(bench: B): Promise<Chain<B>> {
    await bench.lab.link(bench.host('m'), 'direct', bench.host('c'), 'direct');
    return new Chain(bench);
  }

  /** An agent with the network and `more` objects, and the hosts prepared. */
  async agent(more: string): Promise<Awaited<ReturnType<B['agent']>>> {
    const agent = (await this.bench.agent()) as Awaited<ReturnType<B['agent']>>;
    await agent.commit(this.network(more));
    await this.prepare();
    return agent;
  }

  /** m and c are known to the router, and know it: no packet is lost while somebody is asked for. */
  async introduce(): Promise<void> {
    const [m, c] = [this.host('m'), this.host('c')];
    for (const router of ['10.3.0.1', 'fd03::1']) await eventually(() => answers(c, router));
    await eventually(() => answers(m, 'fd02::1'));
  }

  host(name: 'a' | 'm' | 'c'): Host {
    return this.bench.host(name);
  }

  /** The network with `more` objects of VPP; the hosts are `prepare`d after its first commit. */
  network(more = ''): string {
    const { bench } = this;
    return `
vppConfig:
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24, "fd01::1/64"')}
    - ${bench.tap('m', '10.2.0.1/24, "fd02::1/64"')}
    - ${bench.tap('c', '10.3.0.1/24, "fd03::1/64"')}
  routes:
    - { dstNetwork: "fc00:2::/32", nextHopAddr: "fd02::2", outgoingInterface: m }
    - { dstNetwork: "fc00:4::/32", nextHopAddr: "fd03::2", outgoingInterface: c }
  srv6Global: { encapSourceAddress: "fd02::1" }
${more}
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.1.0.2/24, "fd01::2/64"')}
    - ${bench.end('m', '10.2.0.2/24, "fd02::2/64"')}
    - ${bench.end('c', '10.3.0.2/24, "fd03::2/64"')}
  routes:${bench.way('a', 1)}${bench.way('m', 2)}${bench.way('c', 3)}
`;
  }

  /** Segments of the others, by somebody else's hand. */
  async prepare(): Promise<void> {
    const [m, c] = [this.host('m'), this.host('c')];
    for (const host of [m, c]) {
      await host.sysctl('net.ipv6.conf.all.forwarding', 1);
      for (const device of ['all', 'eth0', 'direct']) await host.sysctl(`net.ipv6.conf.${device}.seg6_enabled`, 1);
      await host.setLink('direct', { up: true });
    }
    // Not on the link to the router: VPP gives its MAC address to nobody who asks from an address that is not of the link.
    await m.address('direct', 'fd24::2/64', 'fd98::9/128');
    await c.address('direct', 'fd24::4/64', '10.9.0.1/32', 'fd09::1/128');
    await c.sysctl('net.ipv4.conf.all.arp_announce', 2);
    await route(m, 'fc00:2::1/128 encap seg6local action End dev eth0');
    await route(c, 'fc00:4::1/128 encap seg6local action End dev eth0');
    await route(c, 'fc00:4::6/128 encap seg6local action End.DT6 table 255 dev eth0');
    await route(c, 'fd98::/64 via fd24::2 dev direct');
  }
}

export async function route(host: Host, text: string): Promise<void> {
  const family = text.includes(':') && !/^\d+\./.test(text) ? '-6' : '-4';
  await host.run('ip', family, 'route', 'replace', ...text.split(' '));
}

export async function answers(host: Host, to: string): Promise<boolean> {
  return (await host.ping(to, { count: 1, timeout: 500 })).received === 1;
}

/** Hosts a and c of one subnet, at a router that sends frames of one by way of m to the other. */
export function framesNetwork(bench: Bench, steered = FRAMES_STEERED): string {
  return `
vppConfig:
  interfaces:
    - ${bench.tap('a', '')}
    - ${bench.tap('c', '')}
    - ${bench.tap('m', '"fd02::1/64", 10.5.0.3/24')}
  routes:
    - { dstNetwork: "fc00:2::/32", nextHopAddr: "fd02::2", outgoingInterface: m }
  srv6Global: { encapSourceAddress: "fd02::1" }
  srv6Localsids:
    - { sid: "fc00:1::a", endFunctionDx2: { outgoingInterface: a } }
    - { sid: "fc00:1::c", endFunctionDx2: { outgoingInterface: c } }
  srv6Policies:
    - { bsid: "fc00:1::ba", srhEncapsulation: true, segmentLists: [{ segments: ["fc00:2::1", "fc00:1::a"] }] }
    - { bsid: "fc00:1::bc", srhEncapsulation: true, segmentLists: [{ segments: ["fc00:2::1", "fc00:1::c"] }] }
${steered}
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.5.0.1/24, "fd05::1/64"')}
    - ${bench.end('c', '10.5.0.2/24, 10.5.0.3/24, "fd05::2/64"')}
    - ${bench.end('m', '"fd02::2/64"')}
`;
}

export const FRAMES_STEERED = `
  srv6Steerings:
    - { name: from-a, policyBsid: "fc00:1::bc", l2Traffic: { interfaceName: a } }
    - { name: from-c, policyBsid: "fc00:1::ba", l2Traffic: { interfaceName: c } }`;

/** The Linux kernel carries no frames with ARP and neighbour discovery: the hosts know each other. */
export async function prepareForFrames(bench: Bench): Promise<void> {
  const m = bench.host('m');
  await m.sysctl('net.ipv6.conf.all.forwarding', 1);
  await route(m, 'fc00:2::1/128 encap seg6local action End dev eth0');
  await route(m, 'fc00:1::/32 via fd02::1 dev eth0');
  for (const [from, to, addresses] of [
    ['a', 'c', ['10.5.0.2', '10.5.0.3', 'fd05::2']],
    ['c', 'a', ['10.5.0.1', 'fd05::1']],
  ] as const) {
    const mac = /link\/ether (\S+)/.exec(await bench.host(to).run('ip', 'link', 'show', 'eth0'))![1]!;
    for (const address of addresses)
      await bench.host(from).run('ip', 'neigh', 'replace', address, 'lladdr', mac, 'dev', 'eth0');
  }
}
