import type { Family, Ip } from '../../model/address.ts';
import { bitsOf } from '../../model/address.ts';
import * as rt from './constants.ts';
import type { Encoder } from './encoder.ts';
import {
  MAIN,
  STATIC,
  UNIVERSE,
  LINK,
  HOST,
  NOWHERE,
  RTM_F_FIB_MATCH,
  RTM_F_LOOKUP_TABLE,
  RTA_DST,
  RTA_SRC,
  RTA_IIF,
  RTA_OIF,
  RTA_GATEWAY,
  RTA_PRIORITY,
  RTA_PREFSRC,
  RTA_METRICS,
  RTA_MULTIPATH,
  RTA_TABLE,
  RTA_MARK,
  RTA_VIA,
  RTA_ENCAP_TYPE,
  RTA_ENCAP,
  RTA_NH_ID,
  RTAX_LOCK,
  RTAX_MTU,
  RTAX_ADVMSS,
  RTAX_HOPLIMIT,
  TYPES,
  RTNH_F_ONLINK,
} from './route-attributes.ts';
import type { Encapsulation, NextHop, RouteFilter, RouteLookup, RouteSpec, RouteType } from './route-model.ts';

export function encodeRoute(encoder: Encoder, spec: RouteSpec): void {
  writeRoute(encoder, spec, spec.protocol ?? STATIC, spec.scope ?? defaultScope(spec), spec.type ?? 'unicast');
}

export function encodeDelete(encoder: Encoder, spec: RouteSpec): void {
  writeRoute(encoder, spec, spec.protocol ?? 0, spec.scope ?? NOWHERE, spec.type);
}

function writeRoute(
  encoder: Encoder,
  spec: RouteSpec,
  protocol: number,
  scope: number,
  type: RouteType | undefined,
): void {
  const { destination } = spec;
  const family = destination.address.family;
  const table = spec.table ?? MAIN;
  writeHeader(
    encoder,
    rt.familyNumber(family),
    destination.length,
    spec.tos ?? 0,
    table,
    protocol,
    scope,
    type ? TYPES.indexOf(type) : 0,
    spec.onlink ? RTNH_F_ONLINK : 0,
  );
  if (destination.length > 0) encoder.attributeBytes(RTA_DST, destination.address.bytes);
  if (table > 255) encoder.attributeU32(RTA_TABLE, table);
  if (spec.metric !== undefined) encoder.attributeU32(RTA_PRIORITY, spec.metric);
  if (spec.source) encoder.attributeBytes(RTA_PREFSRC, spec.source.bytes);
  if (spec.nextHopId !== undefined) encoder.attributeU32(RTA_NH_ID, spec.nextHopId);
  if (spec.link !== undefined) encoder.attributeU32(RTA_OIF, spec.link);
  if (spec.gateway) writeGateway(encoder, family, spec.gateway);
  if (spec.encapsulation) writeEncapsulation(encoder, spec.encapsulation);
  if (spec.nextHops) writeNextHops(encoder, family, spec.nextHops);
  if (spec.mtu !== undefined || spec.advertisedMss !== undefined || spec.hopLimit !== undefined)
    writeMetrics(encoder, spec);
}

/** struct rtmsg */
function writeHeader(
  encoder: Encoder,
  family: number,
  length: number,
  tos: number,
  table: number,
  protocol: number,
  scope: number,
  type: number,
  flags: number,
  sourceLength = 0,
): void {
  encoder.u8(family);
  encoder.u8(length);
  encoder.u8(sourceLength);
  encoder.u8(tos);
  encoder.u8(table > 255 ? 0 : table);
  encoder.u8(protocol);
  encoder.u8(scope);
  encoder.u8(type);
  encoder.u32(flags);
}

function defaultScope(spec: RouteSpec): number {
  if (spec.destination.address.family === 6) return UNIVERSE;
  if (spec.type === 'local') return HOST;
  if (
    spec.type &&
    spec.type !== 'unicast' &&
    spec.type !== 'broadcast' &&
    spec.type !== 'multicast' &&
    spec.type !== 'anycast'
  )
    return UNIVERSE;
  const viaGateway = spec.gateway || spec.nextHopId !== undefined || spec.nextHops?.some((hop) => hop.gateway);
  return viaGateway || spec.encapsulation ? UNIVERSE : LINK;
}

function writeGateway(encoder: Encoder, family: Family, gateway: Ip): void {
  if (gateway.family === family) return encoder.attributeBytes(RTA_GATEWAY, gateway.bytes);
  const via = encoder.beginNest(RTA_VIA, 0);
  encoder.u16(rt.familyNumber(gateway.family));
  encoder.raw(gateway.bytes);
  encoder.endNest(via);
  encoder.pad();
}

function writeEncapsulation(encoder: Encoder, { type, payload }: Encapsulation): void {
  encoder.attributeU16(RTA_ENCAP_TYPE, type);
  const nest = encoder.beginNest(RTA_ENCAP);
  encoder.raw(payload);
  encoder.endNest(nest);
  encoder.pad();
}

function writeNextHops(encoder: Encoder, family: Family, hops: readonly NextHop[]): void {
  const nest = encoder.beginNest(RTA_MULTIPATH, 0);
  for (const hop of hops) {
    const start = encoder.position;
    encoder.u16(0); // struct rtnexthop; its length is filled in by endNest
    encoder.u8(hop.onlink ? RTNH_F_ONLINK : 0);
    encoder.u8((hop.weight ?? 1) - 1);
    encoder.u32(hop.link ?? 0);
    if (hop.gateway) writeGateway(encoder, family, hop.gateway);
    if (hop.encapsulation) writeEncapsulation(encoder, hop.encapsulation);
    encoder.endNest(start);
  }
  encoder.endNest(nest);
}

function writeMetrics(encoder: Encoder, spec: RouteSpec): void {
  const nest = encoder.beginNest(RTA_METRICS);
  if (spec.mtuLocked) encoder.attributeU32(RTAX_LOCK, 1 << RTAX_MTU);
  if (spec.mtu !== undefined) encoder.attributeU32(RTAX_MTU, spec.mtu);
  if (spec.advertisedMss !== undefined) encoder.attributeU32(RTAX_ADVMSS, spec.advertisedMss);
  if (spec.hopLimit !== undefined) encoder.attributeU32(RTAX_HOPLIMIT, spec.hopLimit);
  encoder.endNest(nest);
}

export function encodeList(encoder: Encoder, { family, table, protocol, link }: RouteFilter): void {
  writeHeader(encoder, family ? rt.familyNumber(family) : 0, 0, 0, table ?? 0, protocol ?? 0, 0, 0, 0);
  if (table !== undefined && table > 255) encoder.attributeU32(RTA_TABLE, table);
  if (link !== undefined) encoder.attributeU32(RTA_OIF, link);
}

export function encodeLookup(encoder: Encoder, spec: RouteLookup): void {
  const { family, bytes } = spec.destination;
  // IPv6 refuses the flag: it tells the table in any case.
  const flags = (family === 4 ? RTM_F_LOOKUP_TABLE : 0) | (spec.match ? RTM_F_FIB_MATCH : 0);
  // A source without its length is refused.
  const sourceLength = spec.source ? bitsOf(family) : 0;
  writeHeader(encoder, rt.familyNumber(family), bitsOf(family), 0, 0, 0, 0, 0, flags, sourceLength);
  encoder.attributeBytes(RTA_DST, bytes);
  if (spec.source) encoder.attributeBytes(RTA_SRC, spec.source.bytes);
  if (spec.inputLink !== undefined) encoder.attributeU32(RTA_IIF, spec.inputLink);
  if (spec.outputLink !== undefined) encoder.attributeU32(RTA_OIF, spec.outputLink);
  if (spec.mark !== undefined) encoder.attributeU32(RTA_MARK, spec.mark);
}
