/** Pools as the kernel has them. */

import { isKernelError } from '../../../kernel/errors.ts';
import { fingerprint } from '../../../kernel/nftables/normal-form.ts';
import type { KeyPart } from '../../../kernel/nftables/index.ts';
import type { Nat } from './nat.ts';
import { layout, rangeText, type PoolRange } from './pool-layout.ts';
import { poolRules, type PoolPlace } from './pool-shares.ts';
import { natTable } from './table.ts';

export interface ReadPools {
  readonly ranges: readonly PoolRange[];
  /** The range is there, each of its shares too, and the rule divides by the right number. */
  isWhole(range: PoolRange): boolean;
}

const nothing: ReadPools = { ranges: [], isWhole: () => false };

export async function readPools(nat: Nat, place: PoolPlace): Promise<ReadPools> {
  try {
    const [ranges, shares, rules] = await Promise.all([
      nat.nft.elements(natTable, place.ranges),
      nat.nft.elements(natTable, place.shares),
      nat.nft.rules(natTable, place.chain),
    ]);
    const there = ranges.map(({ key }) => rangeOf(key[0]!));
    const parts = new Map(shares.map(({ key, data }) => [Number(key[0]), (data as readonly string[]).join('-')]));
    const wanted = layout(there);
    const rule = poolRules(place, wanted.length)[0];
    const right = rule !== undefined && rules.length === 1 && rules[0]!.fingerprint === fingerprint('ip', rule);
    const broken = new Set(wanted.filter((range, share) => parts.get(share) !== rangeText(range)).map(rangeText));
    const known = new Set(there.map(rangeText));
    return { ranges: there, isWhole: (range) => right && known.has(rangeText(range)) && !broken.has(rangeText(range)) };
  } catch (error) {
    if (isKernelError(error, 'ENOENT')) return nothing;
    throw error;
  }
}

function rangeOf(part: KeyPart): PoolRange {
  if (typeof part === 'object' && 'from' in part) return { first: String(part.from), last: String(part.to) };
  return { first: String(part), last: String(part) };
}
