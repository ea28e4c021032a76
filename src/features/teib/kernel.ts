/** `vpp.teib` in the Linux kernel: a route to the peer that says where outside its packets go. */

import { create } from '@bufbuild/protobuf';
import { formatIp, parseIp } from '../../model/address.ts';
import type { Family, Ip, Prefix } from '../../model/address.ts';
import type { Interface } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { TeibEntrySchema } from '../../model/gen/ligato/vpp/l3/teib_pb.js';
import type { TeibEntry } from '../../model/gen/ligato/vpp/l3/teib_pb.js';
import type { Key } from '../../model/key.ts';
import { isKernelError } from '../../kernel/errors.ts';
import { ipEncapsulation, readIpEncapsulation } from '../../kernel/netlink/ip-encapsulation.ts';
import { getLink } from '../../kernel/netlink/link.ts';
import { deleteRoute, replaceRoute } from '../../kernel/netlink/route.ts';
import type { Route } from '../../kernel/netlink/route.ts';
import { routeProtocols, tableOfVrf } from '../../kernel/pipeline/numbers.ts';
import { SchedulerError } from '../../scheduler/errors.ts';
import type { GraphView, Handler, RetrieveContext, Retrieved } from '../../scheduler/handler.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { KernelInterface } from '../interface/kernel-metadata.ts';
import { INTERFACE_PREFIX, interfaceKey } from '../interface/model.ts';
import { addressNewsOf } from '../kernel/address-news.ts';
import type { KernelEngine } from '../kernel/engine.ts';
import { multipointOf } from '../kernel/multipoint.ts';
import { routePlace, upkeeps } from '../kernel/upkeep.ts';
import type { KernelUpkeep } from '../kernel/upkeep.ts';
import { teibEntry, teibKey } from './model.ts';

/** The route of a peer. `gateway`, where the device has it as the far end of its packets; else the encapsulation says it. */
export interface KernelTeib {
  readonly destination: Prefix;
  readonly table: number;
  readonly metric: number;
  readonly link: number;
}

type Item = Retrieved<TeibEntry, KernelTeib>;

const upkeepOf = upkeeps();
const protocol = routeProtocols.tunnelEndpoint;

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  return [teibHandler(engine, upkeepOf(engine))] as readonly Handler[];
}

export function watch(engine: KernelEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  upkeepOf(engine).watch(scheduler, signal);
  return Promise.resolve();
}

function teibHandler(engine: KernelEngine, upkeep: KernelUpkeep): Handler<TeibEntry, KernelTeib> {
  const { driver } = engine;
  const rtnl = driver.rtnl(driver.vswitch);

  async function make(graph: GraphView, key: Key, value: TeibEntry): Promise<KernelTeib> {
    const place = placeOf(graph, value);
    const outside = parseIp(value.nextHopAddr)!;
    const device = await rtnl.get(getLink({ index: place.link }));
    if (device?.kind?.type === 'sit') {
      const gateway = gatewayTo(outside, place.destination.address.family);
      await rtnl.request(replaceRoute({ ...place, protocol, gateway, onlink: true }));
    } else {
      const source = localEnd(graph, value);
      const encapsulation = ipEncapsulation({ destination: outside, ...(source ? { source } : {}) });
      await rtnl.request(replaceRoute({ ...place, protocol, encapsulation }));
    }
    upkeep.remember(key, { namespace: driver.vswitch, link: place.link, place: routePlace(place) });
    tellRoutes(place);
    return place;
  }

  /** Networks behind the peer go the way that it goes. Own changes are no events. */
  function tellRoutes({ link }: KernelTeib): void {
    addressNewsOf(engine).tell({ link, removed: false });
  }

  return {
    kind: teibEntry.name,
    engine: 'kernel',
    support: { grade: 'proven', needs: ['ipip'] },
    create: make,
    update: (context, key, _from, to) => make(context, key, to),
    recreate: (_key, from, to) => from.interface !== to.interface || from.peerAddr !== to.peerAddr,
    async remove(_context, key, _value, metadata) {
      upkeep.forget(key);
      const { destination, metric, table } = metadata;
      await rtnl.request(deleteRoute({ destination, metric, table, protocol })).catch((error: unknown) => {
        if (!isKernelError(error, 'ESRCH', 'ENODEV')) throw error;
      });
      tellRoutes(metadata);
    },
    retrieve: (context) => retrieve(engine, upkeep, context),
    retrieveAfter: ['vpp.interfaces'],
  };
}

function placeOf(graph: GraphView, { interface: name, peerAddr, vrfId }: TeibEntry): KernelTeib {
  const device = graph.metadata<KernelInterface>(interfaceKey(name));
  if (!device) throw new SchedulerError('failed', `interface ${name} has no device`);
  const { outside = 0, inside = 0 } = multipointOf(graph, name) ?? {};
  if (vrfId !== outside) {
    const message = `kernel: the packets of ${name} are routed in VRF ${outside} and cannot reach a next hop in VRF ${vrfId}; choose vrf_id ${outside}`;
    throw new SchedulerError('unimplemented', message, { retriable: false });
  }
  const table = tableOfVrf(inside);
  const address = parseIp(peerAddr)!;
  const destination = { address, length: address.family === 4 ? 32 : 128 };
  return { destination, table, metric: address.family === 4 ? METRIC : 1024, link: device.ifindex };
}

/** As the first of configured routes; 0 is the kernel's own. */
const METRIC = 1;

/** What the far end is as a gateway: for IPv6 inside of IPv4 its compatible address (`::192.0.2.2`). */
function gatewayTo(outside: Ip, family: Family): Ip {
  if (outside.family === family) return outside;
  const bytes = new Uint8Array(16);
  bytes.set(outside.bytes, 12);
  return { family: 6, bytes };
}

/** The far end that a gateway stands for. */
function behind({ family, bytes }: Ip, local: Ip | undefined): Ip {
  return family === 6 && local?.family === 4 ? { family: 4, bytes: bytes.subarray(12) } : { family, bytes };
}

/** The tunnel's own address outside, if it is of the next hop's family. */
function localEnd(graph: GraphView, { interface: name, nextHopAddr }: TeibEntry) {
  const tunnel = graph.applied(interfaceKey(name)) as Interface | undefined;
  const link = tunnel?.link?.case === 'ipip' || tunnel?.link?.case === 'ipsec' ? tunnel.link.value : undefined;
  const text = link && 'srcAddr' in link ? link.srcAddr : '';
  const address = parseIp(text);
  return address?.family === parseIp(nextHopAddr)?.family ? address : undefined;
}

async function retrieve(
  { driver }: KernelEngine,
  upkeep: KernelUpkeep,
  context: RetrieveContext<TeibEntry, KernelTeib>,
): Promise<readonly Item[]> {
  const dump = driver.dump(context.session, driver.vswitch);
  const names = new Map<number, string>();
  for (const [key] of context.appliedUnder(INTERFACE_PREFIX)) {
    const device = context.metadata<KernelInterface>(key);
    if (device) names.set(device.ifindex, key.slice(INTERFACE_PREFIX.length));
  }
  const expected = new Map<string, readonly [Key, TeibEntry]>();
  for (const [key, { value }] of context.expected) {
    const { interface: name, peerAddr } = value;
    const peer = parseIp(peerAddr);
    if (peer) expected.set(`${name} ${formatIp(peer)}`, [key, value]);
  }
  const items: Item[] = [];
  for (const route of await dump.routes()) {
    if (route.protocol !== protocol || route.link === undefined) continue;
    const name = names.get(route.link) ?? (await dump.linksByIndex()).get(route.link)?.name ?? `#${route.link}`;
    const peerAddr = formatIp(route.destination.address);
    const [key, wanted] = expected.get(`${name} ${peerAddr}`) ?? [teibKey(name, peerAddr), undefined];
    if (context.keys && !context.keys.has(key)) continue;
    const { destination, table, metric, link } = route;
    const metadata = { destination, table, metric, link };
    const isThere = !wanted || table === tableOfVrf(multipointOf(context, name)?.inside ?? 0);
    const outside = isThere ? outsideOf(route, wanted && localEnd(context, wanted)) : undefined;
    const value = create(TeibEntrySchema, {
      interface: name,
      peerAddr: wanted?.peerAddr ?? peerAddr,
      nextHopAddr: outside ? formatIp(outside) : '',
      vrfId: wanted?.vrfId ?? 0,
    });
    upkeep.remember(key, { namespace: driver.vswitch, link: route.link, place: routePlace(metadata) });
    items.push({ key, value, metadata, origin: 'ours' });
  }
  return items;
}

/** Where the route sends packets outside; undefined when that is not from the tunnel's own address. */
function outsideOf({ encapsulation, gateway }: Route, local: Ip | undefined): Ip | undefined {
  if (gateway) return behind(gateway, local);
  const ends = encapsulation && readIpEncapsulation(encapsulation);
  if (local && !(ends?.source && formatIp(ends.source) === formatIp(local))) return undefined;
  return ends?.destination;
}
