/**
 * IP addresses, prefixes and MAC addresses: parsing, the one canonical spelling, and the arithmetic on them.
 * Parsers return undefined for text that is not an address; what to say about it is the caller's business.
 */

export type Family = 4 | 6;

/** An address in network byte order: 4 bytes for family 4, 16 for family 6. Bytes are never changed after parsing. */
export interface Ip {
  readonly family: Family;
  readonly bytes: Uint8Array;
}

/** An address with a prefix length, host bits kept as written (`10.0.0.1/24` is an interface address, too). */
export interface Prefix {
  readonly address: Ip;
  /** 0-32 for family 4, 0-128 for family 6. */
  readonly length: number;
}

/** Bits of an address of this family: 32 or 128. */
export function bitsOf(family: Family): number {
  return family === 4 ? 32 : 128;
}

/**
 * Reads `192.0.2.1` or `2001:db8::1`. Strict: four decimal parts without leading zeros; RFC 4291 section 2.2 for IPv6,
 * a dotted quad at its end included; no zone (`%eth0`), no blanks, no brackets.
 */
export function parseIp(text: string): Ip | undefined {
  if (text.indexOf(':') < 0) {
    const bytes = new Uint8Array(4);
    return parseQuad(text, 0, bytes, 0) ? { family: 4, bytes } : undefined;
  }
  const bytes = new Uint8Array(16);
  return parseGroups(text, bytes) ? { family: 6, bytes } : undefined;
}

/** Reads `ADDRESS/LENGTH`. With `bare: true` an address without a length is one host (`/32`, `/128`). */
export function parsePrefix(text: string, options?: { readonly bare?: boolean }): Prefix | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) {
    const address = options?.bare ? parseIp(text) : undefined;
    return address && { address, length: bitsOf(address.family) };
  }
  const address = parseIp(text.slice(0, slash));
  if (!address) return undefined;
  const length = parseDecimal(text, slash + 1, text.length);
  return length >= 0 && length <= bitsOf(address.family) ? { address, length } : undefined;
}

/** The canonical spelling: dotted quad, or RFC 5952 (lower case, longest run of zeros as `::`, `::ffff:192.0.2.1` mixed). */
export function formatIp(address: Ip | Uint8Array): string {
  const bytes = address instanceof Uint8Array ? address : address.bytes;
  return bytes.length === 4 ? formatQuad(bytes, 0) : formatGroups(bytes);
}

/** `ADDRESS/LENGTH`, host bits as they are. */
export function formatPrefix(prefix: Prefix): string {
  return `${formatIp(prefix.address)}/${prefix.length}`;
}

/** The canonical spelling of an address, or undefined when the text is none. */
export function canonicalIp(text: string): string | undefined {
  const address = parseIp(text);
  return address && formatIp(address);
}

/** The canonical spelling of `ADDRESS/LENGTH` with host bits kept; a bare address becomes `/32` or `/128`. */
export function canonicalPrefix(text: string): string | undefined {
  const prefix = parsePrefix(text, { bare: true });
  return prefix && formatPrefix(prefix);
}

/** The canonical spelling of a network: as `canonicalPrefix`, host bits cleared (`10.0.0.1/24` is `10.0.0.0/24`). */
export function canonicalNetwork(text: string): string | undefined {
  const prefix = parsePrefix(text, { bare: true });
  return prefix && formatPrefix(networkOf(prefix));
}

/** The prefix with its host bits cleared; the same object when they already are. */
export function networkOf(prefix: Prefix): Prefix {
  const bytes = maskBytes(prefix.address.bytes, prefix.length);
  if (sameBytes(bytes, prefix.address.bytes)) return prefix;
  return { address: { family: prefix.address.family, bytes }, length: prefix.length };
}

/** The highest address of the prefix: for IPv4 its directed broadcast address. */
export function lastOf(prefix: Prefix): Ip {
  const bytes = prefix.address.bytes.slice();
  for (let bit = prefix.length; bit < bytes.length * 8; bit++) bytes[bit >> 3]! |= 0x80 >> (bit & 7);
  return { family: prefix.address.family, bytes };
}

/** The netmask of this length, e.g. 255.255.255.0. */
export function netmaskOf(family: Family, length: number): Ip {
  return { family, bytes: maskBytes(new Uint8Array(bitsOf(family) / 8).fill(0xff), length) };
}

/** Prefix length of a netmask, or undefined when its ones are not contiguous. */
export function lengthOfNetmask(mask: Ip): number | undefined {
  let length = 0;
  while (length < mask.bytes.length * 8 && bitAt(mask.bytes, length)) length++;
  return sameBytes(netmaskOf(mask.family, length).bytes, mask.bytes) ? length : undefined;
}

/** Whether the address (or the whole inner prefix) lies in the prefix. Never across families. */
export function contains(prefix: Prefix, inner: Ip | Prefix): boolean {
  const address = 'address' in inner ? inner.address : inner;
  if (address.family !== prefix.address.family) return false;
  if ('address' in inner && inner.length < prefix.length) return false;
  return sharedBits(prefix.address.bytes, address.bytes) >= prefix.length;
}

/** Whether two prefixes have an address in common. */
export function overlaps(left: Prefix, right: Prefix): boolean {
  return left.length <= right.length ? contains(left, right) : contains(right, left);
}

export function sameIp(left: Ip, right: Ip): boolean {
  return sameBytes(left.bytes, right.bytes);
}

/** Sort order: family 4 first, then by value. */
export function compareIp(left: Ip, right: Ip): number {
  if (left.family !== right.family) return left.family - right.family;
  return compareBytes(left.bytes, right.bytes);
}

/** Address plus `count` (may be negative), or undefined when that leaves the address space. */
export function addToIp(address: Ip, count: number | bigint): Ip | undefined {
  return ipFromBigInt(address.family, ipToBigInt(address) + BigInt(count));
}

export function ipToBigInt(address: Ip): bigint {
  let value = 0n;
  for (const byte of address.bytes) value = (value << 8n) | BigInt(byte);
  return value;
}

export function ipFromBigInt(family: Family, value: bigint): Ip | undefined {
  if (value < 0n || value >> BigInt(bitsOf(family)) !== 0n) return undefined;
  const bytes = new Uint8Array(bitsOf(family) / 8);
  for (let index = bytes.length - 1; index >= 0; index--, value >>= 8n) bytes[index] = Number(value & 0xffn);
  return { family, bytes };
}

/** `0.0.0.0` or `::`. */
export function isUnspecified(address: Ip): boolean {
  return address.bytes.every((byte) => byte === 0);
}

/** 224.0.0.0/4 or ff00::/8. */
export function isMulticast(address: Ip): boolean {
  const first = address.bytes[0]!;
  return address.family === 4 ? first >> 4 === 0xe : first === 0xff;
}

/** 169.254.0.0/16 or fe80::/10. */
export function isLinkLocal(address: Ip): boolean {
  const [first, second] = address.bytes as unknown as [number, number];
  return address.family === 4 ? first === 169 && second === 254 : first === 0xfe && (second & 0xc0) === 0x80;
}

/** 127.0.0.0/8 or ::1. */
export function isLoopback(address: Ip): boolean {
  if (address.family === 4) return address.bytes[0] === 127;
  return address.bytes.every((byte, index) => byte === (index === 15 ? 1 : 0));
}

/** Reads a MAC address in the spellings `02:fe:00:00:00:01`, `02-FE-00-00-00-01` and `02fe.0000.0001`: 6 bytes. */
export function parseMac(text: string): Uint8Array | undefined {
  const separator = text.length === 14 ? '.' : text.charAt(2);
  if (text.length !== 17 && text.length !== 14) return undefined;
  if (separator !== ':' && separator !== '-' && separator !== '.') return undefined;
  const step = separator === '.' ? 4 : 2;
  const bytes = new Uint8Array(6);
  let at = 0;
  for (let digit = 0; digit < 12; digit++, at++) {
    if (digit > 0 && digit % step === 0 && text[at++] !== separator) return undefined;
    const value = hexDigit(text.charCodeAt(at));
    if (value < 0) return undefined;
    bytes[digit >> 1] = (bytes[digit >> 1]! << 4) | value;
  }
  return at === text.length ? bytes : undefined;
}

/** Lower case with colons. */
export function formatMac(bytes: Uint8Array): string {
  let text = HEX[bytes[0]!]!;
  for (let index = 1; index < bytes.length; index++) text += `:${HEX[bytes[index]!]}`;
  return text;
}

/** The canonical spelling of a MAC address, or undefined when the text is none. */
export function canonicalMac(text: string): string | undefined {
  const bytes = parseMac(text);
  return bytes && formatMac(bytes);
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Reads `text[from..]` as a dotted quad that ends the text. */
function parseQuad(text: string, from: number, bytes: Uint8Array, offset: number): boolean {
  let part = 0;
  let start = from;
  for (let at = from; at <= text.length; at++) {
    if (at < text.length && text.charCodeAt(at) !== 46) continue;
    const value = parseDecimal(text, start, at);
    if (value < 0 || value > 255 || part === 4) return false;
    bytes[offset + part++] = value;
    start = at + 1;
  }
  return part === 4;
}

/** 0-999 without leading zeros, else -1. */
function parseDecimal(text: string, from: number, to: number): number {
  const digits = to - from;
  if (digits < 1 || digits > 3 || (digits > 1 && text.charCodeAt(from) === 48)) return -1;
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

function parseGroups(text: string, bytes: Uint8Array): boolean {
  let at = 0;
  let filled = 0;
  let gap = -1;
  if (text.startsWith('::')) {
    gap = 0;
    at = 2;
  }
  while (at < text.length) {
    if (filled === 16) return false;
    const start = at;
    let value = 0;
    let digit: number;
    while (at < text.length && (digit = hexDigit(text.charCodeAt(at))) >= 0) {
      value = (value << 4) | digit;
      if (++at - start > 4) return false;
    }
    if (text.charCodeAt(at) === 46) {
      if (filled > 12 || !parseQuad(text, start, bytes, filled)) return false;
      filled += 4;
      at = text.length;
      break;
    }
    if (at === start) return false;
    bytes[filled++] = value >> 8;
    bytes[filled++] = value & 0xff;
    if (at === text.length) break;
    if (text.charCodeAt(at++) !== 58) return false;
    if (text.charCodeAt(at) === 58) {
      if (gap >= 0) return false;
      gap = filled;
      at++;
    } else if (at === text.length) return false;
  }
  if (gap < 0) return filled === 16;
  if (filled > 14) return false;
  bytes.copyWithin(16 - (filled - gap), gap, filled);
  bytes.fill(0, gap, 16 - (filled - gap));
  return true;
}

function formatQuad(bytes: Uint8Array, offset: number): string {
  return `${bytes[offset]}.${bytes[offset + 1]}.${bytes[offset + 2]}.${bytes[offset + 3]}`;
}

function formatGroups(bytes: Uint8Array): string {
  const [start, length] = longestZeroRun(bytes);
  const mapped = start === 0 && length === 5 && bytes[10] === 0xff && bytes[11] === 0xff;
  let text = '';
  for (let group = 0; group < (mapped ? 6 : 8); group++) {
    if (length > 1 && group === start) {
      text += '::';
      group += length - 1;
      continue;
    }
    if (text !== '' && !text.endsWith(':')) text += ':';
    text += ((bytes[group * 2]! << 8) | bytes[group * 2 + 1]!).toString(16);
  }
  return mapped ? `${text}:${formatQuad(bytes, 12)}` : text;
}

/** First longest run of zero groups: [first group, number of groups]. */
function longestZeroRun(bytes: Uint8Array): [number, number] {
  let best = 0;
  let bestLength = 0;
  let run = 0;
  for (let group = 0; group < 8; group++) {
    run = bytes[group * 2] === 0 && bytes[group * 2 + 1] === 0 ? run + 1 : 0;
    if (run > bestLength) {
      bestLength = run;
      best = group - run + 1;
    }
  }
  return [best, bestLength];
}

function maskBytes(bytes: Uint8Array, length: number): Uint8Array {
  const masked = new Uint8Array(bytes.length);
  for (let index = 0; index < bytes.length; index++) {
    const bits = Math.min(8, Math.max(0, length - index * 8));
    masked[index] = bytes[index]! & (0xff00 >> bits);
  }
  return masked;
}

function bitAt(bytes: Uint8Array, bit: number): boolean {
  return (bytes[bit >> 3]! & (0x80 >> (bit & 7))) !== 0;
}

/** Number of equal leading bits. */
function sharedBits(left: Uint8Array, right: Uint8Array): number {
  let index = 0;
  while (index < left.length && left[index] === right[index]) index++;
  if (index === left.length) return index * 8;
  return index * 8 + Math.clz32(left[index]! ^ right[index]!) - 24;
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && compareBytes(left, right) === 0;
}

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  for (let index = 0; index < left.length; index++) {
    const difference = left[index]! - right[index]!;
    if (difference !== 0) return difference;
  }
  return 0;
}
