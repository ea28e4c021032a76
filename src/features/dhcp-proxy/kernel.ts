/** `vpp.dhcp-proxy` in the Linux kernel: dnsmasq as a relay, one for each family, in the vswitch's namespace. */

import { readFileSync } from 'node:fs';
import { create } from '@bufbuild/protobuf';
import type { Family } from '../../model/address.ts';
import { DHCPProxy_DHCPServerSchema, DHCPProxySchema } from '../../model/gen/ligato/vpp/l3/l3_pb.js';
import type { DHCPProxy } from '../../model/gen/ligato/vpp/l3/l3_pb.js';
import type { Handler, RetrieveContext, Retrieved } from '../../scheduler/handler.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import { spelledIp } from '../equality.ts';
import { KernelDaemon } from '../kernel-daemon.ts';
import { dnsmasqUser } from '../kernel-dnsmasq.ts';
import type { KernelEngine } from '../kernel-engine.ts';
import { dhcpProxy, dhcpProxyKey } from './model.ts';

type Relays = Readonly<Record<Family, KernelDaemon>>;

const known = new WeakMap<KernelEngine, Relays>();
const families: readonly Family[] = [4, 6];
/** UDP ports that a relay listens on (RFC 2131, RFC 8415). */
const ports: Readonly<Record<Family, number>> = { 4: 67, 6: 547 };

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  const relays = relaysOf(engine);
  const handler: Handler<DHCPProxy, undefined> = {
    kind: dhcpProxy.name,
    engine: 'kernel',
    support: { grade: 'proven', note: 'in VRF 0, by dnsmasq (Debian: dnsmasq-base), which has to be installed' },
    unsupported: (_key, value) => unsupported(value),
    create: (_context, _key, value) => run(relays, value),
    update: (_context, _key, _from, to) => run(relays, to),
    recreate: (_key, from, to) => familyOf(from) !== familyOf(to),
    remove: (_context, _key, value) => relays[familyOf(value)].stop(),
    retrieve: (context) => retrieve(relays, context),
  };
  return [handler] as readonly Handler[];
}

export function watch(engine: KernelEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  const relays = relaysOf(engine);
  for (const family of families) relays[family].watch(scheduler, dhcpProxy.name, signal);
  return Promise.resolve();
}

function relaysOf(engine: KernelEngine): Relays {
  let relays = known.get(engine);
  if (!relays) known.set(engine, (relays = { 4: relayOf(engine, 4), 6: relayOf(engine, 6) }));
  return relays;
}

function relayOf(engine: KernelEngine, family: Family): KernelDaemon {
  const { driver } = engine;
  return new KernelDaemon(engine, {
    name: `dhcp-relay-ipv${family}`,
    command: 'dnsmasq',
    debianPackage: 'dnsmasq-base',
    args: (file) => ['--keep-in-foreground', `--conf-file=${file}`, '--log-facility=-'],
    ready: () => driver.within(driver.vswitch, () => refuseUnlessServed(family)),
  });
}

/** Throws until somebody listens on the relay's port of the namespace. */
function refuseUnlessServed(family: Family): void {
  const table = readFileSync(`/proc/thread-self/net/udp${family === 6 ? '6' : ''}`, 'latin1');
  const port = ports[family].toString(16).toUpperCase().padStart(4, '0');
  if (!new RegExp(`^\\s*\\d+: [0-9A-F]+:${port} `, 'm').test(table)) {
    throw new Error(`nobody listens on port ${ports[family]}`);
  }
}

function unsupported({ rxVrfId, servers }: DHCPProxy): string | undefined {
  const id = [rxVrfId, ...servers.map(({ vrfId }) => vrfId)].find((vrf) => vrf !== 0);
  return id === undefined
    ? undefined
    : `kernel: the relay serves VRF 0 only, clients or servers in VRF ${id} are not reached`;
}

function familyOf({ sourceIpAddress }: DHCPProxy): Family {
  return sourceIpAddress.includes(':') ? 6 : 4;
}

async function run(relays: Relays, value: DHCPProxy): Promise<undefined> {
  await relays[familyOf(value)].run(configurationOf(value));
  return undefined;
}

/** Requests that arrive where the source address is go to each server, with that address as the relay's. */
function configurationOf(value: DHCPProxy): string {
  const source = spelledIp(value.sourceIpAddress);
  const servers = value.servers.map(({ ipAddress }) => spelledIp(ipAddress)).sort();
  return [...dnsmasqUser(), 'port=0', ...servers.map((server) => `dhcp-relay=${source},${server}`), ''].join('\n');
}

async function retrieve(
  relays: Relays,
  context: RetrieveContext<DHCPProxy, undefined>,
): Promise<readonly Retrieved<DHCPProxy, undefined>[]> {
  const items: Retrieved<DHCPProxy, undefined>[] = [];
  for (const family of families) {
    const configuration = await relays[family].running();
    if (configuration === undefined) continue;
    await relays[family].adopt();
    const key = dhcpProxyKey(family, 0);
    const wanted = context.expected.get(key)?.value;
    const value = wanted && configurationOf(wanted) === configuration ? wanted : read(configuration);
    if (!context.keys || context.keys.has(key)) items.push({ key, value, metadata: undefined, origin: 'ours' });
  }
  return items;
}

function read(configuration: string): DHCPProxy {
  const relays = configuration.split('\n').flatMap((line) => {
    const [source, server] = line.startsWith('dhcp-relay=') ? line.slice('dhcp-relay='.length).split(',') : [];
    return source === undefined || server === undefined ? [] : [{ source, server }];
  });
  const servers = relays.map(({ server }) => create(DHCPProxy_DHCPServerSchema, { ipAddress: server }));
  return create(DHCPProxySchema, { sourceIpAddress: relays[0]?.source ?? '', servers });
}
