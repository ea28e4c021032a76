/** Which connections are meant. The kernel narrows a listing down where it can; what it returns is checked again. */

import type { Encoder } from '../netlink/encoder.ts';
import { attribute, bytesOfAddress, writeTuple, type Flow, type Tuple } from './flow.ts';
import { readIpv6 } from '../nftables/ip-text.ts';

/** All that is given has to match. */
export interface FlowFilter {
  readonly family?: 4 | 6;
  readonly original?: Partial<Tuple>;
  /** With destination NAT the backend is `reply.source` and `reply.sourcePort`. */
  readonly reply?: Partial<Tuple>;
  readonly mark?: { readonly value: number; readonly mask: number };
  readonly zone?: number;
  /** All these IPS_... bits. */
  readonly status?: number;
}

/** Family of the filter: given, or that of an address in it. */
export function familyOf(filter: FlowFilter): 4 | 6 | undefined {
  if (filter.family) return filter.family;
  const address = [filter.original, filter.reply].flatMap((tuple) => [tuple?.source, tuple?.destination]).find(Boolean);
  return address === undefined ? undefined : address.includes(':') ? 6 : 4;
}

/** A predicate. Addresses are compared by value: any spelling will do in the filter. */
export function matcher(filter: FlowFilter): (flow: Flow) => boolean {
  const family = familyOf(filter);
  const original = canonical(filter.original);
  const reply = canonical(filter.reply);
  const { mark, zone, status = 0 } = filter;
  return (flow) =>
    (family === undefined || flow.family === family) &&
    (original === undefined || tupleMatches(flow.original, original)) &&
    (reply === undefined || tupleMatches(flow.reply, reply)) &&
    (mark === undefined || (flow.mark & mark.mask) >>> 0 === (mark.value & mark.mask) >>> 0) &&
    (zone === undefined || flow.zone === zone) &&
    (flow.status & status) === status;
}

function canonical(tuple: Partial<Tuple> | undefined): Partial<Tuple> | undefined {
  if (!tuple) return undefined;
  const { source, destination } = tuple;
  return {
    ...tuple,
    ...(source === undefined ? {} : { source: canonicalAddress(source) }),
    ...(destination === undefined ? {} : { destination: canonicalAddress(destination) }),
  };
}

function canonicalAddress(text: string): string {
  return text.includes(':') ? readIpv6(bytesOfAddress(6, text), 0) : text;
}

function tupleMatches(tuple: Tuple, wanted: Partial<Tuple>): boolean {
  const { icmp, ...plain } = wanted;
  for (const [name, value] of Object.entries(plain))
    if (value !== undefined && tuple[name as keyof Tuple] !== value) return false;
  return (
    icmp === undefined || (tuple.icmp?.id === icmp.id && tuple.icmp.type === icmp.type && tuple.icmp.code === icmp.code)
  );
}

/** Bits of CTA_FILTER_ORIG_FLAGS and CTA_FILTER_REPLY_FLAGS (kernel 5.8): which parts of the tuple count. */
const filterBit = { source: 1, destination: 2, protocol: 8, sourcePort: 16, destinationPort: 32 } as const;

/** Writes the filter for the kernel. Needs a family where tuples are compared. */
export function writeFilter(encoder: Encoder, filter: FlowFilter): void {
  const family = familyOf(filter);
  const original = bitsOf(filter.original, family);
  const reply = bitsOf(filter.reply, family);
  if (family !== undefined && (original !== 0 || reply !== 0)) {
    if (original !== 0) writeTuple(encoder, attribute.original, family, filter.original!);
    if (reply !== 0) writeTuple(encoder, attribute.reply, family, filter.reply!);
    const nest = encoder.beginNest(attribute.filter);
    encoder.attributeU32(1, original);
    encoder.attributeU32(2, reply);
    encoder.endNest(nest);
  }
  if (filter.mark) {
    encoder.attributeBe32(attribute.mark, (filter.mark.value & filter.mark.mask) >>> 0);
    encoder.attributeBe32(attribute.markMask, filter.mark.mask);
  }
}

/**
 * The kernel looks at ports only together with the protocol. Its comparison of IPv6 addresses is the wrong way round
 * (ctnetlink_filter_match_tuple takes ipv6_addr_cmp for "equal"; seen in 6.18), so it is not asked for those.
 */
function bitsOf(tuple: Partial<Tuple> | undefined, family: 4 | 6 | undefined): number {
  if (!tuple) return 0;
  const source = tuple.source === undefined || family === 6 ? 0 : filterBit.source;
  const destination = tuple.destination === undefined || family === 6 ? 0 : filterBit.destination;
  const ends = source | destination;
  if (tuple.protocol === undefined) return ends;
  const ports =
    (tuple.sourcePort === undefined ? 0 : filterBit.sourcePort) |
    (tuple.destinationPort === undefined ? 0 : filterBit.destinationPort);
  return ends | filterBit.protocol | ports;
}
