/**
 * The nftables table of NAT44: flat maps from what a packet is addressed to, and a few chains that all mappings share. A
 * mapping is elements only, so that neither the number of mappings nor a change of one makes chains longer.
 */

import {
  accept,
  addChain,
  addRule,
  addSet,
  addTable,
  concat,
  ct,
  dnat,
  drop,
  fib,
  flushChain,
  goto,
  icmp,
  ip,
  jump,
  meta,
  setConnectionMark,
  setMarkBits,
  setOriginalZone,
  snat,
  th,
  types,
} from '../../../kernel/nftables/index.ts';
import type { Chain, NftSet, Operation, Rule } from '../../../kernel/nftables/index.ts';
import { stages } from '../../../kernel/pipeline/hooks.ts';
import { connectionMarks, marks } from '../../../kernel/pipeline/marks.ts';
import { fromMapped, hairpin, mappedChains, toMapped } from './mapped-chains.ts';
import { mappedSets } from './mapped-sets.ts';
import { inwardMark, routedMask } from './vrf-marks.ts';
import { natTable, vrfSets } from './vrf-sets.ts';

export { natTable } from './vrf-sets.ts';

const address = [types.ipv4_addr] as const;
const endpoint = [types.ipv4_addr, types.inet_proto, types.inet_service] as const;
/** The mark is the backend's number (`flows.ts`): what is translated to it is found and ended by it. */
const target = [types.ipv4_addr, types.inet_service, types.mark] as const;

/** Names say what is in them; keys are (address, protocol, port) unless said otherwise. */
export const sets = {
  /** Device indexes. */
  inside: { name: 'inside', key: [types.iface_index] },
  outside: { name: 'outside', key: [types.iface_index] },
  output: { name: 'output', key: [types.iface_index] },
  /** Several backends: to the chain that picks one. */
  services: { name: 'services', key: endpoint, data: 'verdict' },
  /** Several backends, by the number that was drawn. */
  backends: { name: 'backends', key: [...endpoint, types.mark], data: target },
  /** One backend. */
  ports: { name: 'ports', key: endpoint, data: target },
  /** A whole address. */
  addresses: { name: 'addresses', key: address, data: address },
  identities: { name: 'identities', key: endpoint },
  /** A whole address of a VRF: the connection mark. */
  addressVrfs: { name: 'address-vrfs', key: address, data: [types.mark] },
  identityAddresses: { name: 'identity-addresses', key: address },
  /** Identities in VRFs other than 0, by the mark of the VRF. */
  vrfIdentities: { name: 'vrf-identities', key: [types.mark, ...endpoint] },
  vrfIdentityAddresses: { name: 'vrf-identity-addresses', key: [types.mark, types.ipv4_addr] },
  /** Twice-NAT: the source changes, too, to an address of the pool or a certain one. */
  twice: { name: 'twice', key: endpoint },
  twicePinned: { name: 'twice-pinned', key: endpoint, data: address },
  /** Self-twice-NAT: external endpoint, then client and backend, which are the same. */
  self: { name: 'self', key: [...endpoint, types.ipv4_addr, types.ipv4_addr] },
  /** Client, external endpoint: the backend it stays with. */
  affinity: {
    name: 'affinity',
    key: [types.ipv4_addr, ...endpoint],
    data: target,
    dynamic: true,
    timeout: 3_600_000,
    size: 65_535,
  },
  /** Pools as they are configured: ranges of addresses. */
  pools: { name: 'pools', key: address, interval: true },
  twicePools: { name: 'twice-pools', key: address, interval: true },
  /** The same ranges by what the hash of a client can be. */
  poolShares: { name: 'pool-shares', key: [types.mark], data: address, dataInterval: true },
  twicePoolShares: { name: 'twice-pool-shares', key: [types.mark], data: address, dataInterval: true },
  ...mappedSets,
  ...vrfSets,
} as const satisfies Record<string, NftSet>;

export const allSets: readonly NftSet[] = Object.values(sets);

/** Regular chains whose rules belong to the pools. */
export const poolChain = 'pool';
export const twicePoolChain = 'twice-pool';

export const called = concat(ip.daddr, meta.l4proto, th.dport);
// The protocol of the packet is that of its connection, and unlike `ct protocol` the kernel lists it as it was given.
const calledBefore = concat(ct.original.daddr, meta.l4proto, ct.original.protoDst);
const caller = concat(ip.saddr, meta.l4proto, th.sport);

/** Fields of the global object that rules depend on. */
export interface Mode {
  readonly forwarding: boolean;
  readonly endpointIndependent: boolean;
}

interface ChainWithRules extends Chain {
  readonly rules: readonly Rule[];
}

function rule(key: string, ...statements: Rule['statements']): Rule {
  return { key, statements };
}

const vrf = meta.mark.masked(marks.vrf.mask);
const connectionVrf = ct.mark.masked(connectionMarks.vrf.mask);
/** Here the kernel tells the device of the VRF for what came in by one of its interfaces. */
const leavesVrf = [meta.mark.masked(marks.natOutward.mask).ne(0), ct.original.zone.ne(0)];
/** Leads to the pool of a client's VRF, and comes back where there is none. */
const vrfPoolsChain = 'vrf-pools';

const exempt: readonly Rule[] = [
  rule('to an identity', called.in(sets.identities), accept),
  rule('to an identity address', ip.daddr.in(sets.identityAddresses), accept),
];

/** Where packets from outside get their destination. */
const destination = ({ endpointIndependent }: Mode): ChainWithRules => ({
  name: 'destination',
  base: { type: 'nat', hook: 'prerouting', priority: stages.destinationNat.priority },
  rules: [
    ...(endpointIndependent
      ? fromMapped('to an end of an inside host, from another', meta.iif.in(sets.inside), meta.iif.notIn(sets.outside))
      : []),
    rule('not from outside', meta.iif.notIn(sets.outside), accept),
    ...exempt,
    rule('services', called.verdictFrom(sets.services)),
    rule('ports', dnat({ address: called.lookup(sets.ports), connectionMark: true })),
    rule('addresses in VRFs', setConnectionMark(ip.daddr.lookup(sets.addressVrfs))),
    rule('addresses', dnat({ address: ip.daddr.lookup(sets.addresses) })),
    ...(endpointIndependent ? fromMapped('to an end of an inside host') : []),
  ],
});

/**
 * Without forwarding: what comes from outside needs a mapping. As in VPP, pings to the address of the interface and DHCP pass.
 * Interfaces that are inside as well are not held to it.
 */
const gateRules: readonly Rule[] = [
  rule('not from outside', meta.iif.notIn(sets.outside), accept),
  rule('from inside', meta.iif.in(sets.inside), accept),
  rule('known', ct.state.hasAny('established', 'related'), accept),
  rule('translated', ct.status.hasAny('dnat'), accept),
  rule('to a VRF', connectionVrf.ne(0), accept),
  ...exempt,
  rule('ping', icmp.type.eq('echo-request'), fib.addressType('daddr', 'iif').eq('local'), accept),
  rule('dhcp', meta.l4proto.eq('udp'), th.dport.eq(68), accept),
  rule('no mapping', drop),
];

function gate({ forwarding }: Mode): ChainWithRules {
  return {
    name: 'gate',
    base: { type: 'filter', hook: 'prerouting', priority: stages.natGate.priority },
    rules: forwarding ? [] : gateRules,
  };
}

/** Of a client in a VRF. */
const outOfVrf = [...leavesVrf, meta.oif.in(sets.outside), meta.oif.notIn(sets.inside)] as const;
const outward = [meta.iif.in(sets.inside), meta.oif.in(sets.outside), meta.oif.notIn(sets.inside)] as const;

/** Without forwarding nothing leaves with an inside address because there is no pool: VPP drops it. */
const poollessRules: readonly Rule[] = [
  rule('called, to outside', ...outward, ct.status.hasAny('dnat'), accept),
  rule('no pool', ...outward, drop),
];

/** Where packets get their source. The first rule that fits decides. */
const source = ({ forwarding, endpointIndependent }: Mode): ChainWithRules => ({
  name: 'source',
  base: { type: 'nat', hook: 'postrouting', priority: stages.sourceNat.priority },
  rules: [
    rule('self', ct.status.hasAny('dnat'), concat(calledBefore, ip.saddr, ip.daddr).in(sets.self), goto('self')),
    rule('twice, pinned', ct.status.hasAny('dnat'), snat({ address: calledBefore.lookup(sets.twicePinned) })),
    rule('twice', ct.status.hasAny('dnat'), calledBefore.in(sets.twice), goto(twicePoolChain)),
    rule('from an identity', caller.in(sets.identities), accept),
    rule('from an identity address', ip.saddr.in(sets.identityAddresses), accept),
    rule('from an identity of a VRF', concat(vrf, caller).in(sets.vrfIdentities), accept),
    rule('from an identity address of a VRF', concat(vrf, ip.saddr).in(sets.vrfIdentityAddresses), accept),
    ...(endpointIndependent ? [...hairpin(sets), ...toMapped('inside to outside from a VRF', ...outOfVrf)] : []),
    rule('inside to outside from a VRF', ...outOfVrf, jump(vrfPoolsChain)),
    rule('no pool for its VRF', ...outOfVrf, drop),
    ...(endpointIndependent ? toMapped('inside to outside', ...outward) : []),
    rule('inside to outside', ...outward, jump(poolChain)),
    ...(forwarding ? [] : poollessRules),
    rule('own', meta.iif.eq(0), accept),
    rule(
      'output of a VRF',
      meta.oif.in(sets.output),
      meta.iif.notIn(sets.outside),
      meta.oif.verdictFrom(vrfSets.outputs),
    ),
    ...(endpointIndependent ? toMapped('output', meta.oif.in(sets.output), meta.iif.notIn(sets.outside)) : []),
    rule('output', meta.oif.in(sets.output), meta.iif.notIn(sets.outside), goto(poolChain)),
  ],
});

/** To an address of the twice-NAT pool, and where there is none, to the address that the client called. */
const self: ChainWithRules = {
  name: 'self',
  rules: [rule('pool', jump(twicePoolChain)), rule('called', snat({ address: ct.original.daddr }))],
};

/** Clients of VRFs with the same addresses have connections of their own. */
const zones: ChainWithRules = {
  name: 'vrf-zone',
  base: { type: 'filter', hook: 'prerouting', priority: stages.zone.priority },
  rules: [rule('zone', setOriginalZone(meta.iif.lookup(vrfSets.zones)))],
};

const vrfPools: ChainWithRules = {
  name: vrfPoolsChain,
  rules: [rule('pool', ct.original.zone.verdictFrom(vrfSets.poolChains))],
};

/** Answers go back to the VRF of their client; the rest of what comes from inside leaves its VRF. */
const vrfMarks: ChainWithRules = {
  name: 'vrf-mark',
  base: { type: 'filter', hook: 'prerouting', priority: stages.mark.priority },
  rules: [
    rule('answer', ct.direction.eq('reply'), jump('vrf-answer')),
    rule('call', ct.direction.eq('original'), meta.iif.verdictFrom(vrfSets.out)),
  ],
};

const vrfAnswers: ChainWithRules = {
  name: 'vrf-answer',
  rules: [
    rule('to a VRF', ct.original.zone.verdictFrom(vrfSets.clients)),
    rule('to VRF 0', meta.iif.in(vrfSets.insides), setMarkBits(inwardMark(0), routedMask)),
  ],
};

/** What a mapping sends into a VRF goes there, and what it sends from a VRF to VRF 0, there. */
const vrfTranslated: ChainWithRules = {
  name: 'vrf-translated',
  base: { type: 'filter', hook: 'prerouting', priority: stages.natVrf.priority },
  rules: [
    rule('answer', ct.direction.eq('reply'), accept),
    rule('to a VRF', connectionVrf.verdictFrom(vrfSets.in)),
    rule('to VRF 0', meta.iif.in(vrfSets.insides), ct.status.hasAny('dnat'), setMarkBits(inwardMark(0), routedMask)),
  ],
};

/** What is there as long as NAT44 is on. */
export function skeleton(mode: Mode): readonly ChainWithRules[] {
  return [
    { name: poolChain, rules: [] },
    { name: twicePoolChain, rules: [] },
    self,
    zones,
    vrfPools,
    vrfAnswers,
    vrfMarks,
    ...(mode.endpointIndependent ? mappedChains(sets) : []),
    destination(mode),
    vrfTranslated,
    gate(mode),
    source(mode),
  ];
}

/** Chains whose rules are the skeleton's own, not those of pools. */
export function ownChains(mode: Mode): readonly ChainWithRules[] {
  return skeleton(mode).filter(({ name }) => name !== poolChain && name !== twicePoolChain);
}

/** Makes the skeleton, or puts it back in order without touching an element. One transaction: no packet meets half of it. */
export function writeSkeleton(mode: Mode): Operation[] {
  const chains = ownChains(mode);
  return [
    addTable(natTable),
    ...allSets.map((set) => addSet(natTable, set)),
    ...skeleton(mode).map((chain) => addChain(natTable, chain)),
    ...chains.map(({ name }) => flushChain(natTable, name)),
    ...chains.flatMap(({ name, rules }) => rules.map((one) => addRule(natTable, name, one))),
  ];
}
