/**
 * Proxy ARP by nftables: a request for an address in a range is turned into its own answer where it comes in. The kernel's own
 * proxy ARP never answers for addresses on the link that the request comes from; VPP's does, and takes ranges as they are.
 */

import { formatIp, parseIp } from '../../../model/address.ts';
import { compareIp } from '../../../model/address.ts';
import type { ProxyARP_Range } from '../../../model/gen/ligato/vpp/l3/l3_pb.js';
import { addToIp } from '../../../model/address.ts';
import { arp, constant, forwardTo, meta, rewrite, types } from '../../../kernel/nftables/index.ts';
import type { Chain, Element, NftSet, Rule } from '../../../kernel/nftables/index.ts';
import { stages, tables } from '../../../kernel/pipeline/index.ts';

export const proxyTable = { family: 'netdev', name: tables.proxyArp } as const;

/** Both ends included, canonical. */
export interface AddressRange {
  readonly first: string;
  readonly last: string;
}

export function rangeSet(vrf: number): NftSet {
  return { name: `ranges-${vrf}`, key: [types.ipv4_addr], interval: true };
}

/** The VRF of a set of ranges. */
export function vrfOfSet(name: string): number | undefined {
  return name.startsWith('ranges-') ? Number(name.slice('ranges-'.length)) : undefined;
}

export function rangeElements(ranges: readonly AddressRange[]): readonly Element[] {
  return ranges.map(({ first, last }) => ({ key: [first === last ? first : { from: first, to: last }] }));
}

/** The ranges of each VRF in order; what overlaps or touches is one. */
export function rangesByVrf(ranges: readonly ProxyARP_Range[]): ReadonlyMap<number, readonly AddressRange[]> {
  const byVrf = new Map<number, AddressRange[]>();
  const sorted = ranges.map(({ firstIpAddr, lastIpAddr, vrfId }) => ({
    first: parseIp(firstIpAddr)!,
    last: parseIp(lastIpAddr)!,
    vrfId,
  }));
  sorted.sort((left, right) => compareIp(left.first, right.first));
  for (const { first, last, vrfId } of sorted) {
    const known = byVrf.get(vrfId) ?? [];
    if (known.length === 0) byVrf.set(vrfId, known);
    const before = known.at(-1);
    const next = before && addToIp(parseIp(before.last)!, 1);
    if (!before || (next && compareIp(first, next) > 0)) {
      known.push({ first: formatIp(first), last: formatIp(last) });
    } else if (compareIp(parseIp(before.last)!, last) < 0) {
      known[known.length - 1] = { first: before.first, last: formatIp(last) };
    }
  }
  return byVrf;
}

export function chainOf(device: string): Chain {
  const { priority, hook } = stages.arpResponder;
  return { name: `on-${device}`, base: { type: 'filter', hook, priority, devices: [device] } };
}

/** Name of the interface, in the comment of its rule. */
export function interfaceOf(rule: string | undefined): string | undefined {
  return rule?.startsWith(KEY) === true ? rule.slice(KEY.length) : undefined;
}

const KEY = 'proxy ARP on ';

/** Requests for addresses of the ranges become answers with the MAC address of the device. */
export function answerRule(interfaceName: string, vrf: number, mac: string): Rule {
  const sources = [
    arp.etherSaddr,
    arp.ipSaddr,
    arp.ipDaddr,
    constant(types.arp_op, 'reply'),
    constant(types.ether_addr, mac),
  ];
  const [senderMac, senderIp, targetIp, reply, ownMac] = [0, 1, 2, 3, 4] as const;
  const writes = [
    { base: 'link', offset: 0, source: senderMac },
    { base: 'link', offset: 6, source: ownMac },
    { base: 'network', offset: 6, source: reply },
    { base: 'network', offset: 8, source: ownMac },
    { base: 'network', offset: 14, source: targetIp },
    { base: 'network', offset: 18, source: senderMac },
    { base: 'network', offset: 24, source: senderIp },
  ] as const;
  const request = [arp.operation.eq('request'), arp.ipDaddr.in(rangeSet(vrf))];
  return { key: `${KEY}${interfaceName}`, statements: [...request, rewrite(sources, writes), forwardTo(meta.iif)] };
}
