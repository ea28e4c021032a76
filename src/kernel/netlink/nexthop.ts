/** Nexthop objects: RTM_NEWNEXTHOP, RTM_DELNEXTHOP, RTM_GETNEXTHOP (kernel 5.3 and later). */

import type { Family, Ip } from '../../model/address.ts';
import * as rt from './constants.ts';
import type { Encoder } from './encoder.ts';
import { Attributes, read32 } from './reader.ts';
import type { MessageView } from './reader.ts';
import type { Query, Request } from './request.ts';
import type { Encapsulation } from './route.ts';

export interface NexthopSpec {
  readonly id: number;
  /** Who made it (RTPROT_...). */
  readonly protocol?: number;
  readonly gateway?: Ip;
  readonly link?: number;
  readonly onlink?: boolean;
  readonly blackhole?: boolean;
  /** Family when there is no gateway. Default 4. */
  readonly family?: Family;
  readonly encapsulation?: Encapsulation;
  /** Members, for a group. A dead member is removed by the kernel for good. */
  readonly group?: readonly NexthopMember[];
}

export interface NexthopMember {
  readonly id: number;
  /** 1-256. */
  readonly weight: number;
}

export interface Nexthop extends NexthopSpec {
  readonly protocol: number;
  readonly flags: number;
}

/** Makes the object what `spec` says, whether there was one of this id or not. */
export function replaceNexthop(spec: NexthopSpec): Request<NexthopSpec> {
  const flags = rt.NLM_F_CREATE | rt.NLM_F_REPLACE;
  return {
    type: rt.RTM_NEWNEXTHOP,
    flags,
    lane: 'quick',
    spec,
    encode,
    describe: ({ id }) => `set nexthop ${id}`,
    cost: 10,
  };
}

/** Deletes the object, and every route that uses it. */
export function deleteNexthop(id: number): Request<number> {
  return {
    type: rt.RTM_DELNEXTHOP,
    flags: 0,
    lane: 'quick',
    spec: id,
    encode(encoder) {
      writeHeader(encoder, rt.AF_UNSPEC, 0, 0);
      encoder.attributeU32(NHA_ID, id);
    },
    describe: () => `delete nexthop ${id}`,
    cost: 50,
  };
}

export function listNexthops(): Query<Nexthop, undefined> {
  return {
    type: rt.RTM_GETNEXTHOP,
    flags: rt.NLM_F_DUMP,
    spec: undefined,
    encode: (encoder) => writeHeader(encoder, rt.AF_UNSPEC, 0, 0),
    describe: () => 'list nexthops',
    decode: decodeNexthop,
  };
}

function encode(encoder: Encoder, spec: NexthopSpec): void {
  const family = spec.gateway?.family ?? spec.family ?? 4;
  writeHeader(
    encoder,
    spec.group ? rt.AF_UNSPEC : rt.familyNumber(family),
    spec.protocol ?? 4,
    spec.onlink ? RTNH_F_ONLINK : 0,
  );
  encoder.attributeU32(NHA_ID, spec.id);
  if (spec.blackhole) encoder.attributeFlag(NHA_BLACKHOLE);
  if (spec.link !== undefined) encoder.attributeU32(NHA_OIF, spec.link);
  if (spec.gateway) encoder.attributeBytes(NHA_GATEWAY, spec.gateway.bytes);
  if (spec.encapsulation) {
    encoder.attributeU16(NHA_ENCAP_TYPE, spec.encapsulation.type);
    const nest = encoder.beginNest(NHA_ENCAP);
    encoder.raw(spec.encapsulation.payload);
    encoder.endNest(nest);
    encoder.pad();
  }
  if (!spec.group) return;
  const nest = encoder.beginNest(NHA_GROUP, 0);
  for (const member of spec.group) {
    encoder.u32(member.id);
    encoder.u8(member.weight - 1);
    encoder.zeros(3);
  }
  encoder.endNest(nest);
}

/** struct nhmsg */
function writeHeader(encoder: Encoder, family: number, protocol: number, flags: number): void {
  encoder.u8(family);
  encoder.u8(0);
  encoder.u8(protocol);
  encoder.u8(0);
  encoder.u32(flags);
}

/** Reads RTM_NEWNEXTHOP and RTM_DELNEXTHOP. */
export function decodeNexthop(message: MessageView): Nexthop | undefined {
  const { buffer, payload } = message;
  const flags = read32(buffer, payload + 4);
  const nexthop: { -readonly [K in keyof Nexthop]: Nexthop[K] } = { id: 0, protocol: buffer[payload + 2]!, flags };
  if (buffer[payload] !== rt.AF_UNSPEC) nexthop.family = buffer[payload] === rt.AF_INET ? 4 : 6;
  if ((flags & RTNH_F_ONLINK) !== 0) nexthop.onlink = true;
  const attributes = Attributes.of(message, 8);
  while (attributes.next()) {
    if (attributes.type === NHA_ID) nexthop.id = attributes.u32();
    else if (attributes.type === NHA_BLACKHOLE) nexthop.blackhole = true;
    else if (attributes.type === NHA_OIF) nexthop.link = attributes.u32();
    else if (attributes.type === NHA_GATEWAY)
      nexthop.gateway = { family: attributes.length === 4 ? 4 : 6, bytes: attributes.bytes() };
    else if (attributes.type === NHA_GROUP) nexthop.group = readGroup(attributes);
    else if (attributes.type === NHA_ENCAP)
      nexthop.encapsulation = { type: nexthop.encapsulation?.type ?? 0, payload: attributes.bytes() };
    else if (attributes.type === NHA_ENCAP_TYPE)
      nexthop.encapsulation = { type: attributes.u16(), payload: nexthop.encapsulation?.payload ?? new Uint8Array(0) };
  }
  return nexthop;
}

function readGroup(attributes: Attributes): NexthopMember[] {
  const members: NexthopMember[] = [];
  for (let offset = 0; offset + 8 <= attributes.length; offset += 8) {
    members.push({ id: attributes.u32(offset), weight: attributes.u8(offset + 4) + 1 });
  }
  return members;
}

const RTNH_F_ONLINK = 4;
const NHA_ID = 1;
const NHA_GROUP = 2;
const NHA_BLACKHOLE = 4;
const NHA_OIF = 5;
const NHA_GATEWAY = 6;
const NHA_ENCAP_TYPE = 7;
const NHA_ENCAP = 8;
