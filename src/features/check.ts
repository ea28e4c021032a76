/**
 * Checks of single fields. Each returns what is wrong and what would be accepted, or undefined when the field is right,
 * and allocates nothing for a right field: they run for every value of every commit.
 */

import { isMulticast, isUnspecified, networkOf, parseIp, parseMac, parsePrefix } from '../model/address.ts';
import { formatPrefix } from '../model/address.ts';
import type { Family } from '../model/address.ts';
import type { Problem } from '../scheduler/kind.ts';

/** The longest logical name: VPP keeps it in a tag of 64 bytes. */
export const LONGEST_NAME = 63;
/** The longest name of a Linux network device (IFNAMSIZ less the final zero), in bytes. */
export const LONGEST_HOST_NAME = 15;

/** Adds a problem when there is one, at `field`, `field[index]` or `field[index].inner`. */
export function report(
  problems: Problem[],
  message: string | undefined,
  field: string,
  index?: number,
  inner?: string,
): void {
  if (message === undefined) return;
  const place = index === undefined ? field : `${field}[${index}]`;
  problems.push({ field: inner === undefined ? place : `${place}.${inner}`, message });
}

/** Text that has to be there and is at most `longest` bytes long. */
export function requiredProblem(text: string, what: string, longest = LONGEST_NAME): string | undefined {
  if (text === '') return `is missing: ${what} is required`;
  return lengthProblem(text, longest);
}

/** A logical name: required, printable, and usable as the tail of a key. */
export function nameProblem(text: string, what = 'a name', longest = LONGEST_NAME): string | undefined {
  return requiredProblem(text, what, longest) ?? segmentProblem(text);
}

export function lengthProblem(text: string, longest: number): string | undefined {
  // No text of n UTF-16 units is longer than 3n bytes of UTF-8.
  if (text.length * 3 <= longest) return undefined;
  const length = Buffer.byteLength(text);
  return length > longest ? `${quote(text)} is ${length} bytes long; at most ${longest} are accepted` : undefined;
}

function segmentProblem(text: string): string | undefined {
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    const code = at === text.length ? SLASH : text.charCodeAt(at);
    if (code < 32 || code === 127) return `${quote(text)} contains a control character; printable text is accepted`;
    if (code !== SLASH) continue;
    const length = at - start;
    const dots = length <= 2 && length > 0 && text.charCodeAt(start) === DOT && text.charCodeAt(at - 1) === DOT;
    if (length === 0 || dots) return `${quote(text)} cannot end a key: no empty, \`.\` or \`..\` part between slashes`;
    start = at + 1;
  }
  return undefined;
}

const SLASH = 47;
const DOT = 46;

/** A name of a Linux network device, as dev_valid_name() of the kernel accepts it. */
export function hostNameProblem(text: string): string | undefined {
  if (text === '') return `is missing: a Linux interface name of 1-${LONGEST_HOST_NAME} bytes is required`;
  const length = text.length > 5 ? Buffer.byteLength(text) : text.length;
  if (length > LONGEST_HOST_NAME) {
    return `${quote(text)} is ${length} bytes long; a Linux interface name has 1-${LONGEST_HOST_NAME} bytes`;
  }
  // The kernel keeps settings for all interfaces under the last two (sysctl_dev_name_is_allowed()).
  if (text === '.' || text === '..' || text === 'all' || text === 'default') {
    return `${quote(text)} is not a name for a Linux interface`;
  }
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code <= 32 || code === 127 || code === SLASH || code === 58 || code === 0xa0) {
      return `${quote(text)} is not a Linux interface name: no blanks, control characters, \`/\` or \`:\``;
    }
  }
  return undefined;
}

/** A number from a closed range; `unit` and `also` complete the sentence. */
export function rangeProblem(value: number, least: number, most: number, unit = ''): string | undefined {
  if (value >= least && value <= most && Number.isInteger(value)) return undefined;
  return `${value} is not in ${least}-${most}${unit === '' ? '' : ` (${unit})`}`;
}

/** A number by which VPP knows something. It takes the highest for "none" or "choose one". */
export function indexProblem(value: number): string | undefined {
  return rangeProblem(value, 0, 0xffff_fffe);
}

/** As `rangeProblem`, with 0 for "default". */
export function optionalRangeProblem(value: number, least: number, most: number, unit = ''): string | undefined {
  if (value === 0) return undefined;
  const problem = rangeProblem(value, least, most, unit);
  return problem && `${problem}, or 0 for the default`;
}

/** A size of a ring or queue: a power of two up to `most`, or 0 for the default. */
export function powerOfTwoProblem(value: number, most: number): string | undefined {
  if (value === 0) return undefined;
  if (value <= most && (value & (value - 1)) === 0) return undefined;
  return `${value} is not a power of two up to ${most}, or 0 for the default`;
}

/** A number that the enum has; `0` (undefined type) is refused with `zero: false`. */
export function enumProblem(
  value: number,
  names: Readonly<Record<number, string | number>>,
  options?: { readonly zero: false },
): string | undefined {
  const known = names[value] !== undefined;
  if (known && (value !== 0 || options?.zero !== false)) return undefined;
  const accepted = Object.entries(names).filter(
    ([key]) => /^\d+$/.test(key) && (key !== '0' || options?.zero !== false),
  );
  return `${known ? names[value] : value} is not accepted; one of ${accepted.map(([, name]) => name).join(', ')} is`;
}

export interface IpRules {
  readonly family?: Family;
  /** Whether 224.0.0.0/4 and ff00::/8 are accepted; default no. */
  readonly multicast?: boolean;
  /** Whether 0.0.0.0 and :: are accepted; default no. */
  readonly unspecified?: boolean;
}

/** An IP address without a prefix length. */
export function ipProblem(text: string, rules?: IpRules): string | undefined {
  const family = rules?.family;
  const expected = family === undefined ? 'an IP address' : `an IPv${family} address`;
  if (text === '') return `is missing: ${expected} is required`;
  const address = parseIp(text);
  if (address === undefined || (family !== undefined && address.family !== family)) {
    return `${quote(text)} is not ${expected} (such as ${family === 6 ? '2001:db8::1' : '192.0.2.1'}, without a mask)`;
  }
  if (rules?.multicast !== true && isMulticast(address)) return `${text} is a multicast address; unicast is accepted`;
  if (rules?.unspecified !== true && isUnspecified(address))
    return `${text} stands for no address; one host is accepted`;
  return undefined;
}

/** An address with a prefix length (bare: one host). Host bits are kept unless `network` is set. */
export function prefixProblem(text: string, rules?: { readonly family?: Family; readonly network?: boolean }) {
  const family = rules?.family;
  const expected = family === undefined ? 'an IP prefix' : `an IPv${family} prefix`;
  const example = family === 6 ? '2001:db8::/64' : '192.0.2.0/24';
  if (text === '') return `is missing: ${expected} such as ${example} is required`;
  const prefix = parsePrefix(text, BARE);
  if (prefix === undefined) {
    return `${quote(text)} is not ${expected}: an address and a mask length of 0-${text.includes(':') ? 128 : 32} such as ${example}`;
  }
  if (family !== undefined && prefix.address.family !== family) return `${text} is not ${expected} such as ${example}`;
  if (rules?.network !== true) return undefined;
  const network = networkOf(prefix);
  return network === prefix ? undefined : `${text} has host bits set; its network is ${formatPrefix(network)}`;
}

const BARE = { bare: true };

/** A MAC address; one that a device may have (unicast, not zero) unless `any`. */
export function macProblem(text: string, any = false): string | undefined {
  if (text === '') return 'is missing: a MAC address such as 02:fe:00:00:00:01 is required';
  const mac = parseMac(text);
  if (mac === undefined) return `${quote(text)} is not a MAC address such as 02:fe:00:00:00:01`;
  if (any) return undefined;
  if ((mac[0]! & 1) !== 0) return `${text} is a multicast MAC address; one with an even first byte is accepted`;
  return mac.every((byte) => byte === 0) ? `${text} is no address of a device` : undefined;
}

/** The index of the first item whose identity an earlier one has, or -1. */
export function firstDuplicate<T>(items: readonly T[], identity: (item: T) => string | number): number {
  if (items.length < 2) return -1;
  const seen = new Set<string | number>();
  for (let index = 0; index < items.length; index++) {
    const size = seen.size;
    if (seen.add(identity(items[index]!)).size === size) return index;
  }
  return -1;
}

/** Reports every item that repeats an earlier one. */
export function reportDuplicates<T>(
  problems: Problem[],
  items: readonly T[],
  identity: (item: T) => string | number,
  field: string,
  inner?: string,
): void {
  if (firstDuplicate(items, identity) < 0) return;
  const first = new Map<string | number, number>();
  for (const [index, item] of items.entries()) {
    const text = identity(item);
    const earlier = first.get(text);
    if (earlier === undefined) first.set(text, index);
    else report(problems, `${text} is already in ${field}[${earlier}]`, field, index, inner);
  }
}

/** Text for an error message: quoted, and cut when it is very long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}...` : text);
}
