/** `vpp.dns.dnscache` in the Linux kernel: dnsmasq answers on every address of the vswitch, from a cache, and asks the servers. */

import { readFileSync } from 'node:fs';
import { create } from '@bufbuild/protobuf';
import { DNSCacheSchema } from '../../model/gen/ligato/vpp/dns/dns_pb.js';
import type { DNSCache } from '../../model/gen/ligato/vpp/dns/dns_pb.js';
import type { Handler, RetrieveContext, Retrieved } from '../../scheduler/handler.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import { spelledIp } from '../equality.ts';
import { KernelDaemon } from '../kernel/daemon.ts';
import { dnsmasqUser } from '../kernel/dnsmasq.ts';
import type { KernelEngine } from '../kernel/engine.ts';
import { DNS_CACHE_KEY, dnsCache } from './model.ts';

const daemons = new WeakMap<KernelEngine, KernelDaemon>();

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  const daemon = daemonOf(engine);
  const handler: Handler<DNSCache, undefined> = {
    kind: dnsCache.name,
    engine: 'kernel',
    support: { grade: 'proven', note: 'by dnsmasq (Debian: dnsmasq-base), which has to be installed' },
    create: (_context, _key, value) => run(daemon, value),
    update: (_context, _key, _from, to) => run(daemon, to),
    remove: () => daemon.stop(),
    retrieve: (context) => retrieve(daemon, context),
  };
  return [handler] as readonly Handler[];
}

export function watch(engine: KernelEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  daemonOf(engine).watch(scheduler, dnsCache.name, signal);
  return Promise.resolve();
}

function daemonOf(engine: KernelEngine): KernelDaemon {
  const known = daemons.get(engine);
  if (known) return known;
  const { driver } = engine;
  const daemon = new KernelDaemon(engine, {
    name: 'dns-cache',
    command: 'dnsmasq',
    debianPackage: 'dnsmasq-base',
    args: (file) => ['--keep-in-foreground', `--conf-file=${file}`, '--log-facility=-'],
    ready: () => driver.within(driver.vswitch, refuseUnlessServed),
  });
  daemons.set(engine, daemon);
  return daemon;
}

/** Throws until somebody listens on UDP port 53 of the namespace. */
function refuseUnlessServed(): void {
  if (!/^\s*\d+: [0-9A-F]+:0035 /m.test(readFileSync('/proc/thread-self/net/udp', 'latin1'))) {
    throw new Error('nobody listens on port 53');
  }
}

async function run(daemon: KernelDaemon, value: DNSCache): Promise<undefined> {
  await daemon.run(configurationOf(value));
  return undefined;
}

/** Servers are asked in any order, the fastest answer counts. Nothing of the host's own resolver is used. */
function configurationOf({ upstreamDnsServers }: DNSCache): string {
  const servers = upstreamDnsServers.map(spelledIp).sort();
  return [
    ...dnsmasqUser(),
    'no-resolv',
    'no-hosts',
    'all-servers',
    `cache-size=${CACHE}`,
    ...servers.map((server) => `server=${server}`),
    '',
  ].join('\n');
}

/** Names; VPP's cache holds 1,000 by default (dns.c). */
const CACHE = 1_000;

async function retrieve(
  daemon: KernelDaemon,
  { expected }: RetrieveContext<DNSCache, undefined>,
): Promise<readonly Retrieved<DNSCache, undefined>[]> {
  const configuration = await daemon.running();
  if (configuration === undefined) return [];
  await daemon.adopt();
  const wanted = expected.get(DNS_CACHE_KEY)?.value;
  const there = create(DNSCacheSchema, { upstreamDnsServers: serversOf(configuration) });
  const value = wanted && configurationOf(wanted) === configuration ? wanted : there;
  return [{ key: DNS_CACHE_KEY, value, metadata: undefined, origin: 'ours' }];
}

function serversOf(configuration: string): string[] {
  const lines = configuration.split('\n').filter((line) => line.startsWith('server='));
  return lines.map((line) => line.slice('server='.length));
}
