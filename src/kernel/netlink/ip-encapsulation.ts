/** The far end of a tunnel as encapsulation of a route (LWTUNNEL_ENCAP_IP, LWTUNNEL_ENCAP_IP6), for devices that take it from there. */

import type { Ip } from '../../model/address.ts';
import { Encoder } from './encoder.ts';
import { Attributes } from './reader.ts';
import type { Encapsulation } from './route.ts';

/** Ends of the outer packet, both of one family. */
export interface IpEncapsulation {
  readonly destination: Ip;
  /** Default: what the route to the destination says. */
  readonly source?: Ip;
  /** Default 0: the device's. */
  readonly ttl?: number;
}

export function ipEncapsulation({ destination, source, ttl }: IpEncapsulation): Encapsulation {
  const encoder = new Encoder(128);
  encoder.attributeBytes(LWTUNNEL_IP_DST, destination.bytes);
  if (source) encoder.attributeBytes(LWTUNNEL_IP_SRC, source.bytes);
  if (ttl !== undefined) encoder.attributeU8(LWTUNNEL_IP_TTL, ttl);
  const type = destination.family === 4 ? LWTUNNEL_ENCAP_IP : LWTUNNEL_ENCAP_IP6;
  return { type, payload: encoder.bytes.slice(0, encoder.position) };
}

/** The reverse of `ipEncapsulation`; undefined for another encapsulation. */
export function readIpEncapsulation({ type, payload }: Encapsulation): IpEncapsulation | undefined {
  if (type !== LWTUNNEL_ENCAP_IP && type !== LWTUNNEL_ENCAP_IP6) return undefined;
  const family = type === LWTUNNEL_ENCAP_IP ? 4 : 6;
  const found: { destination?: Ip; source?: Ip; ttl?: number } = {};
  const attributes = new Attributes(Buffer.from(payload), 0, payload.length);
  while (attributes.next()) {
    if (attributes.type === LWTUNNEL_IP_DST) found.destination = { family, bytes: attributes.bytes() };
    else if (attributes.type === LWTUNNEL_IP_SRC) found.source = { family, bytes: attributes.bytes() };
    else if (attributes.type === LWTUNNEL_IP_TTL) found.ttl = attributes.u8();
  }
  const { destination, ...rest } = found;
  return destination && { destination, ...rest };
}

const LWTUNNEL_ENCAP_IP = 2;
const LWTUNNEL_ENCAP_IP6 = 4;
/** enum lwtunnel_ip_t and lwtunnel_ip6_t: the same numbers, all but for the order of TTL (HOPLIMIT) and TOS (TC). */
const LWTUNNEL_IP_DST = 2;
const LWTUNNEL_IP_SRC = 3;
const LWTUNNEL_IP_TTL = 4;
