/** Values at random that fit a definition, in the form in which they are read again. */

import { formatIp, formatMac } from '../../model/address.ts';
import { nativeText } from '../codec/native.ts';
import { headFields } from '../codec/message.ts';
import type { Field, MessageDefinition, Scope, TypeDefinition } from '../schema/definition.ts';
import { isScalar, scalarSizes } from '../schema/definition.ts';

/** A number in 0 to 1. */
export type Random = () => number;

export function randomFields({ fields, scope }: MessageDefinition, random: Random): Record<string, unknown> {
  return structure(fields.slice(headFields(fields)), scope, random);
}

function structure(fields: readonly Field[], scope: Scope, random: Random): Record<string, unknown> {
  const counters = new Set(fields.flatMap(({ repeat }) => (repeat && 'countedBy' in repeat ? [repeat.countedBy] : [])));
  const value: Record<string, unknown> = {};
  for (const field of fields) if (!counters.has(field.name)) value[field.name] = valueOf(field, scope, random);
  if ('label_stack' in value && 'n_labels' in value) value['n_labels'] = (value['label_stack'] as unknown[]).length;
  // The union in a path is read by what `proto` says, others by `af`.
  if ('nh' in value && 'proto' in value && isRecord(value['nh'])) {
    const isSix = random() < 0.5;
    const types = scope.type(fields.find(({ name }) => name === 'proto')!.type);
    value['proto'] = labelOf(types!, isSix ? 1 : 0);
    value['nh']['address'] = address(isSix ? 16 : 4, random);
  }
  if ('af' in value) {
    const isSix = random() < 0.5;
    for (const { name, type } of fields) {
      if (type === 'address_union') value[name] = address(isSix ? 16 : 4, random);
      else if (name === 'af') value['af'] = isSix ? 'ADDRESS_IP6' : 'ADDRESS_IP4';
    }
  }
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function labelOf(type: TypeDefinition, number: number): string | number {
  if (type.kind !== 'enum') return number;
  return type.members.find(([, value]) => value === number)?.[0] ?? number;
}

function valueOf({ name, type, repeat }: Field, scope: Scope, random: Random): unknown {
  if (type === 'string') {
    const size = repeat && 'times' in repeat && repeat.times > 0 ? repeat.times - 1 : 40;
    return text(Math.floor(random() * (size + 1)), random);
  }
  if (repeat === undefined) return one(type, scope, random);
  const most = 'times' in repeat ? repeat.times : 5;
  const isFixed = 'times' in repeat && name !== 'label_stack';
  const count = isFixed ? most : Math.floor(random() * (most + 1));
  if (type === 'u8') return bytes(count, random);
  return Array.from({ length: count }, () => one(type, scope, random));
}

function one(key: string, scope: Scope, random: Random): unknown {
  if (isScalar(key)) return scalar(key, random);
  const type = scope.type(key)!;
  if (nativeText(type.name)) return native(type.name, random);
  switch (type.kind) {
    case 'alias':
      return valueOf({ ...type.to, name: '' }, scope, random);
    case 'struct':
      return structure(type.fields, scope, random);
    case 'union': {
      // One member; the others are read, too, and not compared.
      const member = type.fields[Math.floor(random() * type.fields.length)]!;
      return { [member.name]: valueOf(member, scope, random) };
    }
    default: {
      const number = Math.floor(random() * 256 ** scalarSizes[type.base]);
      const known = type.members[Math.floor(random() * type.members.length)]?.[1] ?? number;
      return labelOf(type, random() < 0.8 ? known : number);
    }
  }
}

function scalar(key: string, random: Random): unknown {
  if (key === 'bool') return random() < 0.5;
  if (key === 'f64') return Math.fround(random() * 1e6);
  const bits = Number(key.slice(1));
  const raw = (BigInt(Math.floor(random() * 2 ** 32)) << 32n) | BigInt(Math.floor(random() * 2 ** 32));
  const value = key.startsWith('i') ? BigInt.asIntN(bits, raw) : BigInt.asUintN(bits, raw);
  return bits === 64 ? value : Number(value);
}

function native(name: string, random: Random): string {
  if (name === 'mac_address') return formatMac(bytes(6, random));
  const isSix = name.startsWith('ip6') || (!name.startsWith('ip4') && random() < 0.5);
  const host = address(isSix ? 16 : 4, random);
  return name.includes('prefix') ? `${host}/${Math.floor(random() * (isSix ? 129 : 33))}` : host;
}

function address(size: 4 | 16, random: Random): string {
  const chosen = bytes(size, random);
  // A union that does not tell its family takes one that ends in zeroes for IPv4.
  chosen[size - 1] = 7;
  return formatIp(chosen);
}

function bytes(count: number, random: Random): Uint8Array {
  return Uint8Array.from({ length: count }, () => Math.floor(random() * 256));
}

function text(length: number, random: Random): string {
  let made = '';
  for (let index = 0; index < length; index++) made += String.fromCharCode(97 + Math.floor(random() * 26));
  return made;
}

/** The same numbers again for the same seed (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
