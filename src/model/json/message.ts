/**
 * Decoder from parsed JSON (or YAML) to messages, compiled once for each message type.
 *
 * Unlike protobuf-es' fromJson it reports every problem with its path and what would be accepted, and refuses enum numbers
 * that do not exist. The good path allocates nothing but the message.
 */

import {
  fromJson,
  type DescField,
  type DescMessage,
  type DescOneof,
  type JsonValue,
  type MessageShape,
} from '@bufbuild/protobuf';
import { scalarZeroValue } from '@bufbuild/protobuf/reflect';
import { didYouMean } from '../suggestion.ts';
import { type Decoded, DecodeContext, describe, isObject } from './context.ts';
import { type DecodeValue, enumDecoder, scalarDecoder } from './scalar.ts';

/** Decodes a parsed JSON value. `budget` bounds the number of messages and list items visited. */
export type Decoder<T> = (json: unknown, budget?: number) => Decoded<T>;

type Draft = Record<string, unknown>;
type SetField = (message: Draft, json: unknown, context: DecodeContext) => void;

interface FieldDecoder {
  readonly desc: DescField;
  readonly set: SetField;
}

const compiled = new WeakMap<DescMessage, DecodeValue>();

/** The decoder of a message type, compiled at the first call. */
export function compileDecoder<D extends DescMessage>(desc: D): Decoder<MessageShape<D>> {
  const decode = messageDecoder(desc);
  return (json, budget) => {
    const context = new DecodeContext(budget);
    const value = decode(json, context) as MessageShape<D> | undefined;
    const { visited } = context;
    return value === undefined ? { value, problems: context.problems, visited } : { value, problems: [], visited };
  };
}

/** Decoder within a larger decoding. */
export function messageDecoder(desc: DescMessage): DecodeValue {
  const known = compiled.get(desc);
  if (known !== undefined) return known;
  const decode = desc.typeName.startsWith('google.protobuf.') ? wellKnownDecoder(desc) : compileMessage(desc);
  compiled.set(desc, decode);
  return decode;
}

function compileMessage(desc: DescMessage): DecodeValue {
  const zero = zeroOf(desc);
  let fields: Map<string, FieldDecoder> | undefined;
  return (json, context) => {
    context.visit();
    if (!isObject(json)) return context.fail(`${describe(json)} is no object with the fields of ${desc.name}`);
    // Compiled at the first use: message types may contain themselves.
    fields ??= compileFields(desc);
    const before = context.problems.length;
    const message = zero();
    for (const name in json) {
      const field = fields.get(name);
      if (field === undefined) context.failName(name, unknownField(name, desc));
      else setField(field, name, json, message, context);
    }
    return context.problems.length === before ? message : undefined;
  };
}

function unknownField(name: string, desc: DescMessage): string {
  const names = desc.fields.map((field) => field.name);
  return `there is no such field in ${desc.name}${didYouMean(name, names)}`;
}

function setField(
  { desc, set }: FieldDecoder,
  name: string,
  json: Readonly<Record<string, unknown>>,
  message: Draft,
  context: DecodeContext,
): void {
  const value = json[name];
  if (value === null || value === undefined) return;
  const before = context.problems.length;
  if (name !== desc.jsonName && Object.hasOwn(json, desc.jsonName)) {
    context.failName('', `is given twice, as ${name} and as ${desc.jsonName}`);
  } else {
    set(message, value, context);
  }
  if (context.problems.length > before) context.within(desc.name, before);
}

function compileFields(desc: DescMessage): Map<string, FieldDecoder> {
  const fields = new Map<string, FieldDecoder>();
  for (const field of desc.fields) {
    const decoder = { desc: field, set: compileField(field) };
    fields.set(field.name, decoder);
    fields.set(field.jsonName, decoder);
  }
  return fields;
}

function compileField(field: DescField): SetField {
  const name = field.localName;
  if (field.oneof !== undefined) return oneofSetter(field, field.oneof, valueDecoder(field));
  if (field.fieldKind === 'list') return listSetter(name, valueDecoder(field));
  if (field.fieldKind === 'map') return mapSetter(field, valueDecoder(field));
  const decode = valueDecoder(field);
  return (message, json, context) => {
    const value = decode(json, context);
    if (value !== undefined) message[name] = value;
  };
}

/** Decoder of one value of the field: of the field itself, of a list item or of a map value. */
function valueDecoder(field: DescField): DecodeValue {
  if (field.message !== undefined) return messageDecoder(field.message);
  if (field.enum !== undefined) return enumDecoder(field.enum);
  return scalarDecoder(field.scalar);
}

function oneofSetter(field: DescField, oneof: DescOneof, decode: DecodeValue): SetField {
  const group = oneof.localName;
  const name = field.localName;
  return (message, json, context) => {
    const choice = message[group] as { readonly case: string | undefined };
    if (choice.case !== undefined) {
      const other = oneof.fields.find((one) => one.localName === choice.case);
      context.fail(`excludes ${other?.name}: only one of ${oneof.fields.map((one) => one.name).join(', ')} may be set`);
      return;
    }
    const value = decode(json, context);
    if (value !== undefined) message[group] = { case: name, value };
  };
}

function listSetter(name: string, decode: DecodeValue): SetField {
  return (message, json, context) => {
    if (!Array.isArray(json)) {
      context.fail(`${describe(json)} is no list`);
      return;
    }
    const list = message[name] as unknown[];
    for (let index = 0; index < json.length; index++) {
      context.visit();
      const before = context.problems.length;
      const item: unknown = json[index];
      const value = item === null ? context.fail('nothing (null) is no list item') : decode(item, context);
      if (context.problems.length > before) context.within(`[${index}]`, before);
      list.push(value);
    }
  };
}

function mapSetter(field: DescField & { fieldKind: 'map' }, decode: DecodeValue): SetField {
  const name = field.localName;
  const decodeKey = scalarDecoder(field.mapKey);
  return (message, json, context) => {
    if (!isObject(json)) {
      context.fail(`${describe(json)} is no object`);
      return;
    }
    const map = message[name] as Record<string, unknown>;
    for (const key of Object.keys(json)) {
      context.visit();
      const before = context.problems.length;
      const decodedKey = decodeKey(mapKey(key, field.mapKey), context);
      const item = json[key];
      const value = item === null ? context.fail('nothing (null) is no value') : decode(item, context);
      if (context.problems.length > before) context.within(`["${key}"]`, before);
      else
        Object.defineProperty(map, String(decodedKey), { value, enumerable: true, writable: true, configurable: true });
    }
  };
}

const boolType = 8;

/** JSON objects have text keys only; maps may have others. */
function mapKey(key: string, type: number): unknown {
  return type === boolType && (key === 'true' || key === 'false') ? key === 'true' : key;
}

/** A function that makes a message with all fields at their defaults, always of the same shape. */
function zeroOf(desc: DescMessage): () => Draft {
  const template: Draft = { $typeName: desc.typeName };
  const fresh: [string, () => unknown][] = [];
  for (const member of desc.members) {
    const name = member.localName;
    if (member.kind === 'oneof') fresh.push([name, () => ({ case: undefined })]);
    else if (member.fieldKind === 'list') fresh.push([name, () => []]);
    else if (member.fieldKind === 'map') fresh.push([name, () => ({})]);
    else if (member.fieldKind === 'message' || hasPresence(member)) continue;
    else template[name] = defaultOf(member);
    template[name] ??= undefined;
  }
  return () => {
    const message = { ...template };
    for (const [name, make] of fresh) message[name] = make();
    return message;
  };
}

const implicitPresence = 2;

function hasPresence(field: DescField): boolean {
  return field.presence !== implicitPresence;
}

/** Value of a field that is not set. */
export function defaultOf(field: DescField): unknown {
  if (field.fieldKind === 'enum') return field.enum.values[0]?.number;
  return field.fieldKind === 'scalar' ? scalarZeroValue(field.scalar, false) : undefined;
}

/** Types of google.protobuf have JSON forms of their own, which protobuf-es knows. */
function wellKnownDecoder(desc: DescMessage): DecodeValue {
  return (json, context) => {
    context.visit();
    try {
      return fromJson(desc, json as JsonValue);
    } catch (error) {
      return context.fail(error instanceof Error ? error.message : String(error));
    }
  };
}
