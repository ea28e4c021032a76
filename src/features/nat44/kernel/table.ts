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
  snat,
  th,
  types,
} from '../../../kernel/nftables/index.ts';
import type { Chain, NftSet, Operation, Rule, Table } from '../../../kernel/nftables/index.ts';
import { stages } from '../../../kernel/pipeline/hooks.ts';
import { tables } from '../../../kernel/pipeline/tables.ts';

export const natTable: Table = { family: 'ip', name: tables.nat44 };

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
  identityAddresses: { name: 'identity-addresses', key: address },
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
} as const satisfies Record<string, NftSet>;

export const allSets: readonly NftSet[] = Object.values(sets);

/** Regular chains whose rules belong to the pools. */
export const poolChain = 'pool';
export const twicePoolChain = 'twice-pool';

export const called = concat(ip.daddr, meta.l4proto, th.dport);
// The protocol of the packet is that of its connection, and unlike `ct protocol` the kernel lists it as it was given.
const calledBefore = concat(ct.original.daddr, meta.l4proto, ct.original.protoDst);
const caller = concat(ip.saddr, meta.l4proto, th.sport);

interface ChainWithRules extends Chain {
  readonly rules: readonly Rule[];
}

function rule(key: string, ...statements: Rule['statements']): Rule {
  return { key, statements };
}

const exempt: readonly Rule[] = [
  rule('to an identity', called.in(sets.identities), accept),
  rule('to an identity address', ip.daddr.in(sets.identityAddresses), accept),
];

/** Where packets from outside get their destination. */
const destination: ChainWithRules = {
  name: 'destination',
  base: { type: 'nat', hook: 'prerouting', priority: stages.destinationNat.priority },
  rules: [
    rule('not from outside', meta.iif.notIn(sets.outside), accept),
    ...exempt,
    rule('services', called.verdictFrom(sets.services)),
    rule('ports', dnat({ address: called.lookup(sets.ports), connectionMark: true })),
    rule('addresses', dnat({ address: ip.daddr.lookup(sets.addresses) })),
  ],
};

/**
 * Without forwarding: what comes from outside needs a mapping. As in VPP, pings to the address of the interface and DHCP pass.
 * Interfaces that are inside as well are not held to it.
 */
const gateRules: readonly Rule[] = [
  rule('not from outside', meta.iif.notIn(sets.outside), accept),
  rule('from inside', meta.iif.in(sets.inside), accept),
  rule('known', ct.state.hasAny('established', 'related'), accept),
  rule('translated', ct.status.hasAny('dnat'), accept),
  ...exempt,
  rule('ping', icmp.type.eq('echo-request'), fib.addressType('daddr', 'iif').eq('local'), accept),
  rule('dhcp', meta.l4proto.eq('udp'), th.dport.eq(68), accept),
  rule('no mapping', drop),
];

function gate(forwarding: boolean): ChainWithRules {
  return {
    name: 'gate',
    base: { type: 'filter', hook: 'prerouting', priority: stages.natGate.priority },
    rules: forwarding ? [] : gateRules,
  };
}

/** Where packets get their source. The first rule that fits decides. */
const source: ChainWithRules = {
  name: 'source',
  base: { type: 'nat', hook: 'postrouting', priority: stages.sourceNat.priority },
  rules: [
    rule('self', ct.status.hasAny('dnat'), concat(calledBefore, ip.saddr, ip.daddr).in(sets.self), goto('self')),
    rule('twice, pinned', ct.status.hasAny('dnat'), snat({ address: calledBefore.lookup(sets.twicePinned) })),
    rule('twice', ct.status.hasAny('dnat'), calledBefore.in(sets.twice), goto(twicePoolChain)),
    rule('from an identity', caller.in(sets.identities), accept),
    rule('from an identity address', ip.saddr.in(sets.identityAddresses), accept),
    rule(
      'inside to outside',
      meta.iif.in(sets.inside),
      meta.oif.in(sets.outside),
      meta.oif.notIn(sets.inside),
      goto(poolChain),
    ),
    rule('own', meta.iif.eq(0), accept),
    rule('output', meta.oif.in(sets.output), meta.iif.notIn(sets.outside), goto(poolChain)),
  ],
};

/** To an address of the twice-NAT pool, and where there is none, to the address that the client called. */
const self: ChainWithRules = {
  name: 'self',
  rules: [rule('pool', jump(twicePoolChain)), rule('called', snat({ address: ct.original.daddr }))],
};

/** What is there as long as NAT44 is on. */
export function skeleton(forwarding: boolean): readonly ChainWithRules[] {
  return [
    { name: poolChain, rules: [] },
    { name: twicePoolChain, rules: [] },
    self,
    destination,
    gate(forwarding),
    source,
  ];
}

/** Chains whose rules are the skeleton's own, not those of pools. */
export function ownChains(forwarding: boolean): readonly ChainWithRules[] {
  return skeleton(forwarding).filter(({ name }) => name !== poolChain && name !== twicePoolChain);
}

/** Makes the skeleton, or puts it back in order without touching an element. One transaction: no packet meets half of it. */
export function writeSkeleton(forwarding: boolean): Operation[] {
  const chains = ownChains(forwarding);
  return [
    addTable(natTable),
    ...allSets.map((set) => addSet(natTable, set)),
    ...skeleton(forwarding).map((chain) => addChain(natTable, chain)),
    ...chains.map(({ name }) => flushChain(natTable, name)),
    ...chains.flatMap(({ name, rules }) => rules.map((one) => addRule(natTable, name, one))),
  ];
}
