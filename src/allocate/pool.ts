import { formatAddress, parseAddress, parsePrefix, widthOf } from './address.ts';
import type { Address, Prefix } from './address.ts';
import { AllocateError } from './errors.ts';

/** Both ends included. */
export interface Range {
  readonly from: bigint;
  readonly to: bigint;
}

/**
 * What can be allocated: items that stand for whole numbers in a range. `shape` says what the items are; allocators of one
 * pool must agree on it, while ranges may change over time (what is allocated stays so).
 */
export interface Pool<Item> {
  readonly name: string;
  readonly shape: string;
  readonly range: Range;
  /** Not for allocation. */
  readonly reserved: readonly Range[];
  format(index: bigint): Item;
  /** The number an item stands for; also of one beyond the range, which may have changed since it was allocated. */
  parse(item: Item | string): bigint;
}

export interface NumberPoolOptions {
  readonly from: number;
  /** Included. */
  readonly to: number;
  readonly reserved?: readonly (number | readonly [from: number, to: number])[];
}

/** Whole numbers: ids, VNIs, ports. */
export function numberPool(name: string, { from, to, reserved = [] }: NumberPoolOptions): Pool<number> {
  const parse = (item: number | string): bigint => {
    if (!/^-?\d+$/.test(String(item)) || !Number.isSafeInteger(Number(item))) {
      throw new AllocateError('usage', `Pool ${name}: "${item}" is not a whole number`);
    }
    return BigInt(item);
  };
  const ranges = reserved.map((one) => (typeof one === 'number' ? ([one, one] as const) : one));
  return checked({
    name,
    shape: 'number',
    range: { from: parse(from), to: parse(to) },
    reserved: ranges.map(([first, last]) => ({ from: parse(first), to: parse(last) })),
    format: Number,
    parse,
  });
}

export interface AddressPoolOptions {
  /** `10.0.0.0/24` or `2001:db8::/64`. */
  readonly cidr: string;
  /** Addresses (`10.0.0.1`), ranges (`10.0.0.1-10.0.0.9`) and prefixes (`10.0.0.128/25`). */
  readonly reserved?: readonly string[];
}

/**
 * Addresses of a prefix, without length. Left out: network and broadcast address (IPv4 up to /30), the subnet-router
 * anycast address (IPv6 up to /126, RFC 4291 2.6.1).
 */
export function addressPool(name: string, { cidr, reserved = [] }: AddressPoolOptions): Pool<string> {
  const prefix = parsePrefix(cidr);
  const all = rangeOf(prefix);
  const isLink = all.to - all.from < 2n;
  return checked({
    name,
    shape: `address:ipv${prefix.family}`,
    range: { from: isLink ? all.from : all.from + 1n, to: isLink || prefix.family === 6 ? all.to : all.to - 1n },
    reserved: reserved.map((text) => parseReserved(text, prefix)),
    format: (bits) => formatAddress({ family: prefix.family, bits }),
    parse: (item) => ofFamily(parseAddress(item), prefix, item).bits,
  });
}

export interface PrefixPoolOptions {
  /** What is divided: `10.0.0.0/8`. */
  readonly cidr: string;
  /** Prefix length of the items, e.g. 24. */
  readonly length: number;
  /** As in an address pool: a prefix that has any of these in it is left out. */
  readonly reserved?: readonly string[];
}

/** Prefixes of one length out of a larger one: a subnet for each node. */
export function prefixPool(name: string, { cidr, length, reserved = [] }: PrefixPoolOptions): Pool<string> {
  const whole = parsePrefix(cidr);
  const width = widthOf(whole.family);
  if (!Number.isInteger(length) || length < whole.length || length > width) {
    throw new AllocateError('usage', `Pool ${name}: ${cidr} cannot be divided into prefixes of length ${length}`);
  }
  const shift = BigInt(width - length);
  const toItems = ({ from, to }: Range): Range => ({ from: from >> shift, to: to >> shift });
  return checked({
    name,
    shape: `prefix:ipv${whole.family}/${length}`,
    range: toItems(rangeOf(whole)),
    reserved: reserved.map((text) => toItems(parseReserved(text, whole))),
    format: (index) => `${formatAddress({ family: whole.family, bits: index << shift })}/${length}`,
    parse: (item) => {
      const prefix = parsePrefix(item);
      if (prefix.length !== length) throw new AllocateError('usage', `"${item}" is not of length ${length}`);
      return ofFamily(prefix, whole, item).bits >> shift;
    },
  });
}

/** The next allocatable number from `index` on; undefined beyond the end. */
export function nextInPool<Item>(pool: Pool<Item>, index: bigint): bigint | undefined {
  let candidate = index < pool.range.from ? pool.range.from : index;
  // Ranges are sorted by their beginning.
  for (const { from, to } of pool.reserved) if (candidate >= from && candidate <= to) candidate = to + 1n;
  return candidate <= pool.range.to ? candidate : undefined;
}

function checked<Item>(pool: Pool<Item>): Pool<Item> {
  if (!/^[\w.-]+$/.test(pool.name)) {
    throw new AllocateError('usage', `Pool name "${pool.name}" may have letters, digits, ".", "_" and "-" only`);
  }
  for (const { from, to } of [pool.range, ...pool.reserved]) {
    if (from > to) throw new AllocateError('usage', `Pool ${pool.name}: range ${from}-${to} ends before it begins`);
  }
  return { ...pool, reserved: [...pool.reserved].sort((a, b) => (a.from < b.from ? -1 : 1)) };
}

function rangeOf({ family, bits, length }: Prefix): Range {
  return { from: bits, to: bits + (1n << BigInt(widthOf(family) - length)) - 1n };
}

function parseReserved(text: string, pool: Prefix): Range {
  if (text.includes('/')) return rangeOf(ofFamily(parsePrefix(text), pool, text));
  const [first = '', last = first] = text.split('-');
  return { from: ofFamily(parseAddress(first), pool, text).bits, to: ofFamily(parseAddress(last), pool, text).bits };
}

function ofFamily<Some extends Address>(address: Some, pool: Address, text: string): Some {
  if (address.family === pool.family) return address;
  throw new AllocateError('usage', `"${text}" is not IPv${pool.family}`);
}
