import { type DescEnum, ScalarType } from '@bufbuild/protobuf';
import { base64Decode } from '@bufbuild/protobuf/wire';
import { didYouMean } from '../suggestion.ts';
import { type DecodeContext, describe } from './context.ts';

/** Decodes one JSON value; undefined after noting a problem. `null` never gets here. */
export type DecodeValue = (json: unknown, context: DecodeContext) => unknown;

/** Decoder of a scalar type, by the rules of proto3 JSON (numbers may be written as text, 64 bit ones become bigint). */
export function scalarDecoder(type: ScalarType): DecodeValue {
  switch (type) {
    case ScalarType.STRING:
      return decodeText;
    case ScalarType.BOOL:
      return decodeBool;
    case ScalarType.BYTES:
      return decodeBytes;
    case ScalarType.DOUBLE:
      return decodeDouble;
    case ScalarType.FLOAT:
      return decodeFloat;
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return integerDecoder(0, 0xffffffff);
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return integerDecoder(-0x80000000, 0x7fffffff);
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return bigIntegerDecoder(0n, 0xffffffffffffffffn);
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return bigIntegerDecoder(-0x8000000000000000n, 0x7fffffffffffffffn);
  }
}

/** Decoder of an enum: a name, or the number of a value that exists. */
export function enumDecoder(desc: DescEnum): DecodeValue {
  const numbers = new Map(desc.values.map((value) => [value.name, value.number]));
  const known = new Set(numbers.values());
  return (json, context) => {
    if (typeof json === 'string') {
      const number = numbers.get(json);
      return (
        number ??
        context.fail(`${describe(json)} is none of ${listNames(numbers.keys())}${didYouMean(json, numbers.keys())}`)
      );
    }
    if (typeof json === 'number' && known.has(json)) return json;
    return context.fail(`${describe(json)} is none of ${listNames(numbers.keys())}`);
  };
}

function listNames(names: Iterable<string>): string {
  return [...names].join(', ');
}

function decodeText(json: unknown, context: DecodeContext): unknown {
  if (typeof json === 'string') return json;
  const hint = typeof json === 'number' || typeof json === 'boolean' ? ` (in YAML: "${json}")` : '';
  return context.fail(`${describe(json)} is no text${hint}`);
}

function decodeBool(json: unknown, context: DecodeContext): unknown {
  return typeof json === 'boolean' ? json : context.fail(`${describe(json)} is neither true nor false`);
}

function decodeBytes(json: unknown, context: DecodeContext): unknown {
  if (typeof json === 'string') {
    try {
      return base64Decode(json);
    } catch {
      return context.fail(`${describe(json)} is no base64`);
    }
  }
  return context.fail(`${describe(json)} is no base64 text`);
}

const specialNumbers = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

function decodeDouble(json: unknown, context: DecodeContext): unknown {
  const number = typeof json === 'string' ? (specialNumbers.get(json) ?? numberOf(json)) : json;
  return typeof number === 'number' ? number : context.fail(`${describe(json)} is no number`);
}

const largestFloat = 3.4028234663852886e38;

function decodeFloat(json: unknown, context: DecodeContext): unknown {
  const number = decodeDouble(json, context);
  if (typeof number !== 'number' || !Number.isFinite(number) || Math.abs(number) <= largestFloat) return number;
  return context.fail(`${describe(json)} does not fit into 32 bits`);
}

function integerDecoder(minimum: number, maximum: number): DecodeValue {
  return (json, context) => {
    const number = typeof json === 'string' ? numberOf(json) : json;
    if (typeof number === 'number' && Number.isInteger(number) && number >= minimum && number <= maximum)
      return number + 0;
    return context.fail(`${describe(json)} is no whole number ${minimum} to ${maximum}`);
  };
}

function bigIntegerDecoder(minimum: bigint, maximum: bigint): DecodeValue {
  return (json, context) => {
    const number = bigIntegerOf(json);
    if (number !== undefined && number >= minimum && number <= maximum) return number;
    return context.fail(`${describe(json)} is no whole number ${minimum} to ${maximum}`);
  };
}

function bigIntegerOf(json: unknown): bigint | undefined {
  if (typeof json === 'bigint') return json;
  if (typeof json === 'number') return Number.isInteger(json) ? BigInt(json) : undefined;
  return typeof json === 'string' && /^-?\d+$/.test(json) ? BigInt(json) : undefined;
}

/** Decimal number written as text, with or without exponent. */
function numberOf(text: string): number | undefined {
  return /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(text) ? Number(text) : undefined;
}
