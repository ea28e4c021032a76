/**
 * The part of the NAT table for VRFs other than 0. What comes in by an inside device of a VRF is marked as on its way out of it;
 * answers, and what a mapping sends into a VRF, are marked with the VRF that they go to. Rules of the kernel's routing (`vrf-rules.ts`)
 * read these marks. Clients of different VRFs with the same addresses are told apart by conntrack zones.
 */

import {
  accept,
  addChain,
  addElements,
  addRule,
  fib,
  flushChain,
  flushSet,
  ip,
  jhash,
  setMarkBits,
  snat,
} from '../../../kernel/nftables/index.ts';
import type { Element, NftSet, Operation, Rule } from '../../../kernel/nftables/index.ts';
import { markOf, marks } from '../../../kernel/pipeline/index.ts';
import { natTable, vrfSets } from './vrf-sets.ts';
import { inwardMark, outwardMark, routedMask, vrfShareCount } from './vrf-marks.ts';
import { mappedShareCount } from './mapped-chains.ts';
import { mappedSets } from './mapped-sets.ts';
import { addressesIn, layout, type PoolRange } from './pool-layout.ts';

/** A device of NAT in a VRF. */
export interface VrfDevice {
  readonly ifindex: number;
  readonly vrf: number;
  readonly inside: boolean;
  readonly outside: boolean;
  readonly output: boolean;
}

/** All that the VRFs of NAT want to be. */
export interface VrfWishes {
  readonly devices: readonly VrfDevice[];
  /** VRFs that packets are sent into, as answers or by a mapping. */
  readonly targets: ReadonlySet<number>;
  /** Where clients of a VRF go whose own VRF has no route for them, in this order. */
  readonly ways: ReadonlyMap<number, readonly number[]>;
  /** Pools that clients of a VRF are given an address of. */
  readonly pools: ReadonlyMap<number, readonly PoolRange[]>;
  /** The same in endpoint-independent mode, for VRF 0, too. */
  readonly mapped: ReadonlyMap<number, readonly PoolRange[]>;
}

export function outwardChain(vrf: number): string {
  return `vrf-out-${vrf}`;
}

export function poolChain(vrf: number): string {
  return `vrf-pool-${vrf}`;
}

export function inwardChain(vrf: number): string {
  return `vrf-in-${vrf}`;
}

/** One of `vrfChains`. */
export function isVrfChain(name: string): boolean {
  return /^vrf-(?:in|out|pool)-\d+$/.test(name);
}

/** Regular chains. */
export function vrfChains({ targets, ways, pools }: VrfWishes): ReadonlyMap<string, readonly Rule[]> {
  const chains = new Map<string, readonly Rule[]>();
  for (const [vrf, destinations] of ways) chains.set(outwardChain(vrf), outwardRules(vrf, destinations));
  for (const vrf of targets) chains.set(inwardChain(vrf), [mark('in', inwardMark(vrf))]);
  for (const vrf of pools.keys()) {
    const share = jhash(ip.saddr, vrfShareCount, 0, firstShare(vrf));
    chains.set(poolChain(vrf), [{ key: 'pool', statements: [snat({ address: share.lookup(vrfSets.shares) })] }]);
  }
  return chains;
}

function mark(key: string, value: number): Rule {
  return { key, statements: [setMarkBits(value, routedMask)] };
}

/** As in VPP the first VRF that has a route counts, the own one first. None has one: the own one drops it. */
function outwardRules(vrf: number, destinations: readonly number[]): readonly Rule[] {
  const own = inwardMark(vrf);
  const found = (key: string): Rule => ({ key, statements: [fib.oif('daddr', 'mark').ne(0), accept] });
  return [
    { key: 'to this router', statements: [fib.addressType('daddr', 'iif').eq('local'), accept] },
    mark('own', own),
    found('found'),
    ...destinations.flatMap((to) => [mark(`to ${to}`, outwardMark(to)), found(`found in ${to}`)]),
    mark('nowhere', own),
  ];
}

/** Elements of each set of `vrfSets`. */
export function vrfElements({ devices, targets, pools, mapped }: VrfWishes): ReadonlyMap<NftSet, readonly Element[]> {
  const insides = devices.filter(({ inside }) => inside);
  const towards = (vrf: number) => leadTo(inwardChain(vrf));
  return new Map<NftSet, readonly Element[]>([
    [vrfSets.out, insides.map(({ ifindex, vrf }) => ({ key: [ifindex], data: leadTo(outwardChain(vrf)) }))],
    [vrfSets.insides, insides.map(({ ifindex }) => ({ key: [ifindex] }))],
    [vrfSets.zones, devices.map(({ ifindex, vrf }) => ({ key: [ifindex], data: [vrf] }))],
    [
      vrfSets.outputs,
      devices
        .filter(({ output }) => output)
        .map(({ ifindex, vrf }) => ({ key: [ifindex], data: leadTo(poolChain(vrf)) })),
    ],
    [vrfSets.clients, [...targets].filter(isOther).map((vrf) => ({ key: [vrf], data: towards(vrf) }))],
    [vrfSets.in, [...targets].filter(isOther).map((vrf) => ({ key: [markOf(marks.vrf, vrf)], data: towards(vrf) }))],
    [vrfSets.poolChains, [...pools.keys()].map((vrf) => ({ key: [vrf], data: leadTo(poolChain(vrf)) }))],
    [vrfSets.shares, [...pools].flatMap(([vrf, ranges]) => shareElements(vrf, ranges))],
    [mappedSets.mappedAddresses, [...mapped].flatMap(([vrf, ranges]) => addressElements(vrf, ranges))],
  ]);
}

function isOther(vrf: number): boolean {
  return vrf !== 0;
}

function leadTo(chain: string) {
  return { verdict: 'goto', chain } as const;
}

/** Shares of VRFs follow each other. */
function firstShare(vrf: number): number {
  return vrf * vrfShareCount;
}

function shareElements(vrf: number, ranges: readonly PoolRange[]): readonly Element[] {
  const all = layout(ranges, vrfShareCount);
  if (all.length === 0) return [];
  return Array.from({ length: vrfShareCount }, (_, share): Element => {
    const { first, last } = all[Math.floor((share * all.length) / vrfShareCount)]!;
    return { key: [firstShare(vrf) + share], data: [first, last] };
  });
}

/** One address for each share: a client's ends are all at the same one (RFC 4787, REQ-2). */
function addressElements(zone: number, ranges: readonly PoolRange[]): readonly Element[] {
  const addresses = ranges.flatMap(addressesIn);
  if (addresses.length === 0) return [];
  return Array.from({ length: mappedShareCount }, (_, share): Element => {
    const address = addresses[Math.floor((share * addresses.length) / mappedShareCount)]!;
    return { key: [zone, share], data: [address] };
  });
}

/** Makes all of it so, in one transaction. Chains that nobody needs any more stay until NAT is off. */
export function writeVrfs(wishes: VrfWishes): Operation[] {
  const chains = vrfChains(wishes);
  const elements = vrfElements(wishes);
  return [
    ...[...elements.keys()].map(({ name }) => flushSet(natTable, name)),
    ...[...chains].flatMap(([name, rules]) => [
      addChain(natTable, { name }),
      flushChain(natTable, name),
      ...rules.map((rule) => addRule(natTable, name, rule)),
    ]),
    ...[...elements].flatMap(([set, own]) => (own.length > 0 ? [addElements(natTable, set, own)] : [])),
  ];
}
