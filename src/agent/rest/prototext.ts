/** One-line protobuf text format, as Ligato's REST embeds values (`ProtoMsgData`). */

import type { DescField, DescMessage, Message } from '@bufbuild/protobuf';
import { reflect, type ReflectMessage } from '@bufbuild/protobuf/reflect';

/** Text of a message; fields that hold their default are left out. */
export function toPrototext(schema: DescMessage, message: Message): string {
  return fieldsOf(reflect(schema, message)).join(' ');
}

function fieldsOf(message: ReflectMessage): string[] {
  const texts: string[] = [];
  for (const field of message.fields) {
    if (!message.isSet(field)) continue;
    const value: unknown = message.get(field);
    if (field.fieldKind === 'list') {
      for (const item of value as Iterable<unknown>) texts.push(fieldText(field, item));
    } else if (field.fieldKind === 'map') {
      for (const [key, item] of value as Iterable<[unknown, unknown]>) texts.push(mapEntry(field, key, item));
    } else {
      texts.push(fieldText(field, value));
    }
  }
  return texts;
}

function fieldText(field: DescField, value: unknown): string {
  if (isReflected(value)) return `${field.name}:{${fieldsOf(value).join(' ')}}`;
  return `${field.name}:${scalar(field, value)}`;
}

function mapEntry(field: DescField, key: unknown, value: unknown): string {
  const text = isReflected(value) ? `{${fieldsOf(value).join(' ')}}` : scalar(field, value);
  return `${field.name}:{key:${typeof key === 'string' ? quote(key) : String(key)} value:${text}}`;
}

function isReflected(value: unknown): value is ReflectMessage {
  return typeof value === 'object' && value !== null && 'fields' in value && 'isSet' in value;
}

function scalar(field: DescField, value: unknown): string {
  const { enum: enumeration } = field as { enum?: { values: readonly { number: number; name: string }[] } };
  if (enumeration) return enumeration.values.find((one) => one.number === value)?.name ?? String(value);
  if (typeof value === 'string') return quote(value);
  if (value instanceof Uint8Array) return quoteBytes(value);
  return String(value);
}

function quote(text: string): string {
  return `"${text.replace(/["\\\n\r\t]/g, (character) => escapes[character] ?? character)}"`;
}

const escapes: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function quoteBytes(bytes: Uint8Array): string {
  return `"${Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}"`;
}
