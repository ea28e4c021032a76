/** Ranges of addresses, and how clients are shared out between them. Pure. */

import { parseIp, ipToBigInt } from '../../../model/address.ts';
import { create } from '@bufbuild/protobuf';
import { Nat44AddressPoolSchema } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import { poolAddresses } from '../model/pool.ts';

/** Addresses from first to last, both canonical. */
export interface PoolRange {
  readonly first: string;
  readonly last: string;
}

/** So many shares at most; a range of several addresses is then shared out further by the kernel. */
const MOST_SHARES = 1024;

export function rangeText({ first, last }: PoolRange): string {
  return `${first}-${last}`;
}

export function sizeOf({ first, last }: PoolRange): number {
  return number(last) - number(first) + 1;
}

/** Every address of it, in order. */
export function addressesIn({ first, last }: PoolRange): readonly string[] {
  return poolAddresses(create(Nat44AddressPoolSchema, { firstIp: first, lastIp: last }));
}

export function contains({ first, last }: PoolRange, address: string): boolean {
  return number(first) <= number(address) && number(address) <= number(last);
}

function number(address: string): number {
  return Number(ipToBigInt(parseIp(address)!));
}

/** Each range as often as its size asks for: every address of every pool gets as many clients as any other. */
export function layout(ranges: readonly PoolRange[], mostShares: number = MOST_SHARES): readonly PoolRange[] {
  if (ranges.length === 0) return [];
  const sorted = ranges.toSorted((one, other) => number(one.first) - number(other.first));
  const sizes = sorted.map(sizeOf);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const divisor = sizes.reduce(greatestDivisor);
  const exact = total / divisor <= mostShares;
  const share = (size: number) => (exact ? size / divisor : Math.max(1, Math.round((size * mostShares) / total)));
  return sorted.flatMap((range) => Array.from({ length: share(sizeOf(range)) }, () => range));
}

export function greatestDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestDivisor(other, one % other);
}
