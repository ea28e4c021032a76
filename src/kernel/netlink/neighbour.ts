/** Neighbours (ARP, ND, proxies) and forwarding entries of bridges and VXLAN devices: RTM_NEWNEIGH, RTM_DELNEIGH, RTM_GETNEIGH. */

import type { Family, Ip } from '../../model/address.ts';
import { formatIp, formatMac } from '../../model/address.ts';
import * as rt from './constants.ts';
import type { Encoder } from './encoder.ts';
import { Attributes, read16, read32 } from './reader.ts';
import type { MessageView } from './reader.ts';
import type { Query, Request } from './request.ts';

export const NUD_REACHABLE = 0x02;
export const NUD_STALE = 0x04;
export const NUD_NOARP = 0x40;
export const NUD_PERMANENT = 0x80;

export const NTF_USE = 0x01;
export const NTF_SELF = 0x02;
export const NTF_MASTER = 0x04;
export const NTF_PROXY = 0x08;
export const NTF_EXT_LEARNED = 0x10;
export const NTF_ROUTER = 0x80;
export const NTF_STICKY = 0x40;

export interface NeighbourSpec {
  readonly link: number;
  readonly address: Ip;
  /** Hardware address; none for a proxy entry. */
  readonly mac?: Uint8Array;
  /** NUD_...; default permanent. */
  readonly state?: number;
  /** NTF_...: NTF_PROXY makes it a proxy entry. */
  readonly flags?: number;
  /** Who made it, 0-255 (kernel 5.0 and later). */
  readonly protocol?: number;
}

export interface Neighbour extends NeighbourSpec {
  readonly family: Family;
  readonly state: number;
  readonly flags: number;
}

export interface FdbSpec {
  /** The port of the bridge, the bridge itself or the VXLAN device. */
  readonly link: number;
  /** All zeros: where a VXLAN device sends what it does not know. */
  readonly mac: Uint8Array;
  /** NUD_...: permanent (local), noarp (static), reachable (dynamic). Default static. */
  readonly state?: number;
  /** NTF_...: MASTER (entry of the bridge; default) or SELF (entry of the device), STICKY, EXT_LEARNED. */
  readonly flags?: number;
  readonly vlan?: number;
  /** VXLAN: where it is. Several with the zero MAC are flooded to. */
  readonly remote?: Ip;
  readonly port?: number;
  readonly vni?: number;
  /** VNI of frames the entry applies to (collect-metadata devices). */
  readonly sourceVni?: number;
  /** VXLAN: index of the interface to send through. */
  readonly remoteLink?: number;
}

export interface FdbEntry extends FdbSpec {
  readonly state: number;
  readonly flags: number;
  /** Index of the bridge. */
  readonly master?: number;
}

/** Adds an entry; EEXIST when there is one. */
export function addNeighbour(spec: NeighbourSpec): Request<NeighbourSpec> {
  return neighbour(rt.RTM_NEWNEIGH, rt.NLM_F_CREATE | rt.NLM_F_EXCL, spec, 'add');
}

/** Makes the entry what `spec` says, whether there was one or not. */
export function replaceNeighbour(spec: NeighbourSpec): Request<NeighbourSpec> {
  return neighbour(rt.RTM_NEWNEIGH, rt.NLM_F_CREATE | rt.NLM_F_REPLACE, spec, 'set');
}

export function deleteNeighbour(spec: NeighbourSpec): Request<NeighbourSpec> {
  return neighbour(rt.RTM_DELNEIGH, 0, spec, 'delete');
}

export interface NeighbourFilter {
  readonly family?: Family;
  readonly link?: number;
  /** Proxy entries; the kernel lists them apart. */
  readonly proxies?: boolean;
}

export function listNeighbours(filter: NeighbourFilter = {}): Query<Neighbour, NeighbourFilter> {
  return {
    type: rt.RTM_GETNEIGH,
    flags: rt.NLM_F_DUMP,
    spec: filter,
    encode(encoder, { family, link, proxies }) {
      // Strict checking refuses an index in the header: it is an attribute.
      writeHeader(encoder, family ? rt.familyNumber(family) : rt.AF_UNSPEC, 0, 0, proxies ? NTF_PROXY : 0);
      if (link !== undefined && !proxies) encoder.attributeU32(NDA_IFINDEX, link);
    },
    describe: ({ proxies }) => (proxies ? 'list neighbour proxies' : 'list neighbours'),
    decode(message, { link }) {
      const entry = decodeNeighbour(message);
      return entry && (link === undefined || entry.link === link) ? entry : undefined;
    },
  };
}

/** Adds a forwarding entry; EEXIST when there is one for this MAC. */
export function addFdb(spec: FdbSpec): Request<FdbSpec> {
  return fdb(rt.RTM_NEWNEIGH, rt.NLM_F_CREATE | rt.NLM_F_EXCL, spec, 'add');
}

/** Makes the forwarding entry of this MAC what `spec` says; on a VXLAN device, the only remote of it. */
export function replaceFdb(spec: FdbSpec): Request<FdbSpec> {
  return fdb(rt.RTM_NEWNEIGH, rt.NLM_F_CREATE | rt.NLM_F_REPLACE, spec, 'set');
}

/** VXLAN: adds one more remote for this MAC. */
export function appendFdb(spec: FdbSpec): Request<FdbSpec> {
  return fdb(rt.RTM_NEWNEIGH, rt.NLM_F_CREATE | rt.NLM_F_APPEND, spec, 'add');
}

export function deleteFdb(spec: FdbSpec): Request<FdbSpec> {
  return fdb(rt.RTM_DELNEIGH, 0, spec, 'delete');
}

export interface FdbFilter {
  /** Only entries of this bridge. */
  readonly bridge?: number;
  /** Only entries of this port or device. */
  readonly link?: number;
}

export function listFdb(filter: FdbFilter = {}): Query<FdbEntry, FdbFilter> {
  return {
    type: rt.RTM_GETNEIGH,
    flags: rt.NLM_F_DUMP,
    spec: filter,
    encode(encoder, { bridge, link }) {
      writeHeader(encoder, rt.AF_BRIDGE, link ?? 0, 0, 0);
      if (bridge !== undefined) encoder.attributeU32(NDA_MASTER, bridge);
    },
    describe: () => 'list forwarding entries',
    decode: decodeFdb,
  };
}

function neighbour(type: number, flags: number, spec: NeighbourSpec, verb: string): Request<NeighbourSpec> {
  const describe = ({ address, link }: NeighbourSpec): string =>
    `${verb} neighbour ${formatIp(address)} of link #${link}`;
  return { type, flags, lane: 'quick', spec, encode: encodeNeighbour, describe, cost: 6 };
}

function fdb(type: number, flags: number, spec: FdbSpec, verb: string): Request<FdbSpec> {
  const describe = ({ mac, link, remote }: FdbSpec): string =>
    `${verb} forwarding entry ${formatMac(mac)}${remote ? ` to ${formatIp(remote)}` : ''} of link #${link}`;
  return { type, flags, lane: 'quick', spec, encode: encodeFdb, describe, cost: 8 };
}

function encodeNeighbour(encoder: Encoder, spec: NeighbourSpec): void {
  writeHeader(encoder, rt.familyNumber(spec.address.family), spec.link, spec.state ?? NUD_PERMANENT, spec.flags ?? 0);
  encoder.attributeBytes(NDA_DST, spec.address.bytes);
  if (spec.mac) encoder.attributeBytes(NDA_LLADDR, spec.mac);
  if (spec.protocol !== undefined) encoder.attributeU8(NDA_PROTOCOL, spec.protocol);
}

function encodeFdb(encoder: Encoder, spec: FdbSpec): void {
  writeHeader(encoder, rt.AF_BRIDGE, spec.link, spec.state ?? NUD_NOARP, spec.flags ?? NTF_MASTER);
  encoder.attributeBytes(NDA_LLADDR, spec.mac);
  if (spec.remote) encoder.attributeBytes(NDA_DST, spec.remote.bytes);
  if (spec.vlan !== undefined) encoder.attributeU16(NDA_VLAN, spec.vlan);
  if (spec.port !== undefined) encoder.attributeBe16(NDA_PORT, spec.port);
  if (spec.vni !== undefined) encoder.attributeU32(NDA_VNI, spec.vni);
  if (spec.sourceVni !== undefined) encoder.attributeU32(NDA_SRC_VNI, spec.sourceVni);
  if (spec.remoteLink !== undefined) encoder.attributeU32(NDA_IFINDEX, spec.remoteLink);
}

/** struct ndmsg */
function writeHeader(encoder: Encoder, family: number, link: number, state: number, flags: number): void {
  encoder.u8(family);
  encoder.u8(0);
  encoder.u16(0);
  encoder.u32(link);
  encoder.u16(state);
  encoder.u8(flags);
  encoder.u8(0);
}

/** Reads RTM_NEWNEIGH and RTM_DELNEIGH of IPv4 and IPv6. */
export function decodeNeighbour(message: MessageView): Neighbour | undefined {
  const { buffer, payload } = message;
  const number = buffer[payload];
  if (number !== rt.AF_INET && number !== rt.AF_INET6) return undefined;
  const family = number === rt.AF_INET ? 4 : 6;
  let address: Uint8Array | undefined;
  let mac: Uint8Array | undefined;
  let protocol: number | undefined;
  const attributes = Attributes.of(message, 12);
  while (attributes.next()) {
    if (attributes.type === NDA_DST) address = attributes.bytes();
    else if (attributes.type === NDA_LLADDR) mac = attributes.bytes();
    else if (attributes.type === NDA_PROTOCOL) protocol = attributes.u8();
  }
  if (!address) return undefined;
  return {
    link: read32(buffer, payload + 4),
    family,
    address: { family, bytes: address },
    state: read16(buffer, payload + 8),
    flags: buffer[payload + 10]!,
    ...(mac && { mac }),
    ...(protocol !== undefined && { protocol }),
  };
}

/** Reads RTM_NEWNEIGH and RTM_DELNEIGH of AF_BRIDGE. */
export function decodeFdb(message: MessageView): FdbEntry | undefined {
  const { buffer, payload } = message;
  if (buffer[payload] !== rt.AF_BRIDGE) return undefined;
  const entry: { -readonly [K in keyof FdbEntry]: FdbEntry[K] } = {
    link: read32(buffer, payload + 4),
    mac: NO_MAC,
    state: read16(buffer, payload + 8),
    flags: buffer[payload + 10]!,
  };
  const attributes = Attributes.of(message, 12);
  while (attributes.next()) {
    if (attributes.type === NDA_LLADDR) entry.mac = attributes.bytes();
    else if (attributes.type === NDA_DST)
      entry.remote = { family: attributes.length === 4 ? 4 : 6, bytes: attributes.bytes() };
    else if (attributes.type === NDA_VLAN) entry.vlan = attributes.u16();
    else if (attributes.type === NDA_PORT) entry.port = attributes.be16();
    else if (attributes.type === NDA_VNI) entry.vni = attributes.u32();
    else if (attributes.type === NDA_SRC_VNI) entry.sourceVni = attributes.u32();
    else if (attributes.type === NDA_IFINDEX) entry.remoteLink = attributes.u32();
    else if (attributes.type === NDA_MASTER) entry.master = attributes.u32();
  }
  return entry;
}

const NO_MAC = new Uint8Array(6);
const NDA_DST = 1;
const NDA_LLADDR = 2;
const NDA_VLAN = 5;
const NDA_PORT = 6;
const NDA_VNI = 7;
const NDA_IFINDEX = 8;
const NDA_MASTER = 9;
const NDA_SRC_VNI = 11;
const NDA_PROTOCOL = 12;
