/**
 * Addresses in keys are spelled as Go spells them, since Ligato's clients compute the same keys: as the canonical form, but
 * an IPv4-mapped IPv6 address (`::ffff:192.0.2.1`) counts and is written as IPv4.
 */

import { formatIp, networkOf, parseIp, parsePrefix } from '../address.ts';

/** A network: its first address and the prefix length. */
export interface NetworkText {
  readonly ip: string;
  readonly prefixLength: number;
}

/** Spelling of an address in keys, or undefined when `text` is no address. */
export function ipText(text: string): string | undefined {
  const address = parseIp(text);
  return address === undefined ? undefined : spell(address.bytes);
}

/** 4 or 6, or undefined when `text` is no address. */
export function ipVersion(text: string): 4 | 6 | undefined {
  const address = parseIp(text);
  if (address === undefined) return undefined;
  return isMapped(address.bytes) ? 4 : address.family;
}

/** Network of an address with prefix length, bits beyond the prefix cleared, or undefined when `text` is none. */
export function networkText(text: string): NetworkText | undefined {
  const length = canonicalIpv4NetworkLength(text);
  if (length >= 0) return { ip: text.slice(0, text.indexOf('/')), prefixLength: length };
  const prefix = parsePrefix(text);
  return prefix && { ip: spell(networkOf(prefix).address.bytes), prefixLength: prefix.length };
}

/**
 * Prefix length of an IPv4 network that is spelled as it is kept, -1 for any other text. Nearly all destinations are, and
 * keys of large tables of routes are computed in one go: this saves a parsed object for each.
 */
function canonicalIpv4NetworkLength(text: string): number {
  let address = 0;
  let number = 0;
  let digits = 0;
  let parts = 0;
  for (let index = 0; index <= text.length; index++) {
    const code = index === text.length ? slash : text.charCodeAt(index);
    const digit = code - zero;
    if (digit >= 0 && digit <= 9) {
      if (digits > 0 && number === 0) return -1;
      number = number * 10 + digit;
      digits++;
      continue;
    }
    if (digits === 0 || digits > 3 || code !== (parts < 3 ? dot : slash)) return -1;
    if (++parts === 5) return index === text.length && number <= 32 && address % 2 ** (32 - number) === 0 ? number : -1;
    if (number > 255) return -1;
    address = address * 256 + number;
    number = 0;
    digits = 0;
  }
  return -1;
}

const zero = 48;
const dot = 46;
const slash = 47;

function spell(bytes: Uint8Array): string {
  return isMapped(bytes) ? formatIp(bytes.subarray(12)) : formatIp(bytes);
}

function isMapped(bytes: Uint8Array): boolean {
  return (
    bytes.length === 16 && bytes[10] === 255 && bytes[11] === 255 && bytes.subarray(0, 10).every((byte) => byte === 0)
  );
}
