/** For tests: arbitrary values of a message type in proto3 JSON form. */

import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import fc from 'fast-check';

/** JSON objects that decode to a message of this type, in both spellings of names. */
export function arbitraryJson(desc: DescMessage, depth = 3): fc.Arbitrary<Record<string, unknown>> {
  const fields = desc.fields.filter((field) => field.message === undefined || depth > 0);
  const alone = fields.filter((field) => field.oneof === undefined);
  const groups = desc.oneofs.map((oneof) => oneof.fields.filter((field) => field.message === undefined || depth > 0));
  const plain = fc.tuple(...alone.map((field) => optional(field, depth)));
  const choices = fc.tuple(...groups.map((members) => choice(members, depth)));
  return fc
    .tuple(plain, choices)
    .map(([left, right]) => Object.assign({}, ...left, ...right) as Record<string, unknown>);
}

function choice(members: readonly DescField[], depth: number): fc.Arbitrary<object> {
  if (members.length === 0) return fc.constant({});
  return fc.oneof(fc.constant({}), ...members.map((field) => entry(field, depth)));
}

function optional(field: DescField, depth: number): fc.Arbitrary<object> {
  return fc.oneof(fc.constant({}), entry(field, depth));
}

function entry(field: DescField, depth: number): fc.Arbitrary<object> {
  const name = fc.constantFrom(field.name, field.jsonName);
  return fc.tuple(name, arbitraryField(field, depth)).map(([key, value]) => ({ [key]: value }));
}

function arbitraryField(field: DescField, depth: number): fc.Arbitrary<unknown> {
  const one = arbitraryValue(field, depth);
  if (field.fieldKind === 'list') return fc.array(one, { maxLength: 3 });
  if (field.fieldKind === 'map')
    return fc.dictionary(fc.string({ maxLength: 4 }), one, { maxKeys: 3, noNullPrototype: true });
  return fc.oneof({ weight: 9, arbitrary: one }, { weight: 1, arbitrary: fc.constant(null) });
}

function arbitraryValue(field: DescField, depth: number): fc.Arbitrary<unknown> {
  if (field.message !== undefined) return arbitraryJson(field.message, depth - 1);
  if (field.enum !== undefined) {
    const { values } = field.enum;
    return fc.oneof(
      fc.constantFrom(...values.map((value) => value.name)),
      fc.constantFrom(...values.map((value) => value.number)),
    );
  }
  return arbitraryScalar(field.scalar);
}

function arbitraryScalar(type: ScalarType): fc.Arbitrary<unknown> {
  switch (type) {
    case ScalarType.STRING:
      return fc.string({ maxLength: 8 });
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.UINT32:
      return numeric(fc.integer({ min: 0, max: 0xffffffff }));
    case ScalarType.INT32:
      return numeric(fc.integer({ min: -0x80000000, max: 0x7fffffff }));
    case ScalarType.UINT64:
      return fc.bigInt({ min: 0n, max: 0xffffffffffffffffn }).map(String);
    case ScalarType.INT64:
      return fc.bigInt({ min: -0x8000000000000000n, max: 0x7fffffffffffffffn }).map(String);
    case ScalarType.BYTES:
      return fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString('base64'));
    case ScalarType.DOUBLE:
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    default:
      throw new Error(`no arbitrary value of scalar type ${type} yet`);
  }
}

function numeric(numbers: fc.Arbitrary<number>): fc.Arbitrary<number | string> {
  return fc.oneof(numbers, numbers.map(String));
}
