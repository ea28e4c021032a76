/** Fields as the pack writes them: `u32 table_id`, `u8 key[32]`, `fib_path paths[@n_paths]`, `string tag[]`, `u32 id=4294967295`. */

import type { Field, Repetition } from './definition.ts';

export function formatFields(fields: readonly Field[]): string {
  return fields.map(formatField).join(';');
}

export function formatField({ type, name, repeat, default: value }: Field): string {
  return `${type} ${name}${formatRepetition(type, repeat)}${value === undefined ? '' : `=${value}`}`;
}

function formatRepetition(type: string, repeat: Repetition): string {
  if (repeat === undefined) return '';
  if ('countedBy' in repeat) return `[@${repeat.countedBy}]`;
  return type === 'string' && repeat.times === 0 ? '[]' : `[${repeat.times}]`;
}

export function parseFields(text: string): readonly Field[] {
  return text === '' ? [] : text.split(';').map(parseField);
}

export function parseField(text: string): Field {
  const space = text.indexOf(' ');
  const equals = text.indexOf('=', space);
  const bracket = text.indexOf('[', space);
  const end = equals < 0 ? text.length : equals;
  const type = text.slice(0, space);
  const name = text.slice(space + 1, bracket < 0 ? end : bracket);
  const value = equals < 0 ? undefined : defaultOf(text.slice(equals + 1));
  return { type, name, repeat: bracket < 0 ? undefined : repetition(text.slice(bracket + 1, end - 1)), default: value };
}

function repetition(text: string): Repetition {
  if (text.startsWith('@')) return { countedBy: text.slice(1) };
  return { times: Number(text) };
}

function defaultOf(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) || text.includes('.') ? value : BigInt(text);
}
