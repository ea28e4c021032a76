/** From a configured path to what the kernel has to do with its packets. */

import { formatPrefix, parseIp, parsePrefix, sameIp } from '../../../model/address.ts';
import type { Ip, Prefix } from '../../../model/address.ts';
import { Route_RouteType as RouteType } from '../../../model/gen/ligato/vpp/l3/route_pb.js';
import type { Route } from '../../../model/gen/ligato/vpp/l3/route_pb.js';
import { tableOfVrf } from '../../../kernel/pipeline/numbers.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView } from '../../../scheduler/handler.ts';
import type { KernelInterface } from '../../interface/kernel-metadata.ts';
import { interfaceKey } from '../../interface/model.ts';
import { multipointOf } from '../../kernel/multipoint.ts';
import { ofLast } from '../../memo.ts';
import type { Recursive } from '../../kernel/next-hops.ts';
import { isReference, resolveAddress } from '../../netalloc/model.ts';
import type { KernelVrf } from '../../vrf/kernel-metadata.ts';
import { vrfTableKey } from '../../vrf/model.ts';
import type { KernelRoute, KernelWay } from '../kernel-metadata.ts';
import { nextHopOf } from '../model.ts';

/** Where the kernel's route of a configured one is: what it can be told apart by. */
export interface RoutePlace {
  readonly destination: Prefix;
  readonly table: number;
  readonly metric: number;
}

/** What the configuration says of a path; `recursive` has to be looked up before the way is known. */
export type Direction = { readonly way: KernelWay } | { readonly recursive: Recursive };

/** The text that tells one route of the kernel from all others. */
export function placeText({ destination, table, metric }: RoutePlace): string {
  return `${formatPrefix(destination)} ${table} ${metric}`;
}

export function samePlace(left: RoutePlace, right: RoutePlace): boolean {
  return (
    left.table === right.table &&
    left.metric === right.metric &&
    left.destination.length === right.destination.length &&
    sameIp(left.destination.address, right.destination.address)
  );
}

/** A small number that places have in common seldom: a text of each would cost more than its route. */
export function placeHash({ destination, table, metric }: RoutePlace): number {
  let hash = table * 31 + metric;
  for (const byte of destination.address.bytes) hash = (Math.imul(hash, 0x01000193) ^ byte) | 0;
  return (Math.imul(hash, 33) ^ destination.length) & 0x3fffffff;
}

/**
 * Lower wins, as `preference` does. Connected routes of the kernel have metric 0 (IPv6: 256) and win over configured ones,
 * as those of VPP do; no metric here is theirs, so that none of them is ever replaced.
 */
function metricOf(preference: number, destination: Prefix): number {
  return preference + (destination.address.family === 4 ? 1 : 1024);
}

/** Throws SchedulerError when a reference is not allocated. */
export function placeOf(graph: GraphView, value: Route): RoutePlace {
  const { dstNetwork, outgoingInterface, vrfId, preference } = value;
  const text = isReference(dstNetwork) ? resolveAddress(graph, dstNetwork, outgoingInterface, 'network') : dstNetwork;
  const destination = text === undefined ? undefined : parsePrefix(text, BARE);
  if (!destination) throw new SchedulerError('failed', `${dstNetwork} is not allocated`);
  return { destination, table: tableOfVrf(vrfId), metric: metricOf(preference, destination) };
}

const BARE = { bare: true };

/** Throws SchedulerError when something it names is not there. */
export function directionOf(graph: GraphView, value: Route): Direction {
  const { type, outgoingInterface: out, vrfId, viaVrfId } = value;
  if (type === RouteType.DROP) return { way: DROP };
  const gateway = gatewayOf(graph, value);
  const link = out === '' ? undefined : linkOf(graph, out);
  const tunnel = gateway && link !== undefined ? multipointOf(graph, out) : undefined;
  if (gateway && link !== undefined && tunnel) {
    return { recursive: { gateway, ...searchIn(graph, tunnel.inside), vrfId: tunnel.inside, tunnel: link } };
  }
  if (link !== undefined) return { way: gateway ? { type: 'unicast', gateway, link } : { type: 'unicast', link } };
  const searched = type === RouteType.INTER_VRF ? viaVrfId : vrfId;
  const table = searchIn(graph, searched);
  if (gateway) return { recursive: { gateway, ...table, vrfId: searched } };
  return { way: table.vrf === undefined ? LEAK_TO_MAIN : { type: 'unicast', link: table.vrf } };
}

const DROP: KernelWay = { type: 'blackhole' };
/** Rules go on after a `throw`: the main table comes next. */
const LEAK_TO_MAIN: KernelWay = { type: 'throw' };

/** Many routes have one gateway: they share it. */
const parsed = ofLast(parseIp);

function gatewayOf(graph: GraphView, value: Route): Ip | undefined {
  const text = nextHopOf(value);
  if (text === '') return undefined;
  const resolved = isReference(text) ? resolveAddress(graph, text, value.outgoingInterface, 'address') : text;
  const gateway = resolved === undefined ? undefined : parsed(resolved);
  if (!gateway) throw new SchedulerError('failed', `${text} is not allocated`);
  return gateway;
}

function linkOf(graph: GraphView, name: string): number {
  const device = graph.metadata<KernelInterface>(interfaceKey(name));
  if (!device) throw new SchedulerError('failed', `interface ${name} has no device`);
  return device.ifindex;
}

/** How the kernel is asked for what the table of a VRF says. */
function searchIn(graph: GraphView, id: number): Pick<Recursive, 'vrf' | 'mark'> {
  if (id === 0) return { vrf: undefined };
  const table = graph.metadata<KernelVrf>(vrfTableKey(id, 4)) ?? graph.metadata<KernelVrf>(vrfTableKey(id, 6));
  if (table?.mark !== undefined) return { vrf: undefined, mark: table.mark };
  if (table?.ifindex === undefined) throw new SchedulerError('failed', `VRF ${id} has no device`);
  return { vrf: table.ifindex };
}

export function sameWay(left: KernelWay, right: KernelWay): boolean {
  return (
    left.type === right.type &&
    left.link === right.link &&
    sameGateway(left.gateway, right.gateway) &&
    sameEncapsulation(left.encapsulation, right.encapsulation)
  );
}

export function sameGateway(left: Ip | undefined, right: Ip | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return left.bytes.length === right.bytes.length && left.bytes.every((byte, index) => byte === right.bytes[index]);
}

function sameEncapsulation(left: KernelWay['encapsulation'], right: KernelWay['encapsulation']): boolean {
  if (left === undefined || right === undefined) return left === right;
  return left.type === right.type && Buffer.compare(left.payload, right.payload) === 0;
}

export function routeOf(place: RoutePlace, way: KernelWay): KernelRoute {
  return { ...way, destination: place.destination, table: place.table, metric: place.metric };
}
