/** Types that are text in JavaScript: addresses, prefixes, MAC addresses. */

import { formatIp, formatMac, parseIp, parseMac, parsePrefix } from '../../model/address.ts';

export interface NativeText {
  /** Bytes on the wire. */
  readonly size: number;
  /** What is accepted, for error messages. */
  readonly accepts: string;
  read(bytes: Uint8Array, at: number): string;
  /** Writes into zeroed bytes; false when the text is none. */
  write(bytes: Uint8Array, at: number, text: string): boolean;
}

export function nativeText(typeName: string): NativeText | undefined {
  return natives.get(typeName);
}

/** Text of the 16 bytes of an address whose family is known. */
export function readAddress(bytes: Uint8Array, at: number, six: boolean): string {
  return six ? formatIp(bytes.subarray(at, at + 16)) : readIp4(bytes, at);
}

/** For a union whose family is not told: one that looks like an IPv4 address is one. */
export function readUntoldAddress(bytes: Uint8Array, at: number): string {
  for (let index = at + 4; index < at + 16; index++) if (bytes[index] !== 0) return readAddress(bytes, at, true);
  return readIp4(bytes, at);
}

export function writeAddressUnion(bytes: Uint8Array, at: number, text: string): boolean {
  const address = parseIp(text);
  if (address) bytes.set(address.bytes, at);
  return address !== undefined;
}

function readIp4(bytes: Uint8Array, at: number): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
}

const ip4: NativeText = {
  size: 4,
  accepts: 'an IPv4 address',
  read: readIp4,
  write: (bytes, at, text) => writeIp(bytes, at, text, 4),
};

const ip6: NativeText = {
  size: 16,
  accepts: 'an IPv6 address',
  read: (bytes, at) => readAddress(bytes, at, true),
  write: (bytes, at, text) => writeIp(bytes, at, text, 6),
};

/** `{ af u8, un 16 }`, af 0 for IPv4. */
const address: NativeText = {
  size: 17,
  accepts: 'an IP address',
  read: (bytes, at) => readAddress(bytes, at + 1, bytes[at] !== 0),
  write(bytes, at, text) {
    bytes[at] = text.includes(':') ? 1 : 0;
    return writeAddressUnion(bytes, at + 1, text);
  },
};

const prefix: NativeText = {
  size: 18,
  accepts: 'ADDRESS/LENGTH',
  read: (bytes, at) => `${address.read(bytes, at)}/${bytes[at + 17]}`,
  write(bytes, at, text) {
    const parsed = parsePrefix(text);
    if (!parsed) return false;
    bytes[at] = parsed.address.family === 6 ? 1 : 0;
    bytes.set(parsed.address.bytes, at + 1);
    bytes[at + 17] = parsed.length;
    return true;
  },
};

const ip4Prefix = familyPrefix(ip4, 4);
const ip6Prefix = familyPrefix(ip6, 6);

const mac: NativeText = {
  size: 6,
  accepts: 'a MAC address',
  read: (bytes, at) => formatMac(bytes.subarray(at, at + 6)),
  write(bytes, at, text) {
    const parsed = parseMac(text);
    if (parsed) bytes.set(parsed, at);
    return parsed !== undefined;
  },
};

const natives: ReadonlyMap<string, NativeText> = new Map([
  ['ip4_address', ip4],
  ['ip6_address', ip6],
  ['address', address],
  ['prefix', prefix],
  ['address_with_prefix', prefix],
  ['ip4_prefix', ip4Prefix],
  ['ip4_address_with_prefix', ip4Prefix],
  ['ip6_prefix', ip6Prefix],
  ['ip6_address_with_prefix', ip6Prefix],
  ['mac_address', mac],
  ['address_union', { size: 16, accepts: 'an IP address', read: readUntoldAddress, write: writeAddressUnion }],
]);

function familyPrefix(of: NativeText, family: 4 | 6): NativeText {
  return {
    size: of.size + 1,
    accepts: `an IPv${family} ADDRESS/LENGTH`,
    read: (bytes, at) => `${of.read(bytes, at)}/${bytes[at + of.size]}`,
    write(bytes, at, text) {
      const parsed = parsePrefix(text);
      if (parsed?.address.family !== family) return false;
      bytes.set(parsed.address.bytes, at);
      bytes[at + of.size] = parsed.length;
      return true;
    },
  };
}

function writeIp(bytes: Uint8Array, at: number, text: string, family: 4 | 6): boolean {
  const parsed = parseIp(text);
  if (parsed?.family !== family) return false;
  bytes.set(parsed.bytes, at);
  return true;
}
