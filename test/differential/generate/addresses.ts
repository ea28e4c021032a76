/** Addresses at the edges of networks, and numbers at the edges of ranges: where engines differ, if they do. */

import {
  addToIp,
  bitsOf,
  formatIp,
  ipFromBigInt,
  ipToBigInt,
  parseIp,
  parsePrefix,
} from '../../../src/model/address.ts';
import { bridged, type CaseConfig, hostAddress, network, PORTS, roleOf } from '../network.ts';
import type { Random } from '../random.ts';

export type Family = 4 | 6;

const plus = (address: string, count: number): string => formatIp(addToIp(parseIp(address)!, count)!);

/** First or last address, one before or behind, or one in the middle. Of the network of all addresses: undefined. */
export function nearNetwork(random: Random, prefix: string): string | undefined {
  const { address, length } = parsePrefix(prefix)!;
  const { family } = address;
  if (length < 8) return undefined;
  const size = 1n << BigInt(bitsOf(family) - length);
  const first = (ipToBigInt(address) / size) * size;
  const last = first + size - 1n;
  const middle = first + size / 2n;
  return formatIp(ipFromBigInt(family, random.pick([first, first, last, last, middle, first - 1n, last + 1n]))!);
}

/** Networks that rules speak of: around hosts, around what is behind a port, and wider. */
export function networks(config: CaseConfig, family: Family): readonly string[] {
  const behind = PORTS.flatMap((port) => {
    const [base] = network[family](port).split('/') as [string];
    const at = (low: number) => plus(base, low);
    return family === 4
      ? [`${base}/16`, `${at(256)}/24`, `${at(256)}/25`, `${at(384)}/25`, `${at(258)}/31`, `${at(261)}/32`]
      : [`${base}/32`, `${base}/64`, `${at(256)}/120`, `${at(256)}/121`, `${at(258)}/127`, `${at(261)}/128`];
  });
  const hosts = PORTS.map((port) => `${hostOf(config, family, port)}/${bitsOf(family)}`);
  return [...behind, ...hosts, ...(family === 4 ? ['10.16.0.0/12', '0.0.0.0/0'] : ['fd00::/8', '::/0'])];
}

/** A host that the packets of a port come from or go to, as a router between them sees it. */
export function hostOf(config: CaseConfig, family: Family, port: number): string {
  return roleOf(config, port).role === 'bridged' ? bridged[family].host(port) : hostAddress[family](port);
}

export function anyAddress(random: Random, config: CaseConfig, family: Family, port: number): string {
  if (roleOf(config, port).role !== 'routed' || random.chance(0.3)) return hostOf(config, family, port);
  const [base] = network[family](port).split('/') as [string];
  return plus(base, random.pick([256, 257, 258, 259, 261, 383, 384, 512]));
}

export interface Range {
  readonly first: number;
  readonly last: number;
}

export function nearRange(random: Random, { first, last }: Range, most: number): number {
  const at = random.pick([first, last, first - 1, last + 1, random.int(first, last)]);
  return Math.min(Math.max(at, 0), most);
}
