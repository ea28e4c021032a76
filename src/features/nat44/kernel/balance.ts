/** Chains that pick one of several backends: one for each number of shares and affinity, used by all mappings that have it. */

import {
  addChain,
  addRule,
  concat,
  dnat,
  dynamic,
  flushChain,
  ip,
  meta,
  numgen,
  th,
} from '../../../kernel/nftables/index.ts';
import type { Nftables, Operation, Rule } from '../../../kernel/nftables/index.ts';
import { called, natTable, sets } from './table.ts';

export interface Balance {
  /** Sum of the weights, in lowest terms. */
  readonly shares: number;
  /** Seconds that a client stays with its backend; 0: not at all. */
  readonly affinity: number;
}

const pattern = /^balance-(\d+)(?:-affinity-(\d+))?$/;

export function balanceChain({ shares, affinity }: Balance): string {
  return affinity === 0 ? `balance-${shares}` : `balance-${shares}-affinity-${affinity}`;
}

/** What a chain is for, by its name. */
export function balanceOf(chain: string): Balance | undefined {
  const match = pattern.exec(chain);
  return match ? { shares: Number(match[1]), affinity: Number(match[2] ?? 0) } : undefined;
}

export function balanceRules({ shares, affinity }: Balance): readonly Rule[] {
  // Drawn at random, as in VPP: a counter would be shared by mappings, and two that are used in turns would never see all backends.
  const drawn = concat(ip.daddr, meta.l4proto, th.dport, numgen.random(shares)).lookup(sets.backends);
  const pick: Rule = { key: 'pick', statements: [dnat({ address: drawn, connectionMark: true })] };
  if (affinity === 0) return [pick];
  const visit = concat(ip.saddr, called);
  const remembered = visit.lookup(sets.affinity);
  const timeout = affinity * 1000;
  const stay = dnat({ address: remembered, connectionMark: true });
  return [
    { key: 'known', statements: [dynamic('update', sets.affinity, visit, { timeout, data: remembered }), stay] },
    // The second of two packets that meet here finds what the first one stored.
    { key: 'new', statements: [dynamic('update', sets.affinity, visit, { timeout, data: drawn })] },
    { key: 'stay', statements: [stay] },
    // No room for another client.
    pick,
  ];
}

/** Chains that are there. Unused ones stay until NAT is off: they cost nothing, and the next service needs them. */
export class BalanceChains {
  readonly #nft: Nftables;
  readonly #made = new Set<string>();

  constructor(nft: Nftables) {
    this.#nft = nft;
  }

  /** Makes the chains that are not known to be there. What is asked for afterwards in the same turn finds them. */
  async ensure(chains: Iterable<string>): Promise<void> {
    const missing = [...chains].filter((chain) => !this.#made.has(chain));
    if (missing.length === 0) return;
    for (const chain of missing) this.#made.add(chain);
    try {
      await this.#nft.apply(missing.flatMap(writeChain));
    } catch (error) {
      for (const chain of missing) this.#made.delete(chain);
      throw error;
    }
  }

  /** Somebody may have removed or changed them. */
  forget(): void {
    this.#made.clear();
  }
}

/** Adding a chain that exists is nothing; its rules are written anew in the same transaction. */
function writeChain(name: string): Operation[] {
  const rules = balanceRules(balanceOf(name)!);
  return [
    addChain(natTable, { name }),
    flushChain(natTable, name),
    ...rules.map((rule) => addRule(natTable, name, rule)),
  ];
}
