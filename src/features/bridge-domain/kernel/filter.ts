/**
 * What bridge domains need of nftables. Frames of a port find the chain of its domain by a verdict map, so that what a frame
 * meets does not grow with the number of domains; not every kernel can match the bridge itself (`meta ibrname`).
 */

import {
  accept,
  arp,
  concat,
  constant,
  drop,
  ether,
  forwardTo,
  icmpv6,
  ip6,
  meta,
  neighbourDiscovery,
  payload,
  rewrite,
  types,
} from '../../../kernel/nftables/index.ts';
import type { Chain, DesiredSet, NftSet, Rule, TableContent } from '../../../kernel/nftables/index.ts';
import { deviceGroupOf, deviceGroups, routerGroupOf, stages, tables } from '../../../kernel/pipeline/index.ts';
import { bridgeTable, dropSetOf } from '../kernel-metadata.ts';

/** Answers ARP requests that reach the device of a bridge. */
export const arpTable = { family: 'netdev', name: tables.bridgeDomain } as const;

/** Device that is a port -> chain of its bridge. */
export const portMap: NftSet = { name: 'ports', key: [types.ifname], data: 'verdict' };
/** Devices that are ports. */
export const memberSet: NftSet = { name: 'members', key: [types.ifname] };

const addressTypes = { 4: types.ipv4_addr, 6: types.ipv6_addr } as const;
type IpVersion = keyof typeof addressTypes;

/** Addresses that are asked for and answered here. */
export function answeredSetOf(bridge: string, version: IpVersion = 4): NftSet {
  return { name: `answered${version === 4 ? '' : version}-${bridge}`, key: [addressTypes[version]] };
}

/** The answers to these. */
export function answerMapOf(bridge: string, version: IpVersion = 4): NftSet {
  const name = `answers${version === 4 ? '' : version}-${bridge}`;
  return { name, key: [addressTypes[version]], data: [types.ether_addr] };
}

/** For both versions of IP. */
export function answerMapsOf(bridge: string): readonly NftSet[] {
  return [answerMapOf(bridge, 4), answerMapOf(bridge, 6)];
}

/** That of an address in the kernel's spelling. */
export function versionOf(address: string): IpVersion {
  return address.includes(':') ? 6 : 4;
}

/** Chain of a bridge, in both tables; no name of a shared chain. */
export function chainOf(bridge: string): string {
  return `bd-${bridge}`;
}

/** The bridge that a chain belongs to. */
export function bridgeOf(chain: string): string | undefined {
  return chain.startsWith('bd-') ? chain.slice(3) : undefined;
}

/** Pairs of device groups between which nothing passes. */
export const horizonSet: NftSet = { name: 'horizon', key: [types.devgroup, types.devgroup] };
/** Pairs of a group and its router, between which no floods pass. */
export const routerHorizonSet: NftSet = { name: 'router-horizon', key: [types.devgroup, types.devgroup] };

/** Key of a split-horizon group in `horizonSet`. */
export function horizonOf(group: number): readonly number[] {
  return [deviceGroupOf(group), deviceGroupOf(group)];
}

/** Keys of a split-horizon group in `routerHorizonSet`. */
export function routerHorizonOf(group: number): readonly (readonly number[])[] {
  return [
    [deviceGroupOf(group), routerGroupOf(group)],
    [routerGroupOf(group), deviceGroupOf(group)],
  ];
}

const toUnicast = payload('link', 0, types.byte).masked(1).eq(0);
const toMany = payload('link', 0, types.byte).masked(1).eq(1);
/** Type 1 (source link-layer address), 8 bytes long: a probe for a duplicate address has none, and VPP does not answer that either. */
const sourceLinkLayer = 0x0101;
const solicitation = [
  toMany,
  icmpv6.type.eq('nd-neighbor-solicit'),
  neighbourDiscovery.firstOption.eq(sourceLinkLayer),
];
const { first, last } = deviceGroups.splitHorizonRouter;
const fromRouter = meta.iifgroup.between(first, last);

/** What all domains share. */
export const sharedChains: TableContent['chains'] = [
  {
    name: 'forward',
    base: { type: 'filter', hook: 'forward', priority: stages.bridgeFilter.priority },
    rules: [
      { key: 'bridge domain', statements: [meta.iifname.verdictFrom(portMap)] },
      { key: 'split horizon', statements: [concat(meta.iifgroup, meta.oifgroup).in(horizonSet), drop] },
      // VPP lets the router look for its neighbours in its own group.
      { key: 'ARP requests of the router', statements: [fromRouter, arp.operation.eq('request'), accept] },
      {
        key: 'ND solicitations of the router',
        statements: [fromRouter, icmpv6.type.eq('nd-neighbor-solicit'), accept],
      },
      {
        key: 'split horizon of the router',
        statements: [toMany, concat(meta.iifgroup, meta.oifgroup).in(routerHorizonSet), drop],
      },
    ],
  },
  {
    name: 'input',
    base: { type: 'filter', hook: 'input', priority: stages.bridgeInput.priority },
    rules: [
      // To where they are answered; the device has no address that they could be for.
      { key: 'ND solicitations', statements: [toMany, icmpv6.type.eq('nd-neighbor-solicit'), accept] },
      // The device of the bridge is no router port: the BVI is. Without this the host would route what is sent to its MAC.
      { key: 'nothing for the host', statements: [meta.iifname.in(memberSet), ether.type.ne('arp'), drop] },
    ],
  },
];

const sharedSets: readonly DesiredSet[] = [portMap, memberSet, horizonSet, routerHorizonSet];

/** What is special about a domain. */
export interface DomainFilter {
  readonly forward: boolean;
  /** What learns drops frames from the addresses of DROP entries, too: VPP's learning does. */
  readonly learn: boolean;
  /** Requests for addresses of its ARP table are answered. */
  readonly answers: boolean;
}

/** Rules of a bridge's chain. */
export function rulesOf(bridge: string, { forward, learn, answers }: DomainFilter): readonly Rule[] {
  const answered = [toMany, arp.operation.eq('request'), arp.ipDaddr.in(answeredSetOf(bridge)), drop];
  const solicited = [...solicitation, neighbourDiscovery.target.in(answeredSetOf(bridge, 6)), drop];
  return [
    ...(forward ? [] : [{ key: 'forward: false', statements: [toUnicast, drop] }]),
    { key: 'drop entries', statements: [ether.daddr.in(dropSetOf({ name: bridge })), drop] },
    ...(learn
      ? [{ key: 'senders with drop entries', statements: [ether.saddr.in(dropSetOf({ name: bridge })), drop] }]
      : []),
    ...(answers
      ? [
          { key: 'answered ARP requests', statements: answered },
          { key: 'answered ND solicitations', statements: solicited },
        ]
      : []),
  ];
}

export function setsOf(bridge: string): readonly NftSet[] {
  return [dropSetOf({ name: bridge }), answeredSetOf(bridge, 4), answeredSetOf(bridge, 6)];
}

/** The bridge family's table with these domains. */
export function bridgeFilter(domains: ReadonlyMap<string, DomainFilter>): TableContent {
  const bridges = [...domains];
  return {
    table: bridgeTable,
    sets: [...sharedSets, ...bridges.flatMap(([bridge]) => setsOf(bridge))],
    chains: [
      ...bridges.map(([bridge, filter]) => ({ name: chainOf(bridge), rules: rulesOf(bridge, filter) })),
      ...sharedChains,
    ],
  };
}

/** Chain on the device of a bridge that answers. */
export function answeringChain(bridge: string): Chain {
  const { priority } = stages.arpResponder;
  return { name: chainOf(bridge), base: { type: 'filter', hook: 'ingress', priority, devices: [bridge] } };
}

/** Rules of that chain: each turns a request into its own answer and sends it into the bridge. */
export function answerRules(bridge: string): readonly Rule[] {
  return [arpAnswer(bridge), solicitationAnswer(bridge)];
}

function arpAnswer(bridge: string): Rule {
  const sources = [
    arp.etherSaddr,
    arp.ipSaddr,
    arp.ipDaddr,
    constant(types.arp_op, 'reply'),
    arp.ipDaddr.lookup(answerMapOf(bridge)),
  ];
  const [senderMac, senderIp, targetIp, reply, answer] = [0, 1, 2, 3, 4] as const;
  const writes = [
    { base: 'link', offset: 0, source: senderMac },
    { base: 'link', offset: 6, source: answer },
    { base: 'network', offset: 6, source: reply },
    { base: 'network', offset: 8, source: answer },
    { base: 'network', offset: 14, source: targetIp },
    { base: 'network', offset: 18, source: senderMac },
    { base: 'network', offset: 24, source: senderIp },
  ] as const;
  return {
    key: 'answer',
    statements: [toMany, arp.operation.eq('request'), rewrite(sources, writes), forwardTo(meta.iif)],
  };
}

/** Offset of the checksum of ICMPv6 in its header. */
const checksum = 2;
/** Flags of an advertisement: solicited, override. */
const advertised = 0x6000_0000;

function solicitationAnswer(bridge: string): Rule {
  const { target } = neighbourDiscovery;
  // The look-up first: its key takes four of the sixteen registers, its outcome two.
  const sources = [
    target.lookup(answerMapOf(bridge, 6)),
    ether.saddr,
    ip6.saddr,
    target,
    constant(types.icmpv6_type, 'nd-neighbor-advert'),
    constant(types.word, advertised),
    constant(types.byte, 2),
  ];
  const [answer, askerMac, asker, asked, advertisement, flags, targetLinkLayer] = [0, 1, 2, 3, 4, 5, 6] as const;
  const writes = [
    { base: 'link', offset: 0, source: askerMac },
    { base: 'link', offset: 6, source: answer },
    { base: 'network', offset: 8, source: asked, inPseudoHeader: true },
    { base: 'network', offset: 24, source: asker, inPseudoHeader: true },
    { base: 'transport', offset: 0, source: advertisement, checksum },
    { base: 'transport', offset: 4, source: flags, checksum },
    { base: 'transport', offset: 24, source: targetLinkLayer, checksum },
    { base: 'transport', offset: 26, source: answer, checksum },
  ] as const;
  return { key: 'advertise', statements: [...solicitation, rewrite(sources, writes), forwardTo(meta.iif)] };
}
