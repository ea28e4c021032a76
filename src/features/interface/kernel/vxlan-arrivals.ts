/**
 * Several tunnels of one VNI. In VPP each is an interface of its own, told apart by its two ends. The kernel knows VXLAN devices
 * by VNI and UDP port only, so all but the first tunnel of a VNI have a port of the agent's own, and nftables changes it: on
 * arrival from 4789 to the port of the tunnel that these ends and this VNI belong to, on departure back. On the wire there is
 * 4789 only. VXLAN-GPE (4790) is led to its devices by the same table. (Collect-metadata devices would need flower or an eBPF program to tell remotes apart, and rights that an unprivileged
 * user namespace does not have.)
 */

import { formatIp, isMulticast } from '../../../model/address.ts';
import type { Family } from '../../../model/address.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import {
  addChain,
  addElements,
  addRule,
  addSet,
  addTable,
  concat,
  constant,
  deleteElements,
  drop,
  ensureNoTable,
  flushChain,
  ip,
  ip6,
  meta,
  payload,
  rewrite,
  types,
  udp,
} from '../../../kernel/nftables/index.ts';
import type { Element, Nftables, NftSet, Operation, Rule, TableContent } from '../../../kernel/nftables/index.ts';
import { stages, tables } from '../../../kernel/pipeline/index.ts';
import { GPE_PORT, VXLAN_PORT, type Underlay } from './vxlan-underlay.ts';

/** A tunnel on a port of its own. */
export interface Arrival extends Underlay {
  readonly name: string;
  readonly port: number;
  /** UDP port on the wire, when it is not that of VXLAN: VXLAN-GPE, which writes it itself on departure. */
  readonly wirePort?: typeof GPE_PORT;
}

interface Placed {
  readonly set: NftSet;
  readonly element: Element;
}

export class VxlanArrivals {
  readonly #nft: Nftables;
  readonly #known = new Map<string, { readonly family: Family; readonly placed: readonly Placed[] }>();
  readonly #readings = new WeakMap<object, Promise<ReadonlySet<string>>>();

  constructor(nft: Nftables) {
    this.#nft = nft;
  }

  /** Sends what arrives for the tunnel to its port, whatever was there before. */
  async add(arrival: Arrival): Promise<void> {
    const { family } = arrival.local;
    const placed = elementsOf(arrival);
    await this.remove(arrival.name, placed);
    this.#known.set(arrival.name, { family, placed });
    await this.#nft.apply([...skeleton(family), ...placed.map((one) => operation(addElements, family, one))]);
  }

  /** It is there, or should be: what `remove` takes away. */
  adopt(arrival: Arrival): void {
    this.#known.set(arrival.name, { family: arrival.local.family, placed: elementsOf(arrival) });
  }

  /** The table goes with the last tunnel, unless there is a `next` one. */
  async remove(name: string, next: readonly Placed[] = []): Promise<void> {
    const known = this.#known.get(name);
    if (!known) return;
    this.#known.delete(name);
    const { family } = known;
    const last = next.length === 0 && ![...this.#known.values()].some((other) => other.family === family);
    if (last) return this.#nft.apply(ensureNoTable(tableOf(family)));
    for (const one of known.placed) await this.#unlessGone(operation(deleteElements, family, one));
  }

  /** As `remove`, also of a tunnel that an earlier agent made: known by its name alone. */
  async removeNamed(name: string): Promise<void> {
    if (!this.#known.has(name)) await this.#learn((other) => other === name);
    await this.remove(name);
  }

  /** Names of tunnels. */
  names(): Iterable<string> {
    return this.#known.keys();
  }

  /** Whether all that the tunnel needs is there; read once in a retrieval. */
  async has(session: object, arrival: Arrival): Promise<boolean> {
    const found = await this.#read(session);
    return elementsOf(arrival).every((one) => found.has(textOf(arrival.local.family, one)));
  }

  /** Names of tunnels that only the tables know. */
  strays(devices: ReadonlySet<string>): Promise<readonly string[]> {
    return this.#learn((name) => !devices.has(name));
  }

  /** Takes in what the tables have of tunnels of certain names; returns these. */
  async #learn(concerns: (name: string) => boolean): Promise<readonly string[]> {
    const learnt = new Set<string>();
    for (const family of FAMILIES) {
      const placed = new Map<string, Placed[]>();
      for (const set of setsOf(family)) {
        for (const { key, data, comment } of await this.#elements(family, set)) {
          if (comment === undefined || !concerns(comment)) continue;
          const one = { set, element: { key, ...(data && { data }), comment } };
          placed.set(comment, [...(placed.get(comment) ?? []), one]);
        }
      }
      for (const [name, elements] of placed) {
        this.#known.set(name, { family, placed: elements });
        learnt.add(name);
      }
    }
    return [...learnt];
  }

  #read(session: object): Promise<ReadonlySet<string>> {
    let reading = this.#readings.get(session);
    if (!reading) this.#readings.set(session, (reading = this.#readAll()));
    return reading;
  }

  /** Elements as text; none where the rules that use them are not as they should be. */
  async #readAll(): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (const family of FAMILIES) {
      const differences = await this.#nft.compare(contentOf(family));
      if (differences.length > 0) continue;
      for (const set of setsOf(family)) {
        for (const { key, data } of await this.#elements(family, set))
          found.add(textOf(family, { set, element: { key, ...(data && { data }) } }));
      }
    }
    return found;
  }

  async #elements(family: Family, set: NftSet) {
    try {
      return await this.#nft.elements(tableOf(family), set);
    } catch (error) {
      if (isKernelError(error, 'ENOENT')) return [];
      throw error;
    }
  }

  async #unlessGone(...operations: readonly Operation[]): Promise<void> {
    try {
      await this.#nft.apply(operations);
    } catch (error) {
      if (!isKernelError(error, 'ENOENT')) throw error;
    }
  }
}

/** VNI and the reserved byte after it (RFC 7348, 5). An address for nft, which lists no plain numbers in keys of several parts. */
const NETWORK = types.ipv4_addr;

function networkText(vni: number): string {
  return [vni >> 16, (vni >> 8) & 0xff, vni & 0xff, 0].join('.');
}

const FAMILIES: readonly Family[] = [4, 6];

function tableOf(family: Family) {
  return { family: family === 4 ? 'ip' : 'ip6', name: tables.vxlan } as const;
}

/** True for the tables of this feature. */
export function isVxlanTable({ name }: { readonly name: string }): boolean {
  return name === tables.vxlan;
}

function addressType(family: Family) {
  return family === 4 ? types.ipv4_addr : types.ipv6_addr;
}

/** Remote, local, VNI: the port. */
function remotesOf(family: Family) {
  const address = addressType(family);
  return { name: 'remotes', key: [address, address, NETWORK], data: [types.inet_service] } as const;
}

/** Group or local address, VNI: the port. Anybody may send to a group. */
function groupsOf(family: Family) {
  return { name: 'groups', key: [addressType(family), NETWORK], data: [types.inet_service] } as const;
}

/** As `remotes`, of VXLAN-GPE. */
function extendedOf(family: Family) {
  return { ...remotesOf(family), name: 'extended' } as const;
}

/** Local or group address, port: what leaves from there, and what nobody else may send to. */
function portsOf(family: Family) {
  return { name: 'ports', key: [addressType(family), types.inet_service] } as const;
}

function setsOf(family: Family): readonly NftSet[] {
  return [remotesOf(family), extendedOf(family), groupsOf(family), portsOf(family)];
}

function elementsOf({ name, vni, local, remote, port, wirePort }: Arrival): readonly Placed[] {
  const { family } = local;
  const [here, there, network] = [formatIp(local), formatIp(remote), networkText(vni)];
  const comment = name;
  const data = [port];
  const ends: readonly Placed[] = isMulticast(remote)
    ? [
        { set: groupsOf(family), element: { key: [there, network], data, comment } },
        { set: groupsOf(family), element: { key: [here, network], data, comment } },
        { set: portsOf(family), element: { key: [there, port], comment } },
      ]
    : [
        {
          set: wirePort === GPE_PORT ? extendedOf(family) : remotesOf(family),
          element: { key: [there, here, network], data, comment },
        },
      ];
  return [...ends, { set: portsOf(family), element: { key: [here, port], comment } }];
}

function operation(
  of: typeof addElements | typeof deleteElements,
  family: Family,
  { set, element }: Placed,
): Operation {
  return of(tableOf(family), set, [element]);
}

function textOf(family: Family, { set, element: { key, data } }: Placed): string {
  return `${family} ${set.name} ${key.join(' ')} ${Array.isArray(data) ? data.join(' ') : ''}`;
}

const network = payload('transport', 12, NETWORK).masked('255.255.255.0');
const checksum = payload('transport', 6, types.short);

function contentOf(family: Family): TableContent {
  const { saddr, daddr } = family === 4 ? ip : ip6;
  const inward = concat(saddr, daddr, network).lookup(remotesOf(family));
  const extended = concat(saddr, daddr, network).lookup(extendedOf(family));
  const inwardToGroup = concat(daddr, network).lookup(groupsOf(family));
  const vxlan = udp.dport.eq(VXLAN_PORT);
  const gpe = udp.dport.eq(GPE_PORT);
  return {
    table: tableOf(family),
    sets: setsOf(family),
    chains: [
      {
        name: 'arriving',
        base: { ...baseOf('vxlanArrival') },
        rules: [
          // What comes in a VRF passes here twice, the second time by the device of the VRF.
          rule('not past its port', meta.iifkind.ne('vrf'), concat(daddr, udp.dport).in(portsOf(family)), drop),
          rule('to a tunnel, without checksum', vxlan, checksum.eq(0), setPort(inward, false)),
          rule('to a tunnel', vxlan, setPort(inward, true)),
          rule('to an extended tunnel, without checksum', gpe, checksum.eq(0), setPort(extended, false)),
          rule('to an extended tunnel', gpe, setPort(extended, true)),
          rule('to a group, without checksum', vxlan, checksum.eq(0), setPort(inwardToGroup, false)),
          rule('to a group', vxlan, setPort(inwardToGroup, true)),
        ],
      },
      {
        name: 'leaving',
        base: { ...baseOf('vxlanDeparture') },
        rules: [
          rule('without checksum', concat(saddr, udp.dport).in(portsOf(family)), checksum.eq(0), outward(false)),
          rule('any', concat(saddr, udp.dport).in(portsOf(family)), outward(true)),
        ],
      },
    ],
  };
}

function baseOf(stage: 'vxlanArrival' | 'vxlanDeparture') {
  const { type, hook, priority } = stages[stage];
  return { type, hook, priority };
}

function rule(key: string, ...statements: Rule['statements']): Rule {
  return { key, statements };
}

function outward(sum: boolean) {
  return setPort(constant(types.inet_service, VXLAN_PORT), sum);
}

function setPort(source: Parameters<typeof rewrite>[0][number], sum: boolean) {
  return rewrite([source], [{ base: 'transport', offset: 2, source: 0, ...(sum && { checksum: 6 }) }]);
}

function skeleton(family: Family): Operation[] {
  const { table, sets, chains } = contentOf(family);
  return [
    addTable(table),
    ...sets.map((set) => addSet(table, set)),
    ...chains.flatMap(({ rules, ...chain }) => [
      addChain(table, chain),
      flushChain(table, chain.name),
      ...rules.map((one) => addRule(table, chain.name, one)),
    ]),
  ];
}
