/** Ranges in blocks that a mask describes: the kernel's selectors know nothing else. */

import { ipFromBigInt, ipToBigInt } from '../../../model/address.ts';
import type { Ip, Prefix } from '../../../model/address.ts';
import type { PortBlock } from '../../../kernel/netlink/xfrm-selector.ts';

/** The fewest prefixes that are the addresses from first to last, both included. */
export function prefixesOf(first: Ip, last: Ip): readonly Prefix[] {
  const { family } = first;
  const bits = first.bytes.length * 8;
  return blocksOf(ipToBigInt(first), ipToBigInt(last), bits).map(([start, size]) => ({
    address: ipFromBigInt(family, start)!,
    length: bits - size,
  }));
}

/** The fewest blocks that are the ports from first to last. */
export function portBlocksOf(first: number, last: number): readonly PortBlock[] {
  return blocksOf(BigInt(first), BigInt(last), 16).map(([start, size]) => ({
    port: Number(start),
    mask: 0xffff & ~((1 << size) - 1),
  }));
}

/** Start and number of free bits of each block. */
function blocksOf(first: bigint, last: bigint, bits: number): [bigint, number][] {
  const blocks: [bigint, number][] = [];
  for (let at = first; at <= last; ) {
    let size = 0;
    while (size < bits && (at & ((1n << BigInt(size + 1)) - 1n)) === 0n && at + (1n << BigInt(size + 1)) - 1n <= last)
      size++;
    blocks.push([at, size]);
    at += 1n << BigInt(size);
  }
  return blocks;
}
