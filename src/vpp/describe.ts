/** Messages as text, for people who explore a VPP. */

import type { MessageTable } from './connection/message-table.ts';
import { isScalar } from './schema/definition.ts';
import type { Field, MessageDefinition, TypeDefinition } from './schema/definition.ts';
import { formatField } from './schema/field-text.ts';

/** A message that this VPP has. */
export interface MessageListing {
  readonly name: string;
  readonly crc: string;
  /** What answers it: `reply`, or `list` when many do; undefined: it is an answer or an event. */
  readonly answer: 'reply' | 'list' | undefined;
  /** Why it cannot be used; undefined: it can. */
  readonly missing: string | undefined;
}

export interface MessageDescription extends MessageListing {
  /** One line a field, as VPP's `.api` files write it. */
  readonly fields: readonly string[];
  /** What it is answered with. */
  readonly replies: readonly { readonly name: string; readonly fields: readonly string[] }[];
  /** Types that the fields name, and those that these name. */
  readonly types: readonly { readonly name: string; readonly text: string }[];
}

export function listMessages(table: MessageTable): readonly MessageListing[] {
  return Array.from(table.entries(), ({ name, crc }) => listing(table, name, crc)).sort((left, right) =>
    left.name < right.name ? -1 : 1,
  );
}

/** Undefined: this VPP has no such message. */
export function describeMessage(table: MessageTable, name: string): MessageDescription | undefined {
  const entry = table.find(name);
  if (!entry) return undefined;
  const types = new Map<string, string>();
  const textOf = (message: string): readonly string[] => {
    const definition = table.definition(message);
    return definition ? describeFields(definition, definition.fields, types) : [];
  };
  const service = table.service(name);
  const replies = [service?.item, service?.reply].filter((reply) => reply !== undefined);
  return {
    ...listing(table, name, entry.crc),
    fields: textOf(name),
    replies: replies.map((reply) => ({ name: reply, fields: textOf(reply) })),
    types: Array.from(types, ([type, text]) => ({ name: type, text })),
  };
}

function listing(table: MessageTable, name: string, crc: string): MessageListing {
  const service = table.service(name);
  const isList = service !== undefined && (service.stream || service.item !== undefined);
  return { name, crc, answer: service && (isList ? 'list' : 'reply'), missing: table.missing(name) };
}

/** What every message has and users do not set. */
const OWN = new Set(['client_index', 'context']);

function describeFields(
  { scope }: MessageDefinition,
  fields: readonly Field[],
  types: Map<string, string>,
): readonly string[] {
  const visit = (key: string): void => {
    if (types.has(key) || isScalar(key) || key === 'string') return;
    const type = scope.type(key);
    if (!type) return;
    types.set(key, typeText(type));
    for (const field of fieldsOf(type)) visit(field.type);
  };
  const shown = fields.filter(({ name }) => !OWN.has(name));
  for (const { type } of shown) visit(type);
  return shown.map(formatField);
}

function fieldsOf(type: TypeDefinition): readonly Field[] {
  if (type.kind === 'alias') return [type.to];
  return type.kind === 'struct' || type.kind === 'union' ? type.fields : [];
}

function typeText(type: TypeDefinition): string {
  switch (type.kind) {
    case 'alias':
      return `alias ${formatField(type.to)}`;
    case 'enum':
    case 'flags':
      return `${type.kind} ${type.base}: ${type.members.map(([label, value]) => `${label}=${value}`).join(', ')}`;
    default:
      return `${type.kind} { ${type.fields.map(formatField).join('; ')} }`;
  }
}
