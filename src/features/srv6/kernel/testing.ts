/**
 * For tests of segment routing: a router of ours (segments fc00:1::/32) between a client `a`, a router `m` and a host `c`, whose
 * segments (fc00:2::/32, fc00:4::/32) are made with iproute2. `m` and `c` also have a cable of their own.
 */

import type { Host } from '../../../../test/lab/host.ts';
import { KernelBench } from '../../../../test/router/kernel.ts';

export class Chain implements AsyncDisposable {
  readonly bench: KernelBench;

  private constructor(bench: KernelBench) {
    this.bench = bench;
  }

  static async open(): Promise<Chain> {
    const bench = await KernelBench.open('a', 'm', 'c');
    await bench.lab.link(bench.host('m'), 'direct', bench.host('c'), 'direct');
    return new Chain(bench);
  }

  host(name: 'a' | 'm' | 'c'): Host {
    return this.bench.host(name);
  }

  /** The network with `more` objects of VPP; the hosts are `prepare`d after its first commit. */
  network(more = ''): string {
    const { bench } = this;
    const way = (name: string, subnet: number): string => `
    - { outgoingInterface: ${name}-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.${subnet}.0.1 }
    - { outgoingInterface: ${name}-end, scope: GLOBAL, dstNetwork: "::/0", gwAddr: "fd0${subnet}::1" }`;
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
    - ${bench.end('m', '10.2.0.2/24, "fd02::2/64", "fd98::9/128"')}
    - ${bench.end('c', '10.3.0.2/24, "fd03::2/64", 10.9.0.1/32, "fd09::1/128"')}
  routes:${way('a', 1)}${way('m', 2)}${way('c', 3)}
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
    await m.address('direct', 'fd24::2/64');
    await c.address('direct', 'fd24::4/64');
    await route(m, 'fc00:2::1/128 encap seg6local action End dev eth0');
    await route(c, 'fc00:4::1/128 encap seg6local action End dev eth0');
    await route(c, 'fc00:4::6/128 encap seg6local action End.DT6 table 255 dev eth0');
    await route(c, 'fd98::/64 via fd24::2 dev direct');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bench[Symbol.asyncDispose]();
  }
}

export async function route(host: Host, text: string): Promise<void> {
  const family = text.includes(':') && !/^\d+\./.test(text) ? '-6' : '-4';
  await host.run('ip', family, 'route', 'replace', ...text.split(' '));
}

export async function answers(host: Host, to: string): Promise<boolean> {
  return (await host.ping(to, { count: 1, timeout: 500 })).received === 1;
}
