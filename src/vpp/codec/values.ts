/** Checks of single values on their way out, and text. Errors name the field. */

import { VppError } from '../errors.ts';

export function badField(field: string, problem: string): VppError {
  return new VppError('invalid-field', `${field}: ${problem}`, { field });
}

/** An integer in a range; booleans are 0 and 1. `absent` stands for undefined. */
export function integer(value: unknown, absent: number, lowest: number, highest: number, field: string): number {
  if (value === undefined) return absent;
  if (typeof value === 'number' && value >= lowest && value <= highest && Number.isInteger(value)) return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'bigint' && value >= lowest && value <= highest) return Number(value);
  throw badField(field, `${show(value)} is not an integer in ${lowest} to ${highest}`);
}

export function big(value: unknown, absent: bigint, lowest: bigint, highest: bigint, field: string): bigint {
  if (value === undefined) return absent;
  const number = typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof number === 'bigint' && number >= lowest && number <= highest) return number;
  throw badField(field, `${show(value)} is not an integer in ${lowest} to ${highest}`);
}

export function float(value: unknown, absent: number, field: string): number {
  if (value === undefined) return absent;
  if (typeof value === 'number') return value;
  throw badField(field, `${show(value)} is not a number`);
}

export function flag(value: unknown, absent: number, field: string): number {
  if (value === undefined) return absent;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value === 0 || value === 1) return value;
  throw badField(field, `${show(value)} is not true or false`);
}

/** An object with no other properties than `names`. */
export function record(value: unknown, names: ReadonlySet<string>, field: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badField(field, `${show(value)} is not an object`);
  }
  for (const name in value) {
    if (names.has(name) || (value as Record<string, unknown>)[name] === undefined) continue;
    throw badField(`${field}.${name}`, `this VPP knows no such field; it knows ${[...names].join(', ') || 'none'}`);
  }
  return value as Readonly<Record<string, unknown>>;
}

export function list(value: unknown, longest: number, field: string): readonly unknown[] {
  if (value === undefined) return NONE;
  if (!Array.isArray(value)) throw badField(field, `${show(value)} is not a list`);
  if (value.length > longest) throw badField(field, `${value.length} elements do not fit, ${longest} do`);
  return value as readonly unknown[];
}

const NONE: readonly unknown[] = [];

export function octets(value: unknown, longest: number, field: string): Uint8Array | readonly number[] {
  if (value === undefined) return NO_OCTETS;
  if (!(value instanceof Uint8Array) && !Array.isArray(value)) throw badField(field, `${show(value)} is not bytes`);
  if (value.length > longest) throw badField(field, `${value.length} bytes do not fit, ${longest} do`);
  return value as Uint8Array;
}

const NO_OCTETS = new Uint8Array(0);

export function text(value: unknown, longest: number, field: string): Uint8Array {
  if (value === undefined) return NO_OCTETS;
  if (typeof value !== 'string') throw badField(field, `${show(value)} is not text`);
  const encoded = Buffer.from(value);
  if (encoded.length > longest) throw badField(field, `${encoded.length} bytes of text do not fit, ${longest} do`);
  if (encoded.includes(0)) throw badField(field, 'the text has a zero byte');
  return encoded;
}

/** Text up to the first zero byte. */
export function readText(bytes: Uint8Array, at: number, size: number): string {
  let plain = '';
  for (let index = at; index < at + size; index++) {
    const byte = bytes[index]!;
    if (byte === 0) return plain;
    if (byte > 127 || index - at > 24) return decodeText(bytes, at, size);
    plain += String.fromCharCode(byte);
  }
  return plain;
}

function decodeText(bytes: Uint8Array, at: number, size: number): string {
  const zero = bytes.indexOf(0, at);
  const end = zero < 0 || zero > at + size ? at + size : zero;
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString('utf8');
}

function show(value: unknown): string {
  const shown = typeof value === 'bigint' ? `${value}n` : (JSON.stringify(value) ?? String(value));
  return shown.length > 60 ? `${shown.slice(0, 60)}...` : shown;
}
