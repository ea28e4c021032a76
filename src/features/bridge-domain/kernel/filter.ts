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
  meta,
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

/** Addresses that are asked for and answered here. */
export function answeredSetOf(bridge: string): NftSet {
  return { name: `answered-${bridge}`, key: [types.ipv4_addr] };
}

/** The answers to these. */
export function answerMapOf(bridge: string): NftSet {
  return { name: `answers-${bridge}`, key: [types.ipv4_addr], data: [types.ether_addr] };
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
      // The device of the bridge is no router port: the BVI is. Without this the host would route what is sent to its MAC.
      { key: 'nothing for the host', statements: [meta.iifname.in(memberSet), ether.type.ne('arp'), drop] },
    ],
  },
];

const sharedSets: readonly DesiredSet[] = [portMap, memberSet, horizonSet, routerHorizonSet];

/** What is special about a domain. */
export interface DomainFilter {
  readonly forward: boolean;
  /** Requests for addresses of its ARP table are answered. */
  readonly answers: boolean;
}

/** Rules of a bridge's chain. */
export function rulesOf(bridge: string, { forward, answers }: DomainFilter): readonly Rule[] {
  const answered = [toMany, arp.operation.eq('request'), arp.ipDaddr.in(answeredSetOf(bridge)), drop];
  return [
    ...(forward ? [] : [{ key: 'forward: false', statements: [toUnicast, drop] }]),
    { key: 'drop entries', statements: [ether.daddr.in(dropSetOf({ name: bridge })), drop] },
    ...(answers ? [{ key: 'answered ARP requests', statements: answered }] : []),
  ];
}

export function setsOf(bridge: string): readonly NftSet[] {
  return [dropSetOf({ name: bridge }), answeredSetOf(bridge)];
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

/** Turns the request into its own answer and sends it into the bridge. */
export function answerRule(bridge: string): Rule {
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
