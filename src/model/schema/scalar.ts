import { type DescField, ScalarType } from '@bufbuild/protobuf';
import { type AddressForm, addressForm, integerRange } from './descriptions.ts';
import type { JsonSchema } from './json-schema.ts';

/** Schema of a scalar field: type, range and form of addresses. */
export function scalarSchema(field: DescField, type: ScalarType): JsonSchema {
  switch (type) {
    case ScalarType.STRING:
      return textSchema(addressForm(field));
    case ScalarType.BOOL:
      return { type: 'boolean' };
    case ScalarType.BYTES:
      return { type: 'string', contentEncoding: 'base64' };
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return { type: 'number' };
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return integer({ minimum: 0, maximum: 0xffffffff, ...integerRange(field) });
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return integer({ minimum: -0x80000000, maximum: 0x7fffffff, ...integerRange(field) });
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return wideInteger({ minimum: 0, ...integerRange(field) }, '^[0-9]+$');
    default:
      return wideInteger(integerRange(field) ?? {}, '^-?[0-9]+$');
  }
}

/** 0 is the same as not set, so it may be written even where the range starts later. */
function integer(range: { readonly minimum: number; readonly maximum: number }): JsonSchema {
  const schema: JsonSchema = { type: 'integer', ...range };
  return range.minimum > 0 ? { anyOf: [{ type: 'integer', enum: [0] }, schema] } : schema;
}

/** 64 bit integers may be written as text, since JSON numbers are exact only up to 2^53. */
function wideInteger(range: JsonSchema, pattern: string): JsonSchema {
  return {
    anyOf: [
      { type: 'integer', ...range },
      { type: 'string', pattern },
    ],
  };
}

function textSchema(form: AddressForm | undefined): JsonSchema {
  return form === undefined ? { type: 'string' } : { type: 'string', pattern: addressPattern(form) };
}

const byte = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const ipv4 = `(?:${byte}\\.){3}${byte}`;
const ipv6 = `(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9A-Fa-f]{0,4}|${ipv4})`;
const ipv4Length = '/(?:3[0-2]|[12]?[0-9])';
const ipv6Length = '/(?:12[0-8]|1[01][0-9]|[1-9]?[0-9])';

/** Pattern of an address or nothing (not set) or a reference to an allocated one. */
export function addressPattern({ version, prefixLength }: AddressForm): string {
  const suffix = (length: string): string => ({ none: '', required: length, optional: `(?:${length})?` })[prefixLength];
  const forms = ['alloc:[^/]+(?:/[^/]+)?(?:/GW)?'];
  if (version !== 6) forms.push(ipv4 + suffix(ipv4Length));
  if (version !== 4) forms.push(ipv6 + suffix(ipv6Length));
  return `^(?:${forms.join('|')})?$`;
}
