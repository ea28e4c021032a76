/** Filters of traffic control that say where a tunnel device sends a packet (cls_matchall with act_tunnel_key). */

import type { Ip } from '../../model/address.ts';
import * as rt from './constants.ts';
import type { Encoder } from './encoder.ts';
import { Attributes, read32 } from './reader.ts';
import type { MessageView } from './reader.ts';
import type { Query, Request } from './request.ts';

/** Tunnel parameters that packets get as they leave by the link. */
export interface TunnelKeyFilter {
  readonly link: number;
  /** 1-65535; lower first. */
  readonly priority: number;
  /** EtherType of the packets that get it (0x0800, 0x86dd); others pass the filter by. */
  readonly protocol: number;
  /** Network identifier. */
  readonly id: number;
  /** Both of one family. */
  readonly source: Ip;
  readonly destination: Ip;
  /** UDP port of the other end. */
  readonly port: number;
  /** Of the outer packet. */
  readonly ttl: number;
  readonly checksum: boolean;
}

/** Adds the filter to packets that leave; EEXIST when there is one of this priority. The link must have clsact. */
export function addTunnelKey(spec: TunnelKeyFilter): Request<TunnelKeyFilter> {
  return {
    type: rt.RTM_NEWTFILTER,
    flags: rt.NLM_F_CREATE | rt.NLM_F_EXCL,
    lane: 'quick',
    spec,
    encode: encodeFilter,
    describe: ({ link, id }) => `send what leaves by link #${link} to the other end of tunnel ${id}`,
    cost: 40,
  };
}

/** Filters of this kind on what leaves by one link. */
export function listTunnelKeys(spec: { readonly link: number }): Query<TunnelKeyFilter, typeof spec> {
  return {
    type: rt.RTM_GETTFILTER,
    flags: rt.NLM_F_DUMP,
    spec,
    encode: (encoder, { link }) => writeHeader(encoder, link, 0),
    describe: ({ link }) => `list tunnel ends of link #${link}`,
    decode: decodeFilter,
  };
}

function encodeFilter(encoder: Encoder, filter: TunnelKeyFilter): void {
  writeHeader(encoder, filter.link, ((filter.priority << 16) | swapped(filter.protocol)) >>> 0);
  encoder.attributeString(TCA_KIND, 'matchall');
  const options = encoder.beginNest(TCA_OPTIONS);
  const actions = encoder.beginNest(TCA_MATCHALL_ACT);
  const action = encoder.beginNest(1);
  encoder.attributeString(TCA_ACT_KIND, 'tunnel_key');
  const parameters = encoder.beginNest(TCA_ACT_OPTIONS);
  writeKey(encoder, filter);
  encoder.endNest(parameters);
  encoder.endNest(action);
  encoder.endNest(actions);
  encoder.endNest(options);
}

/** struct tc_tunnel_key, then the parameters */
function writeKey(encoder: Encoder, { id, source, destination, port, ttl, checksum }: TunnelKeyFilter): void {
  const parameters = encoder.beginNest(TCA_TUNNEL_KEY_PARMS, 0);
  encoder.u32(0);
  encoder.u32(0);
  encoder.u32(TC_ACT_UNSPEC);
  encoder.u32(0);
  encoder.u32(0);
  encoder.u32(TCA_TUNNEL_KEY_ACT_SET);
  encoder.endNest(parameters);
  const six = source.family === 6 ? 2 : 0;
  encoder.attributeBytes(TCA_TUNNEL_KEY_ENC_IPV4_SRC + six, source.bytes);
  encoder.attributeBytes(TCA_TUNNEL_KEY_ENC_IPV4_DST + six, destination.bytes);
  encoder.attributeBe32(TCA_TUNNEL_KEY_ENC_KEY_ID, id);
  encoder.attributeBe16(TCA_TUNNEL_KEY_ENC_DST_PORT, port);
  encoder.attributeU8(TCA_TUNNEL_KEY_NO_CSUM, checksum ? 0 : 1);
  encoder.attributeU8(TCA_TUNNEL_KEY_ENC_TTL, ttl);
}

function decodeFilter(message: MessageView): TunnelKeyFilter | undefined {
  const { buffer, payload } = message;
  const info = read32(buffer, payload + 16);
  const attributes = Attributes.of(message, 20);
  let key: Key | undefined;
  while (attributes.next()) if (attributes.type === TCA_OPTIONS) key = readOptions(attributes.nested());
  const { source, destination, ...rest } = key ?? {};
  if (!source || !destination || rest.action !== TCA_TUNNEL_KEY_ACT_SET) return undefined;
  const { id = 0, port = 0, ttl = 0, noChecksum = false } = rest;
  const place = { link: read32(buffer, payload + 4), priority: info >>> 16, protocol: swapped(info & 0xffff) };
  return { ...place, id, source, destination, port, ttl, checksum: !noChecksum };
}

interface Key {
  action?: number;
  id?: number;
  source?: Ip;
  destination?: Ip;
  port?: number;
  ttl?: number;
  noChecksum?: boolean;
}

function readOptions(options: Attributes): Key | undefined {
  while (options.next()) {
    if (options.type !== TCA_MATCHALL_ACT) continue;
    const actions = options.nested();
    while (actions.next()) {
      const key = readAction(actions.nested());
      if (key) return key;
    }
  }
  return undefined;
}

function readAction(action: Attributes): Key | undefined {
  let kind = '';
  while (action.next()) {
    if (action.type === TCA_ACT_KIND) kind = action.string();
    else if (action.type === TCA_ACT_OPTIONS && kind === 'tunnel_key') return readKey(action.nested());
  }
  return undefined;
}

function readKey(parameters: Attributes): Key {
  const key: Key = {};
  while (parameters.next()) {
    const { type } = parameters;
    if (type === TCA_TUNNEL_KEY_PARMS) key.action = parameters.u32(20);
    else if (type === TCA_TUNNEL_KEY_ENC_IPV4_SRC) key.source = { family: 4, bytes: parameters.bytes() };
    else if (type === TCA_TUNNEL_KEY_ENC_IPV4_DST) key.destination = { family: 4, bytes: parameters.bytes() };
    else if (type === TCA_TUNNEL_KEY_ENC_IPV6_SRC) key.source = { family: 6, bytes: parameters.bytes() };
    else if (type === TCA_TUNNEL_KEY_ENC_IPV6_DST) key.destination = { family: 6, bytes: parameters.bytes() };
    else if (type === TCA_TUNNEL_KEY_ENC_KEY_ID) key.id = parameters.be32();
    else if (type === TCA_TUNNEL_KEY_ENC_DST_PORT) key.port = parameters.be16();
    else if (type === TCA_TUNNEL_KEY_NO_CSUM) key.noChecksum = parameters.u8() !== 0;
    else if (type === TCA_TUNNEL_KEY_ENC_TTL) key.ttl = parameters.u8();
  }
  return key;
}

/** struct tcmsg */
function writeHeader(encoder: Encoder, link: number, info: number): void {
  encoder.u32(0);
  encoder.u32(link);
  encoder.u32(0);
  encoder.u32(CLSACT_EGRESS);
  encoder.u32(info);
}

/** An EtherType in network order in a host word, or back. */
function swapped(protocol: number): number {
  return ((protocol & 0xff) << 8) | (protocol >> 8);
}

const CLSACT_EGRESS = 0xfffffff3;
const TCA_KIND = 1;
const TCA_OPTIONS = 2;
const TCA_MATCHALL_ACT = 2;
const TCA_ACT_KIND = 1;
const TCA_ACT_OPTIONS = 2;
const TCA_TUNNEL_KEY_PARMS = 2;
const TCA_TUNNEL_KEY_ENC_IPV4_SRC = 3;
const TCA_TUNNEL_KEY_ENC_IPV4_DST = 4;
const TCA_TUNNEL_KEY_ENC_IPV6_SRC = 5;
const TCA_TUNNEL_KEY_ENC_IPV6_DST = 6;
const TCA_TUNNEL_KEY_ENC_KEY_ID = 7;
const TCA_TUNNEL_KEY_ENC_DST_PORT = 9;
const TCA_TUNNEL_KEY_NO_CSUM = 10;
const TCA_TUNNEL_KEY_ENC_TTL = 13;
const TCA_TUNNEL_KEY_ACT_SET = 1;
/** Goes on with the next filter. */
const TC_ACT_UNSPEC = 0xffffffff;
