/** Routes: RTM_NEWROUTE, RTM_DELROUTE, RTM_GETROUTE. */

import { formatIp, formatPrefix } from '../../model/address.ts';
import * as rt from './constants.ts';
import type { Query, Request } from './request.ts';
import { MAIN } from './route-attributes.ts';
import { decodeRoute } from './route-decode.ts';
import { encodeDelete, encodeList, encodeLookup, encodeRoute } from './route-encode.ts';
import type { Route, RouteFilter, RouteLookup, RouteSpec } from './route-model.ts';

export { RTNH_F_DEAD, RTNH_F_LINKDOWN, RTNH_F_ONLINK } from './route-attributes.ts';
export { decodeRoute } from './route-decode.ts';
export type {
  Encapsulation,
  NextHop,
  Route,
  RouteFilter,
  RouteKey,
  RouteLookup,
  RouteSpec,
  RouteType,
} from './route-model.ts';

/** Adds a route; EEXIST when there is one with this destination, metric and TOS in the table. */
export function addRoute(spec: RouteSpec): Request<RouteSpec> {
  return request(rt.RTM_NEWROUTE, rt.NLM_F_CREATE | rt.NLM_F_EXCL, spec, describeAdd);
}

/** Makes the route what `spec` says, whether there was one with this destination, metric and TOS or not. */
export function replaceRoute(spec: RouteSpec): Request<RouteSpec> {
  return request(rt.RTM_NEWROUTE, rt.NLM_F_CREATE | rt.NLM_F_REPLACE, spec, describeReplace);
}

/** Adds a route besides others of the same destination (IPv6: as one more way of a multipath route). */
export function appendRoute(spec: RouteSpec): Request<RouteSpec> {
  return request(rt.RTM_NEWROUTE, rt.NLM_F_CREATE | rt.NLM_F_APPEND, spec, describeAdd);
}

/** Deletes the route that fits all that `spec` says; without a protocol, of any protocol. */
export function deleteRoute(spec: RouteSpec): Request<RouteSpec> {
  return request(rt.RTM_DELROUTE, 0, spec, describeDelete);
}

export function listRoutes(filter: RouteFilter = {}): Query<Route, RouteFilter> {
  return {
    type: rt.RTM_GETROUTE,
    flags: rt.NLM_F_DUMP,
    spec: filter,
    encode: encodeList,
    describe: () => 'list routes',
    decode: decodeRoute,
  };
}

/** The route that a packet to `destination` takes (`ip route get`). */
export function lookupRoute(spec: RouteLookup): Query<Route, RouteLookup> {
  return {
    type: rt.RTM_GETROUTE,
    flags: 0,
    spec,
    encode: encodeLookup,
    describe: ({ destination }) => `look up the route to ${formatIp(destination)}`,
    decode: decodeRoute,
  };
}

/** A route in words: `10.0.0.0/8 via 10.1.1.1 table 100`. */
export function describeRoute(spec: RouteSpec): string {
  let text = formatPrefix(spec.destination);
  if (spec.type && spec.type !== 'unicast') text = `${spec.type} ${text}`;
  if (spec.gateway) text += ` via ${formatIp(spec.gateway)}`;
  if (spec.link !== undefined) text += ` dev #${spec.link}`;
  if (spec.nextHopId !== undefined) text += ` nhid ${spec.nextHopId}`;
  for (const hop of spec.nextHops ?? [])
    text += ` [${hop.gateway ? formatIp(hop.gateway) : ''}${hop.link === undefined ? '' : ` dev #${hop.link}`}]`;
  if (spec.table !== undefined && spec.table !== MAIN) text += ` table ${spec.table}`;
  return text;
}

function describeAdd(spec: RouteSpec): string {
  return `add route ${describeRoute(spec)}`;
}

function describeReplace(spec: RouteSpec): string {
  return `set route ${describeRoute(spec)}`;
}

function describeDelete(spec: RouteSpec): string {
  return `delete route ${describeRoute(spec)}`;
}

function request(
  type: number,
  flags: number,
  spec: RouteSpec,
  describe: (spec: RouteSpec) => string,
): Request<RouteSpec> {
  return {
    type,
    flags,
    lane: 'quick',
    spec,
    encode: type === rt.RTM_DELROUTE ? encodeDelete : encodeRoute,
    describe,
    cost: 4,
  };
}
