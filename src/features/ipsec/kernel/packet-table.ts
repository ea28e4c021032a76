/**
 * What the kernel's policies cannot do by themselves, in nftables (table inet `ligature-ipsec`):
 *
 *   arrivals     what comes in by an interface of a database gets the number of the database in its mark: a policy for what comes in is
 *                told only where the packet goes to, and asks for the mark
 *   local        IPv6 packets of the router itself get it, too: their policy is looked for before the device they leave by is known,
 *                and so none that names a device is found. The kernel looks for route and policy again when the mark has changed
 *   tunnels      what says that it is from the other end of a protected tunnel and was not decrypted is dropped: the kernel
 *                does not ask policies about IPv6 in IPv4
 */

import type { Key } from '../../../model/key.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import {
  addChain,
  addElements,
  addRule,
  addSet,
  addTable,
  concat,
  deleteElements,
  drop,
  ensureNoTable,
  flushChain,
  ip,
  ip6,
  meta,
  setMarkBits,
  types,
} from '../../../kernel/nftables/index.ts';
import type { Chain, Element, Nftables, NftSet, Operation, Rule, Table } from '../../../kernel/nftables/index.ts';
import { Users } from '../../../kernel/ownership/users.ts';
import { markOf, marks, stages, tables } from '../../../kernel/pipeline/index.ts';
import type { Stage } from '../../../kernel/pipeline/hooks.ts';
import { formatIp } from '../../../model/address.ts';
import type { Ip } from '../../../model/address.ts';
import { holds, SharedTable } from '../../kernel/shared-table.ts';
import type { Chains } from '../../kernel/shared-table.ts';

/** What a protected tunnel packs packets in, on its way in. */
export interface TunnelArrival {
  readonly source: Ip;
  readonly destination: Ip;
  /** IP protocol number. */
  readonly protocol: number;
}

/** Names of devices, with the numbers of their databases; arrivals by `arrivalText`. */
export interface PacketTableContent {
  readonly numbers: ReadonlyMap<string, number>;
  readonly arrivals: ReadonlySet<string>;
}

/** Databases with interfaces that there may be at once. */
export const MOST_DATABASES = marks.ipsec.limit;

const table: Table = { family: 'inet', name: tables.ipsec, comment: 'IPsec of the ligature agent' };
/** Device -> chain of its database. */
const devices: NftSet = { name: 'interfaces', key: [types.ifname], data: 'verdict' };
const protected4: NftSet = { name: 'protected4', key: [types.ipv4_addr, types.ipv4_addr, types.inet_proto] };
const protected6: NftSet = { name: 'protected6', key: [types.ipv6_addr, types.ipv6_addr, types.inet_proto] };

function base(name: string, { hook, priority, type }: Stage): Chain {
  return { name, base: { type, hook, priority } };
}

const inClear = meta.secpath.eq(0);
const baseChains: readonly (readonly [Chain, readonly Rule[]])[] = [
  [base('arrivals', stages.securityPolicy), [{ key: 'database', statements: [meta.iifname.verdictFrom(devices)] }]],
  [
    base('local', stages.localSecurityPolicy),
    [{ key: 'second look', statements: [meta.nfproto.eq('ipv6'), meta.oifname.verdictFrom(devices)] }],
  ],
  [
    base('tunnels', stages.tunnelProtection),
    [
      {
        key: 'IPv4 in clear',
        statements: [inClear, concat(ip.saddr, ip.daddr, meta.l4proto).in(protected4), drop],
      },
      {
        key: 'IPv6 in clear',
        statements: [inClear, concat(ip6.saddr, ip6.daddr, meta.l4proto).in(protected6), drop],
      },
    ],
  ],
];

function rewrite(chain: Chain, rules: readonly Rule[]): Operation[] {
  return [
    addChain(table, chain),
    flushChain(table, chain.name),
    ...rules.map((rule) => addRule(table, chain.name, rule)),
  ];
}

function sharedOperations(): Operation[] {
  return [
    addTable(table),
    ...[devices, protected4, protected6].map((set) => addSet(table, set)),
    ...baseChains.flatMap(([chain, rules]) => rewrite(chain, rules)),
  ];
}

const CHAIN_OF_DATABASE = /^database-(\d+)$/;

function databaseChain(number: number): string {
  return `database-${number}`;
}

function databaseRules(number: number): readonly Rule[] {
  return [{ key: `database ${number}`, statements: [setMarkBits(markOf(marks.ipsec, number), marks.ipsec.mask)] }];
}

function deviceElement(device: string, number: number): Element {
  return { key: [device], data: { verdict: 'goto', chain: databaseChain(number) } };
}

function arrivalElements(arrivals: readonly TunnelArrival[]): readonly (readonly [NftSet, readonly Element[]])[] {
  const of = (family: 4 | 6): Element[] =>
    arrivals
      .filter(({ source }) => source.family === family)
      .map(({ source, destination, protocol }) => ({ key: [formatIp(source), formatIp(destination), protocol] }));
  return (
    [
      [protected4, of(4)],
      [protected6, of(6)],
    ] as const
  ).filter(([, elements]) => elements.length > 0);
}

export function arrivalText({ source, destination, protocol }: TunnelArrival): string {
  return `${formatIp(source)} ${formatIp(destination)} ${protocol}`;
}

export class PacketTable {
  readonly #nft: Nftables;
  readonly #shared: SharedTable;
  readonly #users = new Users<'table', Key>();

  constructor(nft: Nftables) {
    this.#nft = nft;
    this.#shared = new SharedTable(nft, table, sharedOperations);
  }

  /** What comes in by the device is for the database of this number. */
  async bind(key: Key, device: string, number: number): Promise<void> {
    this.found(key);
    const element = [deviceElement(device, number)];
    const chain = rewrite({ name: databaseChain(number) }, databaseRules(number));
    try {
      await this.#shared.apply([...chain, addElements(table, devices, element)]);
    } catch (error) {
      // Somebody gave it another number.
      if (!isKernelError(error, 'EEXIST')) throw error;
      await this.#nft.apply([...chain, deleteElements(table, devices, element), addElements(table, devices, element)]);
    }
  }

  async unbind(key: Key, device: string, number: number): Promise<void> {
    await this.#leave(key, [deleteElements(table, devices, [deviceElement(device, number)])]);
  }

  /** These come in decrypted only. */
  async protect(key: Key, arrivals: readonly TunnelArrival[]): Promise<void> {
    this.found(key);
    await this.#shared.apply(arrivalElements(arrivals).map(([set, elements]) => addElements(table, set, elements)));
  }

  /** These need not any more; the protection itself stays. */
  async unprotect(arrivals: readonly TunnelArrival[]): Promise<void> {
    await this.#nft.apply(removal(arrivals)).catch(unlessGone);
  }

  async release(key: Key, arrivals: readonly TunnelArrival[]): Promise<void> {
    await this.#leave(key, removal(arrivals));
  }

  async #leave(key: Key, operations: readonly Operation[]): Promise<void> {
    if (this.#users.leave('table', key)) {
      this.#shared.forget();
      return this.#nft.apply(ensureNoTable(table));
    }
    await this.#nft.apply(operations).catch(unlessGone);
  }

  /** A retrieval found it, or it is about to be made. */
  found(key: Key): void {
    this.#users.join('table', key);
  }

  /** What works; nothing does when what all share is damaged. */
  async read(session: object): Promise<PacketTableContent> {
    const chains = await this.#shared.read(session);
    const numbers = new Map<string, number>();
    const arrivals = new Set<string>();
    if (!baseChains.every(([chain, rules]) => holds(chains, chain.name, rules, table.family))) {
      this.#shared.forget();
      return { numbers, arrivals };
    }
    for (const { key, data } of await this.#nft.elements(table, devices)) {
      const number = numberOf(data);
      if (number !== undefined && isWhole(chains, number)) numbers.set(String(key[0]), number);
    }
    for (const set of [protected4, protected6]) {
      for (const { key } of await this.#nft.elements(table, set)) arrivals.add(key.join(' '));
    }
    return { numbers, arrivals };
  }

  /** Calls when others have changed it. */
  watch(changed: () => void): () => void {
    return this.#nft.watch(
      ({ name }) => name === table.name,
      () => {
        this.#shared.forget();
        changed();
      },
    );
  }
}

function removal(arrivals: readonly TunnelArrival[]): readonly Operation[] {
  return arrivalElements(arrivals).map(([set, elements]) => deleteElements(table, set, elements));
}

function unlessGone(error: unknown): void {
  if (!isKernelError(error, 'ENOENT')) throw error;
}

function numberOf(data: Element['data']): number | undefined {
  if (typeof data !== 'object' || !('chain' in data)) return undefined;
  const [, number] = CHAIN_OF_DATABASE.exec(data.chain) ?? [];
  return number === undefined ? undefined : Number(number);
}

function isWhole(chains: Chains, number: number): boolean {
  if (number < 1 || number > MOST_DATABASES) return false;
  return holds(chains, databaseChain(number), databaseRules(number), table.family);
}
