/** Addresses of links: RTM_NEWADDR, RTM_DELADDR, RTM_GETADDR. */

import type { Family, Ip, Prefix } from '../../model/address.ts';
import { formatPrefix, lastOf } from '../../model/address.ts';
import * as rt from './constants.ts';
import type { Encoder } from './encoder.ts';
import { Attributes, read32 } from './reader.ts';
import type { MessageView } from './reader.ts';
import type { Query, Request } from './request.ts';

export interface NewAddress {
  /** Index of the link. */
  readonly link: number;
  readonly address: Prefix;
  /** The other end of a point-to-point link. */
  readonly peer?: Ip;
  /** Default: the last address of an IPv4 prefix of at most 30 bits; null: none. */
  readonly broadcast?: Ip | null;
  /** RT_SCOPE_...: 0 global (default), 253 link, 254 host. */
  readonly scope?: number;
  /** IFA_F_...: see below. */
  readonly flags?: number;
  /** IPv4 only: a name that starts with the link's. */
  readonly label?: string;
  /** Metric of the prefix route. */
  readonly metric?: number;
  /** Who set it (IFA_PROTO, kernel 5.18 and later). */
  readonly protocol?: number;
}

/** Do not do duplicate address detection (IPv6): the address is usable at once. */
export const IFA_F_NODAD = 0x02;
export const IFA_F_SECONDARY = 0x01;
export const IFA_F_DADFAILED = 0x08;
export const IFA_F_DEPRECATED = 0x20;
export const IFA_F_TENTATIVE = 0x40;
export const IFA_F_PERMANENT = 0x80;
/** Do not make the route to the prefix. */
export const IFA_F_NOPREFIXROUTE = 0x200;

export interface Address {
  readonly link: number;
  readonly family: Family;
  readonly address: Prefix;
  readonly peer?: Ip;
  readonly broadcast?: Ip;
  readonly scope: number;
  readonly flags: number;
  readonly label?: string;
  readonly metric?: number;
  readonly protocol?: number;
}

/** Adds an address; EEXIST when it is there. */
export function addAddress(spec: NewAddress): Request<NewAddress> {
  return request(rt.RTM_NEWADDR, rt.NLM_F_CREATE | rt.NLM_F_EXCL, spec, 'add');
}

/** Adds an address, or changes flags and metric of the one that is there. */
export function replaceAddress(spec: NewAddress): Request<NewAddress> {
  return request(rt.RTM_NEWADDR, rt.NLM_F_CREATE | rt.NLM_F_REPLACE, spec, 'set');
}

export function deleteAddress(spec: NewAddress): Request<NewAddress> {
  return request(rt.RTM_DELADDR, 0, spec, 'delete');
}

export interface AddressFilter {
  readonly family?: Family;
  readonly link?: number;
}

export function listAddresses(filter: AddressFilter = {}): Query<Address, AddressFilter> {
  return {
    type: rt.RTM_GETADDR,
    flags: rt.NLM_F_DUMP,
    spec: filter,
    encode(encoder, { family, link }) {
      writeHeader(encoder, family ? rt.familyNumber(family) : rt.AF_UNSPEC, 0, 0, 0, link ?? 0);
    },
    describe: () => 'list addresses',
    decode: decodeAddress,
  };
}

function request(type: number, flags: number, spec: NewAddress, verb: string): Request<NewAddress> {
  const describe = ({ address, link }: NewAddress): string =>
    `${verb} address ${formatPrefix(address)} of link #${link}`;
  return { type, flags, lane: 'quick', spec, encode, describe, cost: 25 };
}

function encode(encoder: Encoder, spec: NewAddress): void {
  const { family, bytes } = spec.address.address;
  const flags = spec.flags ?? 0;
  writeHeader(encoder, rt.familyNumber(family), spec.address.length, flags & 0xff, spec.scope ?? 0, spec.link);
  encoder.attributeBytes(IFA_LOCAL, bytes);
  encoder.attributeBytes(IFA_ADDRESS, spec.peer?.bytes ?? bytes);
  const broadcast = spec.broadcast === undefined ? defaultBroadcast(spec) : spec.broadcast;
  if (broadcast) encoder.attributeBytes(IFA_BROADCAST, broadcast.bytes);
  if (spec.label !== undefined) encoder.attributeString(IFA_LABEL, spec.label);
  if (flags > 0xff) encoder.attributeU32(IFA_FLAGS, flags);
  if (spec.metric !== undefined) encoder.attributeU32(IFA_RT_PRIORITY, spec.metric);
  if (spec.protocol !== undefined) encoder.attributeU8(IFA_PROTO, spec.protocol);
}

function defaultBroadcast({ address, peer }: NewAddress): Ip | undefined {
  return address.address.family === 4 && address.length <= 30 && !peer ? lastOf(address) : undefined;
}

/** struct ifaddrmsg */
function writeHeader(
  encoder: Encoder,
  family: number,
  length: number,
  flags: number,
  scope: number,
  link: number,
): void {
  encoder.u8(family);
  encoder.u8(length);
  encoder.u8(flags);
  encoder.u8(scope);
  encoder.u32(link);
}

/** Reads RTM_NEWADDR and RTM_DELADDR. */
export function decodeAddress(message: MessageView): Address | undefined {
  const { buffer, payload } = message;
  const number = buffer[payload];
  if (number !== rt.AF_INET && number !== rt.AF_INET6) return undefined;
  const family = number === rt.AF_INET ? 4 : 6;
  const draft: { -readonly [K in keyof Address]?: Address[K] } = {};
  let flags = buffer[payload + 2]!;
  let local: Uint8Array | undefined;
  let address: Uint8Array | undefined;
  const attributes = Attributes.of(message, 8);
  while (attributes.next()) {
    if (attributes.type === IFA_LOCAL) local = attributes.bytes();
    else if (attributes.type === IFA_ADDRESS) address = attributes.bytes();
    else if (attributes.type === IFA_BROADCAST) draft.broadcast = { family, bytes: attributes.bytes() };
    else if (attributes.type === IFA_LABEL) draft.label = attributes.string();
    else if (attributes.type === IFA_FLAGS) flags = attributes.u32();
    else if (attributes.type === IFA_RT_PRIORITY) draft.metric = attributes.u32();
    else if (attributes.type === IFA_PROTO) draft.protocol = attributes.u8();
  }
  const own = local ?? address;
  if (!own) return undefined;
  if (local && address && !local.every((byte, index) => byte === address[index]))
    draft.peer = { family, bytes: address };
  return {
    ...draft,
    link: read32(buffer, payload + 4),
    family,
    address: { address: { family, bytes: own }, length: buffer[payload + 1]! },
    scope: buffer[payload + 3]!,
    flags,
  };
}

const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;
const IFA_LABEL = 3;
const IFA_BROADCAST = 4;
const IFA_FLAGS = 8;
const IFA_RT_PRIORITY = 9;
const IFA_PROTO = 11;
