/**
 * For tests of IPsec: a router of ours between a host `a` (10.1.0.2) and a gateway `p` (10.2.0.2), which has 10.9.0.1 and fd09::1 behind
 * it. The gateway is set up with `ip xfrm`.
 */

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Host } from '../../../../test/lab/host.ts';
import type { KernelBench } from '../../../../test/router/kernel.ts';
import { NO_KEY } from '../testing.ts';

/** Arguments of `ip xfrm state` that say algorithms and keys. */
export type Crypto = string;

export interface Direction {
  readonly spi: number;
  readonly crypto: Crypto;
  /** More arguments. */
  readonly more?: string;
}

/** Waits until it holds; three minutes at most, as the test VM is slow. */
export async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 180_000; performance.now() < end; ) {
    if (await holds()) return;
    await delay(50);
  }
  assert.fail(`never came true: ${holds.toString()}`);
}

export async function answers(host: Host, to: string): Promise<boolean> {
  // A policy that blocks is an error of the sender.
  const ping = host.ping(to, { count: 1, timeout: 2_000 }).catch(() => ({ received: 0 }));
  return (await ping).received === 1;
}

/** `device`: one more interface of the router; `linux`: more of hosts. */
export function network(bench: KernelBench, more: string, device?: string, linux = ''): string {
  return `
vppConfig:
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24, "fd01::1/64"')}
    - ${bench.tap('p', '10.2.0.1/24, "fd02::1/64"')}${device === undefined ? '' : `\n    - ${device}`}
  routes:
    - { dstNetwork: 10.9.0.0/24, nextHopAddr: 10.2.0.2, outgoingInterface: p }
    - { dstNetwork: "fd09::/64", nextHopAddr: "fd02::2", outgoingInterface: p }
${more}
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.1.0.2/24, "fd01::2/64"')}
    - ${bench.end('p', '10.2.0.2/24, "fd02::2/64", 10.9.0.1/32, "fd09::1/128"')}${linux}
  routes:${bench.way('a', 1)}${bench.way('p', 2)}
`;
}

/** Associations and policies of the gateway, in place of those it had. `mode tunnel` between these outer addresses. */
export async function gateway(
  p: Host,
  {
    outer,
    inner,
    mode = 'tunnel',
    protocol = 'esp',
    protocols = [],
    out,
    into,
  }: {
    readonly outer: readonly [ours: string, theirs: string];
    /** Prefixes behind the router and behind the gateway. */
    readonly inner: readonly (readonly [string, string])[];
    readonly mode?: 'tunnel' | 'transport';
    readonly protocol?: 'esp' | 'ah';
    /** Protocols of the packets that are protected; all without. */
    readonly protocols?: readonly number[];
    /** From the router to the gateway, and back. */
    readonly out: Direction;
    readonly into: Direction;
  },
): Promise<void> {
  const [router, self] = outer;
  const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');
  const ip = (text: string): Promise<string> =>
    p.run('ip', ...words(text).map((word) => (word === NO_KEY ? '' : word)));
  await ip('xfrm state flush');
  await ip('xfrm policy flush');
  const any = mode === 'tunnel' ? ' flag af-unspec' : '';
  const state = (from: string, to: string, { spi, crypto, more = '' }: Direction): Promise<string> =>
    ip(
      `xfrm state add src ${from} dst ${to} proto ${protocol} spi ${spi} reqid 1 mode ${mode}${any} ${more} ${crypto}`,
    );
  await state(router, self, out);
  await state(self, router, into);
  for (const [ours, theirs] of inner) {
    const template = (from: string, to: string): string =>
      `tmpl${mode === 'tunnel' ? ` src ${from} dst ${to}` : ''} proto ${protocol} reqid 1 mode ${mode}`;
    for (const which of protocols.length === 0 ? [''] : protocols.map((number) => ` proto ${number}`)) {
      await ip(`xfrm policy add src ${theirs} dst ${ours}${which} dir out ${template(self, router)}`);
      await ip(`xfrm policy add src ${ours} dst ${theirs}${which} dir in ${template(router, self)}`);
    }
  }
}

/** A counter of /proc/net/xfrm_stat. */
export async function counter(host: Host, name: string): Promise<number> {
  const line = (await host.run('cat', '/proc/net/xfrm_stat')).split('\n').find((one) => one.startsWith(name));
  return Number(line?.trim().split(/\s+/)[1] ?? Number.NaN);
}
