/** Segment routing over IPv6 as encapsulation of a route (LWTUNNEL_ENCAP_SEG6 and LWTUNNEL_ENCAP_SEG6_LOCAL). */

import type { Ip } from '../../model/address.ts';
import { Encoder } from './encoder.ts';
import { Attributes } from './reader.ts';
import type { Encapsulation } from './route.ts';

export const ENCAPSULATION_SEG6 = 5;
export const ENCAPSULATION_SEG6_LOCAL = 7;

export type Seg6Mode = 'inline' | 'encap' | 'l2encap' | 'encap.red' | 'l2encap.red';

/** What to do with packets that this route takes: a segment list in the order of travel. */
export interface Seg6 {
  readonly mode: Seg6Mode;
  readonly segments: readonly Ip[];
}

/** What a local segment does. */
export interface Seg6Local {
  /** One of `seg6Actions`. */
  readonly action: number;
  readonly table?: number;
  readonly vrfTable?: number;
  readonly nextHop4?: Ip;
  readonly nextHop6?: Ip;
  readonly outputLink?: number;
  /** For End.B6 and End.B6.Encaps. */
  readonly segments?: readonly Ip[];
  /** True: the segment header is removed before the last segment (Linux 6.3 and later, for End only). */
  readonly psp?: boolean;
}

/** SEG6_LOCAL_ACTION_... */
export const seg6Actions = {
  End: 1,
  'End.X': 2,
  'End.T': 3,
  'End.DX2': 4,
  'End.DX6': 5,
  'End.DX4': 6,
  'End.DT6': 7,
  'End.DT4': 8,
  'End.B6': 9,
  'End.B6.Encaps': 10,
  'End.DT46': 16,
} as const;

export function seg6({ mode, segments }: Seg6): Encapsulation {
  const encoder = new Encoder(256);
  const nest = encoder.beginNest(SEG6_IPTUNNEL_SRH, 0);
  encoder.u32(MODES.indexOf(mode));
  // Inserted into the packet, the list ends with the packet's own destination, which the kernel fills in.
  writeHeader(encoder, mode === 'inline' ? [...segments, UNSPECIFIED] : segments);
  encoder.endNest(nest);
  return { type: ENCAPSULATION_SEG6, payload: encoder.bytes.slice(0, encoder.position) };
}

/** The reverse of `seg6`; undefined for another encapsulation. */
export function readSeg6(encapsulation: Encapsulation): Seg6 | undefined {
  if (encapsulation.type !== ENCAPSULATION_SEG6) return undefined;
  const attributes = attributesOf(encapsulation);
  while (attributes.next()) {
    if (attributes.type !== SEG6_IPTUNNEL_SRH) continue;
    const mode = MODES[attributes.u32()] ?? 'encap';
    const segments = readHeader(attributes, 4);
    return { mode, segments: mode === 'inline' ? segments.slice(0, -1) : segments };
  }
  return undefined;
}

export function seg6Local(local: Seg6Local): Encapsulation {
  const encoder = new Encoder(256);
  encoder.attributeU32(SEG6_LOCAL_ACTION, local.action);
  if (local.segments) {
    const nest = encoder.beginNest(SEG6_LOCAL_SRH, 0);
    writeHeader(encoder, inserts(local) ? [...local.segments, UNSPECIFIED] : local.segments);
    encoder.endNest(nest);
  }
  if (local.table !== undefined) encoder.attributeU32(SEG6_LOCAL_TABLE, local.table);
  if (local.vrfTable !== undefined) encoder.attributeU32(SEG6_LOCAL_VRFTABLE, local.vrfTable);
  if (local.nextHop4) encoder.attributeBytes(SEG6_LOCAL_NH4, local.nextHop4.bytes);
  if (local.nextHop6) encoder.attributeBytes(SEG6_LOCAL_NH6, local.nextHop6.bytes);
  if (local.outputLink !== undefined) encoder.attributeU32(SEG6_LOCAL_OIF, local.outputLink);
  if (local.psp) {
    const nest = encoder.beginNest(SEG6_LOCAL_FLAVORS);
    encoder.attributeU32(SEG6_LOCAL_FLV_OPERATION, 1 << SEG6_LOCAL_FLV_OP_PSP);
    encoder.endNest(nest);
  }
  return { type: ENCAPSULATION_SEG6_LOCAL, payload: encoder.bytes.slice(0, encoder.position) };
}

/** The reverse of `seg6Local`; undefined for another encapsulation. */
export function readSeg6Local(encapsulation: Encapsulation): Seg6Local | undefined {
  if (encapsulation.type !== ENCAPSULATION_SEG6_LOCAL) return undefined;
  const local: { -readonly [K in keyof Seg6Local]: Seg6Local[K] } = { action: 0 };
  const attributes = attributesOf(encapsulation);
  while (attributes.next()) {
    if (attributes.type === SEG6_LOCAL_ACTION) local.action = attributes.u32();
    else if (attributes.type === SEG6_LOCAL_SRH) local.segments = readHeader(attributes, 0);
    else if (attributes.type === SEG6_LOCAL_TABLE) local.table = attributes.u32();
    else if (attributes.type === SEG6_LOCAL_VRFTABLE) local.vrfTable = attributes.u32();
    else if (attributes.type === SEG6_LOCAL_NH4) local.nextHop4 = { family: 4, bytes: attributes.bytes() };
    else if (attributes.type === SEG6_LOCAL_NH6) local.nextHop6 = { family: 6, bytes: attributes.bytes() };
    else if (attributes.type === SEG6_LOCAL_OIF) local.outputLink = attributes.u32();
    else if (attributes.type === SEG6_LOCAL_FLAVORS && hasPsp(attributes.nested())) local.psp = true;
  }
  if (local.segments && inserts(local)) local.segments = local.segments.slice(0, -1);
  return local;
}

/** Inserted into the packet, the list ends with the packet's own destination. */
function inserts({ action }: Seg6Local): boolean {
  return action === seg6Actions['End.B6'];
}

function hasPsp(flavors: Attributes): boolean {
  while (flavors.next()) {
    if (flavors.type === SEG6_LOCAL_FLV_OPERATION) return (flavors.u32() & (1 << SEG6_LOCAL_FLV_OP_PSP)) !== 0;
  }
  return false;
}

/** struct ipv6_sr_hdr (RFC 8754 section 2): the segments stand in reverse order. */
function writeHeader(encoder: Encoder, segments: readonly Ip[]): void {
  encoder.u8(0);
  encoder.u8(segments.length * 2);
  encoder.u8(4);
  encoder.u8(segments.length - 1);
  encoder.u8(segments.length - 1);
  encoder.u8(0);
  encoder.u16(0);
  for (const segment of segments.toReversed()) encoder.raw(segment.bytes);
}

function readHeader(attributes: Attributes, offset: number): Ip[] {
  const bytes = attributes.bytes().subarray(offset + 8);
  const segments: Ip[] = [];
  for (let at = 0; at + 16 <= bytes.length; at += 16) segments.unshift({ family: 6, bytes: bytes.slice(at, at + 16) });
  return segments;
}

function attributesOf({ payload }: Encapsulation): Attributes {
  return new Attributes(Buffer.from(payload), 0, payload.length);
}

const UNSPECIFIED: Ip = { family: 6, bytes: new Uint8Array(16) };
/** In the order of SEG6_IPTUN_MODE_... */
const MODES: readonly Seg6Mode[] = ['inline', 'encap', 'l2encap', 'encap.red', 'l2encap.red'];
const SEG6_IPTUNNEL_SRH = 1;
const SEG6_LOCAL_ACTION = 1;
const SEG6_LOCAL_SRH = 2;
const SEG6_LOCAL_TABLE = 3;
const SEG6_LOCAL_NH4 = 4;
const SEG6_LOCAL_NH6 = 5;
const SEG6_LOCAL_OIF = 7;
const SEG6_LOCAL_VRFTABLE = 9;
const SEG6_LOCAL_FLAVORS = 11;
const SEG6_LOCAL_FLV_OPERATION = 1;
const SEG6_LOCAL_FLV_OP_PSP = 1;
