/**
 * What bridge domains need of nftables. Tables hold a fixed set of rules; domains, ports and entries are elements of sets, so
 * that one more costs the same however many there are. A port's frames find their domain by the map `ports`: not every
 * kernel can match the bridge itself (`meta ibrname`).
 */

import {
  addChain,
  addRule,
  addSet,
  addTable,
  arp,
  concat,
  constant,
  deleteChain,
  drop,
  accept,
  ether,
  flushChain,
  forwardTo,
  icmpv6,
  meta,
  payload,
  rewrite,
  types,
} from '../../../kernel/nftables/index.ts';
import type { NftSet, Operation, TableContent } from '../../../kernel/nftables/index.ts';
import { deviceGroupOf, deviceGroups, routerGroupOf, stages, tables } from '../../../kernel/pipeline/index.ts';
import { bridgeTable, dropSet } from '../kernel-metadata.ts';

/** Answers ARP requests that reach the device of a bridge. */
export const arpTable = { family: 'netdev', name: tables.bridgeDomain } as const;

/** Device that is a port -> device of its bridge. */
export const portMap: NftSet = { name: 'ports', key: [types.ifname], data: [types.ifname] };
/** Bridges that are bridge domains. */
export const domainSet: NftSet = { name: 'domains', key: [types.ifname] };
/** Bridges with `forward: false`. */
export const stoppedSet: NftSet = { name: 'stopped', key: [types.ifname] };
/** Requests that are answered here and not flooded: bridge and address asked for. */
export const answeredSet: NftSet = { name: 'answered', key: [types.ifname, types.ipv4_addr] };
/** Bridge and address asked for -> MAC address. */
export const answerMap: NftSet = { name: 'answers', key: [types.ifname, types.ipv4_addr], data: [types.ether_addr] };

const horizonSet: NftSet = { name: 'horizon', key: [types.devgroup, types.devgroup] };
const routerHorizonSet: NftSet = { name: 'router-horizon', key: [types.devgroup, types.devgroup] };
const groups = Array.from({ length: 255 }, (_, index) => index + 1);

const bridgeOfPort = meta.iifname.lookup(portMap);
const toUnicast = payload('link', 0, types.byte).masked(1).eq(0);
const toMany = payload('link', 0, types.byte).masked(1).eq(1);
const { first, last } = deviceGroups.splitHorizonRouter;
const fromRouter = meta.iifgroup.between(first, last);

/** The bridge family's table without what comes and goes. */
export const bridgeFilter: TableContent = {
  table: bridgeTable,
  sets: [
    portMap,
    domainSet,
    stoppedSet,
    answeredSet,
    dropSet,
    { ...horizonSet, elements: groups.map((group) => ({ key: [deviceGroupOf(group), deviceGroupOf(group)] })) },
    {
      ...routerHorizonSet,
      elements: groups.flatMap((group) => [
        { key: [deviceGroupOf(group), routerGroupOf(group)] },
        { key: [routerGroupOf(group), deviceGroupOf(group)] },
      ]),
    },
  ],
  chains: [
    {
      name: 'forward',
      base: { type: 'filter', hook: 'forward', priority: stages.bridgeFilter.priority },
      rules: [
        { key: 'drop entries', statements: [concat(bridgeOfPort, ether.daddr).in(dropSet), drop] },
        { key: 'forward: false', statements: [toUnicast, bridgeOfPort.in(stoppedSet), drop] },
        {
          key: 'answered ARP requests',
          statements: [toMany, arp.operation.eq('request'), concat(bridgeOfPort, arp.ipDaddr).in(answeredSet), drop],
        },
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
        { key: 'nothing for the host', statements: [bridgeOfPort.in(domainSet), ether.type.ne('arp'), drop] },
      ],
    },
  ],
};

/** Chain on the device of a bridge that answers. */
function chainOf(bridge: string) {
  const { priority } = stages.arpResponder;
  return { name: bridge, base: { type: 'filter', hook: 'ingress', priority, devices: [bridge] } } as const;
}

/** Turns the request into its own answer and sends it into the bridge. */
export const answer = {
  key: 'answer',
  statements: [
    toMany,
    arp.operation.eq('request'),
    rewrite(
      [
        arp.etherSaddr,
        arp.ipSaddr,
        arp.ipDaddr,
        constant(types.arp_op, 'reply'),
        concat(meta.iifname, arp.ipDaddr).lookup(answerMap),
      ],
      [
        { base: 'link', offset: 0, source: 0 },
        { base: 'link', offset: 6, source: 4 },
        { base: 'network', offset: 6, source: 3 },
        { base: 'network', offset: 8, source: 4 },
        { base: 'network', offset: 14, source: 2 },
        { base: 'network', offset: 18, source: 0 },
        { base: 'network', offset: 24, source: 1 },
      ],
    ),
    forwardTo(meta.iif),
  ],
};

/** Makes a bridge answer; also when it does so already. */
export function startAnswering(bridge: string): Operation[] {
  return [
    addTable(arpTable),
    addSet(arpTable, answerMap),
    addChain(arpTable, chainOf(bridge)),
    flushChain(arpTable, bridge),
    addRule(arpTable, bridge, answer),
  ];
}

/** ENOENT when it does not answer. */
export function stopAnswering(bridge: string): Operation[] {
  return [flushChain(arpTable, bridge), deleteChain(arpTable, bridge)];
}
