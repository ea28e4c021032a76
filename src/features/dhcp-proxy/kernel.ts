/** `vpp.dhcp-proxy` in the Linux kernel: dnsmasq as a relay. */

import { create } from '@bufbuild/protobuf';
import { formatIp } from '../../model/address.ts';
import { DHCPProxy_DHCPServerSchema, DHCPProxySchema } from '../../model/gen/ligato/vpp/l3/l3_pb.js';
import type { DHCPProxy } from '../../model/gen/ligato/vpp/l3/l3_pb.js';
import type { Key } from '../../model/key.ts';
import type { Address } from '../../kernel/netlink/address.ts';
import { listAddresses } from '../../kernel/netlink/address.ts';
import { SchedulerError } from '../../scheduler/errors.ts';
import type { GraphView, Handler, RetrieveContext, Retrieved } from '../../scheduler/handler.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import { spelledIp } from '../equality.ts';
import { dnsmasqUser } from '../kernel/dnsmasq.ts';
import type { KernelEngine } from '../kernel/engine.ts';
import { refusedWithoutVrfDevices } from '../kernel/vrf-devices.ts';
import type { KernelVrf } from '../vrf/kernel-metadata.ts';
import { vrfTableKey } from '../vrf/model.ts';
import { Relays, type RelayPlace } from './kernel/relays.ts';
import { dhcpProxy, dhcpProxyKey } from './model.ts';

const known = new WeakMap<KernelEngine, Relays>();

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  const relays = relaysOf(engine);
  const make = (graph: GraphView, key: Key, value: DHCPProxy) => run(engine, graph, key, value);
  const handler: Handler<DHCPProxy, undefined> = {
    kind: dhcpProxy.name,
    engine: 'kernel',
    support: { grade: 'proven', note: 'by dnsmasq (Debian: dnsmasq-base), which has to be installed' },
    unsupported: (_key, value) => unsupported(engine, value),
    dependencies: (_key, value) => {
      const { family, vrf } = placeOf(value);
      if (vrf === 0) return [];
      return [{ label: `device of VRF ${vrf}`, key: vrfTableKey(vrf, family), watches: 'change' }];
    },
    create: make,
    update: (context, key, _from, to) => make(context, key, to),
    refresh: make,
    recreate: (_key, from, to) => placeOf(from).family !== placeOf(to).family,
    remove: (_context, _key, value) => relays.at(placeOf(value)).stop(),
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.vrf-table', 'vpp.interfaces.address'],
  };
  return [handler] as readonly Handler[];
}

export function watch(engine: KernelEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  relaysOf(engine).watch(scheduler, signal);
  return Promise.resolve();
}

function relaysOf(engine: KernelEngine): Relays {
  let relays = known.get(engine);
  if (!relays) known.set(engine, (relays = new Relays(engine)));
  return relays;
}

function unsupported(engine: KernelEngine, { rxVrfId, servers }: DHCPProxy): string | undefined {
  const refusal = rxVrfId === 0 ? undefined : refusedWithoutVrfDevices(engine, 'a DHCP relay in a VRF needs');
  if (refusal !== undefined) return refusal;
  const away = servers.find(({ vrfId }) => vrfId !== rxVrfId);
  if (!away) return undefined;
  return `kernel: server ${away.ipAddress} is in VRF ${away.vrfId}, its clients in VRF ${rxVrfId}: the relay (dnsmasq) gives servers the address of the clients' interface to answer to, which is in VRF ${rxVrfId}`;
}

function placeOf({ sourceIpAddress, rxVrfId: vrf }: DHCPProxy): RelayPlace {
  return { family: sourceIpAddress.includes(':') ? 6 : 4, vrf };
}

async function run(engine: KernelEngine, graph: GraphView, key: Key, value: DHCPProxy): Promise<undefined> {
  const { driver } = engine;
  const problem = ambiguity(value, await driver.rtnl(driver.vswitch).dump(listAddresses()));
  if (problem !== undefined) throw new SchedulerError('failed', problem, { key, retriable: true });
  await relaysOf(engine).at(placeOf(value)).run(configurationOf(graph, value));
  return undefined;
}

/** dnsmasq looks for the interface by the address, in all VRFs, and takes the last one that has it. */
function ambiguity({ sourceIpAddress }: DHCPProxy, addresses: readonly Address[]): string | undefined {
  const source = spelledIp(sourceIpAddress);
  const links = new Set(
    addresses.filter(({ address }) => formatIp(address.address) === source).map(({ link }) => link),
  );
  if (links.size < 2) return undefined;
  return `kernel: ${links.size} interfaces have the address ${source}: the relay (dnsmasq) knows the one of its clients by its address`;
}

/** Requests that arrive where the source address is go to each server, with that address as the relay's. */
function configurationOf(graph: GraphView, value: DHCPProxy): string {
  const source = spelledIp(value.sourceIpAddress);
  const { family, vrf } = placeOf(value);
  const servers = value.servers.map(({ ipAddress }) => spelledIp(ipAddress)).sort();
  // Its sockets are bound to this very device: with another one they have to be made anew.
  const index = vrf === 0 ? undefined : graph.metadata<KernelVrf>(vrfTableKey(vrf, family))?.ifindex;
  return [
    ...(index === undefined ? [] : [`# VRF device ${index}`]),
    ...dnsmasqUser(),
    'port=0',
    // Processes of several VRFs share the port.
    'bind-interfaces',
    ...servers.map((server) => `dhcp-relay=${source},${server}`),
    '',
  ].join('\n');
}

async function retrieve(
  engine: KernelEngine,
  context: RetrieveContext<DHCPProxy, undefined>,
): Promise<readonly Retrieved<DHCPProxy, undefined>[]> {
  const { driver } = engine;
  const items: Retrieved<DHCPProxy, undefined>[] = [];
  const expected = Array.from(context.expected.values(), ({ value }) => placeOf(value));
  const addresses = await driver.dump(context.session, driver.vswitch).addresses();
  for (const { place, daemon } of relaysOf(engine).among(expected)) {
    const configuration = await daemon.running();
    if (configuration === undefined) continue;
    await daemon.adopt();
    const key = dhcpProxyKey(place.family, place.vrf);
    const wanted = context.expected.get(key)?.value;
    const right = wanted && configurationOf(context, wanted);
    const serves = right === configuration && !ambiguity(wanted!, addresses);
    const idle = right !== undefined && relaysIn(right).join() === relaysIn(configuration).join();
    const value = serves ? wanted! : read(configuration, place, idle);
    if (!context.keys || context.keys.has(key)) items.push({ key, value, metadata: undefined, origin: 'ours' });
  }
  return items;
}

/** `idle`: it serves nobody, whatever its file says. */
function read(configuration: string, { vrf }: RelayPlace, idle: boolean): DHCPProxy {
  const relays = relaysIn(configuration).map((text) => text.split(','));
  const servers = relays.map(([, ipAddress]) => create(DHCPProxy_DHCPServerSchema, { ipAddress, vrfId: vrf }));
  const sourceIpAddress = relays[0]?.[0] ?? '';
  return create(DHCPProxySchema, { sourceIpAddress, rxVrfId: vrf, servers: idle ? [] : servers });
}

/** `SOURCE,SERVER`, in order. */
function relaysIn(configuration: string): readonly string[] {
  const prefix = 'dhcp-relay=';
  return configuration.split('\n').flatMap((line) => (line.startsWith(prefix) ? [line.slice(prefix.length)] : []));
}
