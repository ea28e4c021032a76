import type { Family, Ip } from '../../model/address.ts';
import * as rt from './constants.ts';
import { Attributes, read16, read32 } from './reader.ts';
import type { MessageView } from './reader.ts';
import {
  RTM_F_CLONED,
  RTA_DST,
  RTA_OIF,
  RTA_GATEWAY,
  RTA_PRIORITY,
  RTA_PREFSRC,
  RTA_METRICS,
  RTA_MULTIPATH,
  RTA_TABLE,
  RTA_VIA,
  RTA_ENCAP_TYPE,
  RTA_ENCAP,
  RTA_NH_ID,
  RTAX_LOCK,
  RTAX_MTU,
  RTAX_ADVMSS,
  RTAX_HOPLIMIT,
  TYPES,
  RTNH_F_DEAD,
  RTNH_F_ONLINK,
} from './route-attributes.ts';
import type { NextHop, Route } from './route-model.ts';

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
  if ((buffer[at + 2]! & RTNH_F_DEAD) !== 0) hop.dead = true;
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

const ANY4: Ip = { family: 4, bytes: new Uint8Array(4) };
const ANY6: Ip = { family: 6, bytes: new Uint8Array(16) };
const NOTHING = new Uint8Array(0);
