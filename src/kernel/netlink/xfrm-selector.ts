/** What IPsec policies and associations have in common: addresses and selectors (linux/xfrm.h). */

import { formatIp, formatPrefix } from '../../model/address.ts';
import type { Family, Ip, Prefix } from '../../model/address.ts';
import { AF_INET, familyNumber } from './constants.ts';
import type { Encoder } from './encoder.ts';
import { read16, read32 } from './reader.ts';

/** Ports whose bits under the mask are those of `port`. */
export interface PortBlock {
  readonly port: number;
  readonly mask: number;
}

/** Which packets. What is left out is anything. */
export interface Selector {
  readonly family: Family;
  readonly source?: Prefix;
  readonly destination?: Prefix;
  /** IP protocol number. */
  readonly protocol?: number;
  readonly sourcePorts?: PortBlock;
  readonly destinationPorts?: PortBlock;
  /** Index of the device they leave by. */
  readonly link?: number;
}

/** `struct xfrm_selector`, 56 bytes. */
export function writeSelector(encoder: Encoder, selector: Selector): void {
  const { destination, source, sourcePorts, destinationPorts } = selector;
  writeAddress(encoder, destination?.address);
  writeAddress(encoder, source?.address);
  encoder.be16(destinationPorts?.port ?? 0);
  encoder.be16(destinationPorts?.mask ?? 0);
  encoder.be16(sourcePorts?.port ?? 0);
  encoder.be16(sourcePorts?.mask ?? 0);
  encoder.u16(familyNumber(selector.family));
  encoder.u8(destination?.length ?? 0);
  encoder.u8(source?.length ?? 0);
  encoder.u8(selector.protocol ?? 0);
  encoder.zeros(3);
  encoder.u32(selector.link ?? 0);
  encoder.u32(0);
}

export const SELECTOR_LENGTH = 56;

export function readSelector(buffer: Buffer, at: number): Selector {
  const family: Family = read16(buffer, at + 40) === AF_INET ? 4 : 6;
  const prefix = (from: number, length: number): Prefix => ({ address: readAddress(buffer, from, family), length });
  const ports = (from: number): PortBlock => ({ port: buffer.readUInt16BE(from), mask: buffer.readUInt16BE(from + 2) });
  const [destinationPorts, sourcePorts] = [ports(at + 32), ports(at + 36)];
  const [destinationLength, sourceLength] = [buffer[at + 42]!, buffer[at + 43]!];
  const protocol = buffer[at + 44]!;
  const link = read32(buffer, at + 48);
  return {
    family,
    ...(sourceLength > 0 ? { source: prefix(at + 16, sourceLength) } : {}),
    ...(destinationLength > 0 ? { destination: prefix(at, destinationLength) } : {}),
    ...(protocol !== 0 ? { protocol } : {}),
    ...(sourcePorts.mask !== 0 ? { sourcePorts } : {}),
    ...(destinationPorts.mask !== 0 ? { destinationPorts } : {}),
    ...(link !== 0 ? { link } : {}),
  };
}

/** `xfrm_address_t`, 16 bytes; unspecified without an address. */
export function writeAddress(encoder: Encoder, address: Ip | undefined): void {
  if (address) encoder.raw(address.bytes);
  encoder.zeros(16 - (address?.bytes.length ?? 0));
}

export function readAddress(buffer: Buffer, at: number, family: Family): Ip {
  return { family, bytes: Uint8Array.from(buffer.subarray(at, at + (family === 4 ? 4 : 16))) };
}

/** A text that tells selectors apart, and that people can read. */
export function selectorText(selector: Selector): string {
  const { family, source, destination, protocol, sourcePorts, destinationPorts, link } = selector;
  const words = [`IPv${family}`];
  if (source) words.push(`from ${formatPrefix(source)}`);
  if (destination) words.push(`to ${formatPrefix(destination)}`);
  if (protocol !== undefined) words.push(`protocol ${protocol}`);
  if (sourcePorts) words.push(`source port ${sourcePorts.port}/${sourcePorts.mask.toString(16)}`);
  if (destinationPorts) words.push(`port ${destinationPorts.port}/${destinationPorts.mask.toString(16)}`);
  if (link !== undefined) words.push(`dev #${link}`);
  return words.join(' ');
}

/** `10.0.0.1 -> 10.0.0.2` */
export function pairText(source: Ip, destination: Ip): string {
  return `${formatIp(source)} -> ${formatIp(destination)}`;
}
