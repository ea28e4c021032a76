/** Routes: RTM_NEWROUTE, RTM_DELROUTE, RTM_GETROUTE. */

import type { Family, Ip, Prefix } from '../../model/address.ts';
import { bitsOf, formatIp, formatPrefix } from '../../model/address.ts';
import * as rt from './constants.ts';
import type { Encoder } from './encoder.ts';
import { Attributes, read16, read32 } from './reader.ts';
import type { MessageView } from './reader.ts';
import type { Query, Request } from './request.ts';

export type RouteType =
  | 'unicast'
  | 'local'
  | 'broadcast'
  | 'anycast'
  | 'multicast'
  | 'blackhole'
  | 'unreachable'
  | 'prohibit'
  | 'throw';

/** One way out of this hop. */
export interface NextHop {
  /** May be of the other family than the route (RFC 5549: IPv4 via an IPv6 gateway). */
  readonly gateway?: Ip;
  /** Index of the link. */
  readonly link?: number;
  /** 1-256; only in `nextHops`. Default 1. */
  readonly weight?: number;
  /** The gateway is reachable on `link` although no connected route says so. */
  readonly onlink?: boolean;
  readonly encapsulation?: Encapsulation;
}

/** A light-weight tunnel of a route: LWTUNNEL_ENCAP_... and the content of its attribute (see seg6.ts). */
export interface Encapsulation {
  readonly type: number;
  readonly payload: Uint8Array;
}

export interface RouteKey {
  readonly destination: Prefix;
  /** Default 254, main. */
  readonly table?: number;
  /** Lower wins. Default: 0 for IPv4, 1024 for IPv6. */
  readonly metric?: number;
  readonly tos?: number;
}

export interface RouteSpec extends RouteKey, NextHop {
  /** Default `unicast`. */
  readonly type?: RouteType;
  /** Who made it (RTPROT_...), 0-255. Default 4, static. */
  readonly protocol?: number;
  /** RT_SCOPE_...; default: what the type and the gateway ask for. */
  readonly scope?: number;
  /** Preferred source address. */
  readonly source?: Ip;
  /** Several ways out; then no gateway, link or encapsulation of the route itself. */
  readonly nextHops?: readonly NextHop[];
  /** Id of a nexthop object (nexthop.ts) in place of all ways out. */
  readonly nextHopId?: number;
  /** bytes */
  readonly mtu?: number;
  /** Locks `mtu` against path MTU discovery. */
  readonly mtuLocked?: boolean;
  readonly advertisedMss?: number;
  readonly hopLimit?: number;
}

export interface Route extends RouteSpec {
  readonly family: Family;
  readonly table: number;
  readonly metric: number;
  readonly type: RouteType;
  readonly protocol: number;
  readonly scope: number;
  /** RTNH_F_...: 1 dead, 16 linkdown. */
  readonly flags: number;
}

export const RTNH_F_DEAD = 1;
export const RTNH_F_ONLINK = 4;
export const RTNH_F_LINKDOWN = 16;

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

export interface RouteFilter {
  readonly family?: Family;
  readonly table?: number;
  readonly protocol?: number;
  readonly link?: number;
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

export interface RouteLookup {
  readonly destination: Ip;
  readonly source?: Ip;
  readonly inputLink?: number;
  readonly outputLink?: number;
  readonly mark?: number;
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
    encode: type === rt.RTM_DELROUTE ? encodeDelete : encode,
    describe,
    cost: 4,
  };
}

function encode(encoder: Encoder, spec: RouteSpec): void {
  writeRoute(encoder, spec, spec.protocol ?? STATIC, spec.scope ?? defaultScope(spec), spec.type ?? 'unicast');
}

function encodeDelete(encoder: Encoder, spec: RouteSpec): void {
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
): void {
  encoder.u8(family);
  encoder.u8(length);
  encoder.u8(0);
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

function encodeList(encoder: Encoder, { family, table, protocol, link }: RouteFilter): void {
  writeHeader(encoder, family ? rt.familyNumber(family) : 0, 0, 0, table ?? 0, protocol ?? 0, 0, 0, 0);
  if (table !== undefined && table > 255) encoder.attributeU32(RTA_TABLE, table);
  if (link !== undefined) encoder.attributeU32(RTA_OIF, link);
}

function encodeLookup(encoder: Encoder, spec: RouteLookup): void {
  const { family, bytes } = spec.destination;
  writeHeader(encoder, rt.familyNumber(family), bitsOf(family), 0, 0, 0, 0, 0, RTM_F_LOOKUP_TABLE);
  encoder.attributeBytes(RTA_DST, bytes);
  if (spec.source) encoder.attributeBytes(RTA_SRC, spec.source.bytes);
  if (spec.inputLink !== undefined) encoder.attributeU32(RTA_IIF, spec.inputLink);
  if (spec.outputLink !== undefined) encoder.attributeU32(RTA_OIF, spec.outputLink);
  if (spec.mark !== undefined) encoder.attributeU32(RTA_MARK, spec.mark);
}

type Draft = { -readonly [K in keyof Route]: Route[K] };
type HopDraft = { -readonly [K in keyof NextHop]: NextHop[K] };

/** Reads RTM_NEWROUTE and RTM_DELROUTE; undefined for cached routes and other families. */
export function decodeRoute(message: MessageView): Route | undefined {
  const { buffer, payload } = message;
  const number = buffer[payload];
  if (number !== rt.AF_INET && number !== rt.AF_INET6) return undefined;
  const flags = read32(buffer, payload + 8);
  if (number === rt.AF_INET6 && (flags & RTM_F_CLONED) !== 0) return undefined;
  const family = number === rt.AF_INET ? 4 : 6;
  const route: Draft = {
    family,
    destination: { address: family === 4 ? ANY4 : ANY6, length: buffer[payload + 1]! },
    table: buffer[payload + 4]!,
    metric: 0,
    type: TYPES[buffer[payload + 7]!] ?? 'unicast',
    protocol: buffer[payload + 5]!,
    scope: buffer[payload + 6]!,
    flags: flags & 0xff,
  };
  if (buffer[payload + 3] !== 0) route.tos = buffer[payload + 3]!;
  if ((flags & RTNH_F_ONLINK) !== 0) route.onlink = true;
  readRoute(Attributes.of(message, 12), route);
  return route;
}

function readRoute(attributes: Attributes, route: Draft): void {
  while (attributes.next()) {
    switch (attributes.type) {
      case RTA_DST:
        route.destination = {
          address: { family: route.family, bytes: attributes.bytes() },
          length: route.destination.length,
        };
        break;
      case RTA_OIF:
        route.link = attributes.u32();
        break;
      case RTA_GATEWAY:
        route.gateway = { family: route.family, bytes: attributes.bytes() };
        break;
      case RTA_VIA:
        route.gateway = readVia(attributes);
        break;
      case RTA_PRIORITY:
        route.metric = attributes.u32();
        break;
      case RTA_PREFSRC:
        route.source = { family: route.family, bytes: attributes.bytes() };
        break;
      case RTA_METRICS:
        readMetrics(attributes.nested(), route);
        break;
      case RTA_MULTIPATH:
        route.nextHops = readNextHops(attributes, route.family);
        break;
      case RTA_TABLE:
        route.table = attributes.u32();
        break;
      case RTA_NH_ID:
        route.nextHopId = attributes.u32();
        break;
      case RTA_ENCAP:
        route.encapsulation = { type: route.encapsulation?.type ?? 0, payload: attributes.bytes() };
        break;
      case RTA_ENCAP_TYPE:
        route.encapsulation = { type: attributes.u16(), payload: route.encapsulation?.payload ?? NOTHING };
        break;
    }
  }
}

function readNextHops(attributes: Attributes, family: Family): NextHop[] {
  const hops: NextHop[] = [];
  const end = attributes.at + attributes.length;
  for (let at = attributes.at; at + 8 <= end; ) {
    const size = read16(attributes.buffer, at);
    if (size < 8 || at + size > end) break;
    hops.push(readNextHop(attributes.buffer, at, size, family));
    at += (size + 3) & ~3;
  }
  return hops;
}

function readNextHop(buffer: Buffer, at: number, size: number, family: Family): NextHop {
  const hop: HopDraft = { link: read32(buffer, at + 4), weight: buffer[at + 3]! + 1 };
  if ((buffer[at + 2]! & RTNH_F_ONLINK) !== 0) hop.onlink = true;
  const attributes = new Attributes(buffer, at + 8, at + size);
  while (attributes.next()) {
    if (attributes.type === RTA_GATEWAY) hop.gateway = { family, bytes: attributes.bytes() };
    else if (attributes.type === RTA_VIA) hop.gateway = readVia(attributes);
    else if (attributes.type === RTA_ENCAP)
      hop.encapsulation = { type: hop.encapsulation?.type ?? 0, payload: attributes.bytes() };
    else if (attributes.type === RTA_ENCAP_TYPE)
      hop.encapsulation = { type: attributes.u16(), payload: hop.encapsulation?.payload ?? NOTHING };
  }
  return hop;
}

function readVia(attributes: Attributes): Ip {
  const bytes = attributes.bytes().slice(2);
  return { family: bytes.length === 4 ? 4 : 6, bytes };
}

function readMetrics(metrics: Attributes, route: Draft): void {
  while (metrics.next()) {
    if (metrics.type === RTAX_MTU) route.mtu = metrics.u32();
    else if (metrics.type === RTAX_ADVMSS) route.advertisedMss = metrics.u32();
    else if (metrics.type === RTAX_HOPLIMIT) route.hopLimit = metrics.u32();
    else if (metrics.type === RTAX_LOCK && (metrics.u32() & (1 << RTAX_MTU)) !== 0) route.mtuLocked = true;
  }
}

/** In the order of RTN_... */
const TYPES: readonly (RouteType | undefined)[] = [
  undefined,
  'unicast',
  'local',
  'broadcast',
  'anycast',
  'multicast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
];

const ANY4: Ip = { family: 4, bytes: new Uint8Array(4) };
const ANY6: Ip = { family: 6, bytes: new Uint8Array(16) };
const NOTHING = new Uint8Array(0);

const MAIN = 254;
const STATIC = 4;
const UNIVERSE = 0;
const LINK = 253;
const HOST = 254;
const NOWHERE = 255;

const RTM_F_CLONED = 0x200;
const RTM_F_LOOKUP_TABLE = 0x1000;

const RTA_DST = 1;
const RTA_SRC = 2;
const RTA_IIF = 3;
const RTA_OIF = 4;
const RTA_GATEWAY = 5;
const RTA_PRIORITY = 6;
const RTA_PREFSRC = 7;
const RTA_METRICS = 8;
const RTA_MULTIPATH = 9;
const RTA_TABLE = 15;
const RTA_MARK = 16;
const RTA_VIA = 18;
const RTA_ENCAP_TYPE = 21;
const RTA_ENCAP = 22;
const RTA_NH_ID = 30;
const RTAX_LOCK = 1;
const RTAX_MTU = 2;
const RTAX_ADVMSS = 8;
const RTAX_HOPLIMIT = 10;
