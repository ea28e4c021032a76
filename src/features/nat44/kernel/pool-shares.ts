/** Pools in the NAT table: their ranges, and the rule that takes an address out of one of them by the hash of the client. */

import { addElements, addRule, flushChain, flushSet, ip, jhash, snat } from '../../../kernel/nftables/index.ts';
import type { Element, Nftables, NftSet, Operation, Rule } from '../../../kernel/nftables/index.ts';
import { setImmediate } from 'node:timers/promises';
import { layout, type PoolRange } from './pool-layout.ts';
import { natTable, poolChain, sets, twicePoolChain } from './table.ts';

/** Where the pools of one sort live. */
export interface PoolPlace {
  readonly ranges: NftSet;
  readonly shares: NftSet;
  readonly chain: string;
}

export const plainPlace: PoolPlace = { ranges: sets.pools, shares: sets.poolShares, chain: poolChain };
export const twicePlace: PoolPlace = { ranges: sets.twicePools, shares: sets.twicePoolShares, chain: twicePoolChain };

export function shareElements(ranges: readonly PoolRange[]): readonly Element[] {
  return layout(ranges).map(({ first, last }, share) => ({ key: [share], data: [first, last] }));
}

/** The key tells by how many shares the hash is divided: a rule with another number is a wrong one. */
export function poolRules({ shares }: PoolPlace, count: number): readonly Rule[] {
  if (count === 0) return [];
  return [{ key: `of ${count}`, statements: [snat({ address: jhash(ip.saddr, count).lookup(shares) })] }];
}

/** All pools of one sort. A change of one concerns the shares of all: they are written together, once for a wave. */
export class PoolShares {
  readonly #nft: Nftables;
  readonly #place: PoolPlace;
  readonly #ranges = new Map<string, PoolRange>();
  #writing: Promise<void> | undefined;

  constructor(nft: Nftables, place: PoolPlace) {
    this.#nft = nft;
    this.#place = place;
  }

  /** Remembers a pool that is there (after a restart). */
  remember(user: string, range: PoolRange): void {
    if (!this.#ranges.has(user)) this.#ranges.set(user, range);
  }

  set(user: string, range: PoolRange): Promise<void> {
    this.#ranges.set(user, range);
    return this.#write();
  }

  delete(user: string): Promise<void> {
    this.#ranges.delete(user);
    return this.#write();
  }

  #write(): Promise<void> {
    this.#writing ??= this.#writeLater();
    return this.#writing;
  }

  async #writeLater(): Promise<void> {
    await setImmediate();
    this.#writing = undefined;
    await this.#nft.apply(writePools(this.#place, [...this.#ranges.values()]));
  }
}

function writePools(place: PoolPlace, ranges: readonly PoolRange[]): Operation[] {
  const shares = shareElements(ranges);
  const elements = ranges.map(({ first, last }): Element => ({ key: [{ from: first, to: last }] }));
  return [
    flushChain(natTable, place.chain),
    flushSet(natTable, place.ranges.name),
    flushSet(natTable, place.shares.name),
    ...(elements.length > 0 ? [addElements(natTable, place.ranges, elements)] : []),
    ...(shares.length > 0 ? [addElements(natTable, place.shares, shares)] : []),
    ...poolRules(place, shares.length).map((rule) => addRule(natTable, place.chain, rule)),
  ];
}
