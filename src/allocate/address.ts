import { isIPv4, isIPv6 } from 'node:net';
import { AllocateError } from './errors.ts';

export type Family = 4 | 6;

/** An address as a number of 32 or 128 bits. */
export interface Address {
  readonly family: Family;
  readonly bits: bigint;
}

/** A prefix; `bits` has no host bits set. */
export interface Prefix extends Address {
  readonly length: number;
}

export function widthOf(family: Family): number {
  return family === 4 ? 32 : 128;
}

/** Reads `10.0.0.1` or `2001:db8::1` (RFC 4291 2.2, also with an IPv4 tail). */
export function parseAddress(text: string): Address {
  if (isIPv4(text)) return { family: 4, bits: fromParts(text.split('.'), 10, 8n) };
  if (isIPv6(text) && !text.includes('%')) return { family: 6, bits: parseIPv6(text) };
  throw new AllocateError('usage', `"${text}" is not an IPv4 or IPv6 address`);
}

/** Reads `10.0.0.0/24`. Host bits must be zero, so that what is meant is what is written. */
export function parsePrefix(text: string): Prefix {
  const slash = text.indexOf('/');
  if (slash < 0) throw new AllocateError('usage', `"${text}" has no prefix length`);
  const { family, bits } = parseAddress(text.slice(0, slash));
  const digits = text.slice(slash + 1);
  const length = Number(digits);
  if (!/^\d{1,3}$/.test(digits) || length > widthOf(family)) {
    throw new AllocateError('usage', `"${text}" has no valid prefix length`);
  }
  const hostBits = BigInt(widthOf(family) - length);
  if ((bits >> hostBits) << hostBits !== bits) {
    throw new AllocateError('usage', `"${text}" has bits set beyond its prefix length`);
  }
  return { family, bits, length };
}

/** Writes an address; IPv6 as RFC 5952 asks (lower case, the longest run of zeros shortened). */
export function formatAddress({ family, bits }: Address): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 0xffn).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => ((bits >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  const { start, length } = longestZeros(groups);
  if (length < 2) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}

function parseIPv6(text: string): bigint {
  const [head = '', tail] = withoutIPv4Tail(text).split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return fromParts([...before, ...zeros, ...after], 16, 16n);
}

/** `::ffff:10.0.0.1` is `::ffff:a00:1`. */
function withoutIPv4Tail(text: string): string {
  const colon = text.lastIndexOf(':');
  const tail = text.slice(colon + 1);
  if (!tail.includes('.')) return text;
  const bits = fromParts(tail.split('.'), 10, 8n);
  return `${text.slice(0, colon + 1)}${(bits >> 16n).toString(16)}:${(bits & 0xffffn).toString(16)}`;
}

function fromParts(parts: readonly string[], radix: number, width: bigint): bigint {
  return parts.reduce((bits, part) => (bits << width) | BigInt(Number.parseInt(part, radix)), 0n);
}

function longestZeros(groups: readonly string[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (groups[end] === '0') end++;
    if (end - start > best.length) best = { start, length: end - start };
  }
  return best;
}
