/**
 * Addresses between text and a place in a buffer, without an object in between: a hundred thousand of them are written in
 * one go. Platform functions decide what is an IPv6 address.
 */

import { isIPv6 } from 'node:net';

/** Dotted decimal. False when it is not an address; the buffer may have been written to then. */
export function writeIpv4(text: string, target: Uint8Array, at: number): boolean {
  let octet = 0;
  let digits = 0;
  let place = at;
  for (let index = 0; index < text.length; index += 1) {
    const digit = text.charCodeAt(index) - 48;
    if (digit >= 0 && digit <= 9) {
      if (digits > 0 && octet === 0) return false;
      octet = octet * 10 + digit;
      digits += 1;
      if (octet > 255) return false;
    } else if (digit === -2 && digits > 0 && place < at + 3) {
      target[place] = octet;
      place += 1;
      octet = 0;
      digits = 0;
    } else return false;
  }
  if (digits === 0 || place !== at + 3) return false;
  target[place] = octet;
  return true;
}

export function writeIpv6(text: string, target: Uint8Array, at: number): boolean {
  if (!isIPv6(text) || text.includes('%')) return false;
  const [head, tail] = text.split('::');
  const front = groups(head!);
  const back = tail === undefined ? [] : groups(tail);
  target.fill(0, at, at + 16);
  front.forEach((group, index) => writeGroup(target, at + 2 * index, group));
  back.forEach((group, index) => writeGroup(target, at + 16 - 2 * (back.length - index), group));
  return true;
}

function groups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((part) => {
    if (!part.includes('.')) return [Number.parseInt(part, 16)];
    const quad = new Uint8Array(4);
    writeIpv4(part, quad, 0);
    return [(quad[0]! << 8) | quad[1]!, (quad[2]! << 8) | quad[3]!];
  });
}

function writeGroup(target: Uint8Array, at: number, group: number): void {
  target[at] = group >> 8;
  target[at + 1] = group & 0xff;
}

export function readIpv4(bytes: Uint8Array, at: number): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
}

/** As RFC 5952 asks for: lower case, the first longest run of two or more zero groups shortened. */
export function readIpv6(bytes: Uint8Array, at: number): string {
  const parts = Array.from({ length: 8 }, (_, index) =>
    ((bytes[at + 2 * index]! << 8) | bytes[at + 2 * index + 1]!).toString(16),
  );
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start += 1) {
    let end = start;
    while (end < 8 && parts[end] === '0') end += 1;
    if (end - start > best.length) best = { start, length: end - start };
  }
  if (best.start < 0) return parts.join(':');
  return `${parts.slice(0, best.start).join(':')}::${parts.slice(best.start + best.length).join(':')}`;
}

/** First and last address of `ADDRESS/LENGTH`, bits behind the length cleared and set; undefined when it is no prefix. */
export function prefixEnds(
  text: string,
  bytes: number,
): { first: Uint8Array; last: Uint8Array; length: number } | undefined {
  const slash = text.indexOf('/');
  const first = new Uint8Array(bytes);
  const address = slash < 0 ? text : text.slice(0, slash);
  if (!(bytes === 4 ? writeIpv4(address, first, 0) : bytes === 16 && writeIpv6(address, first, 0))) return undefined;
  const digits = slash < 0 ? String(8 * bytes) : text.slice(slash + 1);
  const length = /^(0|[1-9]\d{0,2})$/.test(digits) ? Number(digits) : Infinity;
  if (length > 8 * bytes) return undefined;
  const last = Uint8Array.from(first);
  for (let bit = length; bit < 8 * bytes; bit += 1) {
    first[bit >> 3]! &= ~(0x80 >> (bit & 7));
    last[bit >> 3]! |= 0x80 >> (bit & 7);
  }
  return { first, last, length };
}
