/** From a configured route to a path of VPP's, and back. */

import { Route_RouteType as RouteType } from '../../../model/gen/ligato/vpp/l3/route_pb.js';
import type { Route } from '../../../model/gen/ligato/vpp/l3/route_pb.js';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView } from '../../../scheduler/handler.ts';
import type { FibPath } from '../../../vpp/index.ts';
import { swIfIndexOf } from '../../interface/vpp-metadata.ts';
import { isReference, resolveAddress } from '../../netalloc/model.ts';
import { NO_INDEX } from '../../vpp/engine.ts';
import { nextHopOf, weightOf } from '../model.ts';

/** One path of a route as VPP has it: what is needed to take it away again. */
export interface VppRoute {
  readonly table: number;
  /** Canonical network. */
  readonly prefix: string;
  readonly path: VppPath;
}

export interface VppPath {
  readonly type: 'FIB_API_PATH_TYPE_NORMAL' | 'FIB_API_PATH_TYPE_DROP';
  readonly sw_if_index: number;
  /** In which table the next hop, or the destination itself, is looked up; 0 with an interface. */
  readonly table_id: number;
  /** Undefined: the destinations are on the interface's link, or in the other table. */
  readonly via: string | undefined;
  readonly weight: number;
  readonly preference: number;
}

/** Throws SchedulerError when something that it names is not there. */
export function vppRouteOf(graph: GraphView, value: Route): VppRoute {
  const { dstNetwork, outgoingInterface: out, vrfId } = value;
  const prefix = resolveAddress(graph, dstNetwork, out, 'network');
  if (prefix === undefined) throw new SchedulerError('failed', `${dstNetwork} is not allocated`);
  return { table: vrfId, prefix, path: pathOf(graph, value) };
}

function pathOf(graph: GraphView, value: Route): VppPath {
  const { type, outgoingInterface: out, vrfId, viaVrfId, preference } = value;
  const weight = weightOf(value);
  if (type === RouteType.DROP) {
    return { type: 'FIB_API_PATH_TYPE_DROP', sw_if_index: NO_INDEX, table_id: 0, via: undefined, weight, preference };
  }
  const normal = { type: 'FIB_API_PATH_TYPE_NORMAL', via: viaOf(graph, value), weight, preference } as const;
  if (out !== '') return { ...normal, sw_if_index: swIfIndexOf(graph, out), table_id: 0 };
  return { ...normal, sw_if_index: NO_INDEX, table_id: type === RouteType.INTER_VRF ? viaVrfId : vrfId };
}

function viaOf(graph: GraphView, value: Route): string | undefined {
  const text = nextHopOf(value);
  if (text === '') return undefined;
  const resolved =
    isReference(text) || text.includes(':') ? resolveAddress(graph, text, value.outgoingInterface, 'address') : text;
  if (resolved === undefined) throw new SchedulerError('failed', `${text} is not allocated`);
  return resolved;
}

/** What VPP tells paths of one route apart by. */
export function identityOf({ type, sw_if_index, table_id, via }: VppPath): string {
  return `${type} ${sw_if_index} ${table_id} ${via ?? ''}`;
}

/** Fields of the route with this one path, for `ip_route_add_del`. */
export function fieldsOf({ table, prefix, path }: VppRoute) {
  const { type, sw_if_index, table_id, via, weight, preference } = path;
  const isSix = (via ?? prefix).includes(':');
  const proto = isSix ? 'FIB_API_PATH_NH_PROTO_IP6' : 'FIB_API_PATH_NH_PROTO_IP4';
  const nh = via === undefined ? {} : { address: via };
  return { table_id: table, prefix, paths: [{ type, sw_if_index, table_id, weight, preference, proto, nh } as const] };
}

/** A path as VPP lists it. */
export function readPath(path: FibPath): VppPath {
  const { sw_if_index, weight, preference } = path;
  const isDrop = path.type === 'FIB_API_PATH_TYPE_DROP';
  const via = isUnspecified(path.nh.address) ? undefined : path.nh.address;
  return {
    type: isDrop ? 'FIB_API_PATH_TYPE_DROP' : 'FIB_API_PATH_TYPE_NORMAL',
    sw_if_index: isDrop ? NO_INDEX : sw_if_index,
    table_id: isDrop || sw_if_index !== NO_INDEX ? 0 : path.table_id,
    via: isDrop ? undefined : via,
    weight,
    preference,
  };
}

function isUnspecified(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}
