/**
 * The table of nftables of VRFs without devices. It marks what comes in with the VRF of the device, so that errors about it and answers
 * to it stay in that VRF, and drops what is for an address of this router in another VRF: the kernel has one list of them.
 */

import { formatIp } from '../../../model/address.ts';
import type { Ip } from '../../../model/address.ts';
import { accept, concat, drop, ip, ip6, meta, setMarkBits, types } from '../../../kernel/nftables/index.ts';
import type { Element, NftSet, Rule, TableContent } from '../../../kernel/nftables/index.ts';
import { marks, stages, tables } from '../../../kernel/pipeline/index.ts';
import { vrfMark } from './rules.ts';

export const vrfTable = { family: 'inet', name: tables.vrf } as const;

export const sets = {
  /** The chain that marks what comes in by a device. */
  devices: { name: 'devices', key: [types.iface_index], data: 'verdict' },
  addresses4: { name: 'addresses4', key: [types.ipv4_addr] },
  addresses6: { name: 'addresses6', key: [types.ipv6_addr] },
  /** Mark of a VRF and an address of the router in it. */
  members4: { name: 'members4', key: [types.mark, types.ipv4_addr] },
  members6: { name: 'members6', key: [types.mark, types.ipv6_addr] },
} as const satisfies Record<string, NftSet>;

export interface VrfDevice {
  readonly ifindex: number;
  readonly vrf: number;
}

/** The same, with what rules call it. */
export interface PlacedDevice extends VrfDevice {
  readonly name: string;
}

export interface VrfAddress {
  readonly address: Ip;
  readonly vrf: number;
}

export interface VrfWishes {
  readonly vrfs: ReadonlySet<number>;
  readonly devices: readonly VrfDevice[];
  readonly addresses: readonly VrfAddress[];
  /** The kernel asks for local addresses before it asks any rule: those of VRF 0 have to be kept from the others, too. */
  readonly localFirst: boolean;
}

function chainOf(vrf: number): string {
  return `vrf-${vrf}`;
}

/** Key of the device in `sets.devices`. */
export function deviceElement({ ifindex, vrf }: VrfDevice): Element {
  return { key: [ifindex], data: { verdict: 'goto', chain: chainOf(vrf) } };
}

/** Elements of the address, by the set they are in. */
export function addressElements({ address, vrf }: VrfAddress): ReadonlyMap<NftSet, Element> {
  const text = formatIp(address);
  const [all, members] = address.family === 4 ? [sets.addresses4, sets.members4] : [sets.addresses6, sets.members6];
  return new Map<NftSet, Element>([
    [all, { key: [text] }],
    [members, { key: [vrfMark(vrf), text] }],
  ]);
}

export function contentOf({ vrfs, devices, addresses, localFirst }: VrfWishes): TableContent {
  const elements = new Map<NftSet, Element[]>(Object.values(sets).map((set) => [set, []]));
  for (const device of devices) elements.get(sets.devices)!.push(deviceElement(device));
  const seen = new Set<string>();
  for (const one of addresses) {
    for (const [set, element] of addressElements(one)) {
      const text = `${set.name} ${element.key.join(' ')}`;
      if (!seen.has(text)) elements.get(set)!.push(element);
      seen.add(text);
    }
  }
  const used = new Set([...vrfs, ...devices.map(({ vrf }) => vrf)]);
  return {
    table: vrfTable,
    sets: Array.from(elements, ([set, list]) => ({ ...set, elements: list })),
    chains: [
      ...Array.from(used).map((vrf) => ({
        name: chainOf(vrf),
        rules: [{ key: 'mark', statements: [setMarkBits(vrfMark(vrf), marks.vrf.mask)] }],
      })),
      { name: 'arriving', base: baseOf(stages.vrfMark), rules: arriving },
      { name: 'input', base: baseOf(stages.vrfInput), rules: input(localFirst) },
    ],
  };
}

function baseOf({ hook, priority }: typeof stages.vrfMark | typeof stages.vrfInput) {
  return { type: 'filter', hook, priority } as const;
}

const vrfOfPacket = meta.mark.masked(marks.vrf.mask);

const arriving: readonly Rule[] = [
  // What comes out of a tunnel has the mark of what it came in.
  { key: 'unmark', statements: [vrfOfPacket.ne(0), setMarkBits(0, marks.vrf.mask)] },
  { key: 'mark', statements: [meta.iif.verdictFrom(sets.devices)] },
];

function input(localFirst: boolean): readonly Rule[] {
  const members4 = concat(vrfOfPacket, ip.daddr).notIn(sets.members4);
  const members6 = concat(vrfOfPacket, ip6.daddr).notIn(sets.members6);
  return [
    { key: 'own', statements: [meta.iifname.eq('lo'), accept] },
    { key: 'to all', statements: [meta.pkttype.ne('host'), accept] },
    { key: 'of a VRF', statements: [ip.daddr.in(sets.addresses4), members4, drop] },
    { key: 'of a VRF, IPv6', statements: [ip6.daddr.in(sets.addresses6), members6, drop] },
    ...(localFirst
      ? [
          { key: 'from a VRF', statements: [vrfOfPacket.ne(0), members4, drop] },
          {
            key: 'from a VRF, IPv6',
            statements: [vrfOfPacket.ne(0), ip6.daddr.notWithin('fe80::/10'), members6, drop],
          },
        ]
      : []),
  ];
}
