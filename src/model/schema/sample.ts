import { type DescField, type DescMessage, type DescOneof, ScalarType } from '@bufbuild/protobuf';
import { dump } from 'js-yaml';
import type { Model } from '../model.ts';
import type { ModelRegistry } from '../registry.ts';
import { describeElement } from './descriptions.ts';

export interface SampleOptions {
  readonly registry: ModelRegistry;
  /** Spelling of names. Default `json`. */
  readonly names?: 'json' | 'proto';
}

/** An object of a model with all its fields at their defaults; of each oneof the first member. Deprecated fields are left out. */
export function sampleObject(model: Model, options: SampleOptions): Record<string, unknown> {
  return sampleOf(model.message, options, []);
}

function sampleOf(desc: DescMessage, options: SampleOptions, within: readonly DescMessage[]): Record<string, unknown> {
  const sample: Record<string, unknown> = {};
  for (const field of sampleFields(desc)) {
    if (field.oneof === undefined || isFirst(field, field.oneof))
      sample[nameOf(field, options)] = sampleValue(field, options, [...within, desc]);
  }
  return sample;
}

function sampleFields(desc: DescMessage): readonly DescField[] {
  return desc.fields.filter((field) => !field.deprecated);
}

function isFirst(field: DescField, oneof: DescOneof): boolean {
  return oneof.fields.find((one) => !one.deprecated) === field;
}

function nameOf(field: DescField, { names = 'json' }: SampleOptions): string {
  return names === 'proto' ? field.name : field.jsonName;
}

function sampleValue(field: DescField, options: SampleOptions, within: readonly DescMessage[]): unknown {
  if (field.fieldKind === 'map') return {};
  if (field.message !== undefined && within.includes(field.message)) return field.fieldKind === 'list' ? [] : null;
  if (field.message === undefined) return field.fieldKind === 'list' ? [] : sampleScalar(field);
  const message = sampleOf(field.message, options, within);
  return field.fieldKind === 'list' ? [message] : message;
}

function sampleScalar(field: DescField): unknown {
  if (field.enum !== undefined) return field.enum.values[0]?.name;
  if (field.scalar === ScalarType.BOOL) return false;
  return field.scalar === ScalarType.STRING || field.scalar === ScalarType.BYTES ? '' : 0;
}

/**
 * The same as a YAML file that can be edited and applied: at its place in a configuration, what each field means as a
 * comment before it, other members of a oneof commented out.
 */
export function sampleFile(model: Model, options: SampleOptions): string {
  const about = commentLines(describeElement(model.message, options.registry.descriptions), '');
  return `${[...about, ...placedLines(model, options)].join('\n')}\n`;
}

function placedLines(model: Model, options: SampleOptions): string[] {
  const { config, message, singleton } = model;
  if (config === undefined) return messageLines(message, '', options, []);
  const head = [`${config.group}:`, `  ${options.names === 'proto' ? config.field : config.jsonField}:`];
  if (singleton) return [...head, ...messageLines(message, '    ', options, [])];
  return [...head, ...itemLines(message, '    ', options, [])];
}

type Outer = readonly DescMessage[];

/** Lines of all fields of a message, each after its comment. */
function messageLines(desc: DescMessage, indent: string, options: SampleOptions, outer: Outer): string[] {
  return sampleFields(desc).flatMap((field) => {
    const isAlternative = field.oneof !== undefined && !isFirst(field, field.oneof);
    const lines = fieldLines(field, indent, options, [...outer, desc]);
    const about = commentLines(describeElement(field, options.registry.descriptions), indent);
    return [...about, ...(isAlternative ? commentedOut(lines, indent) : lines)];
  });
}

function fieldLines(field: DescField, indent: string, options: SampleOptions, outer: Outer): string[] {
  const name = `${indent}${nameOf(field, options)}:`;
  if (field.message === undefined || field.fieldKind === 'map' || outer.includes(field.message)) {
    return [`${name} ${dump(sampleValue(field, options, outer), { flowLevel: 0 }).trimEnd()}`];
  }
  if (field.fieldKind === 'list') return [name, ...itemLines(field.message, `${indent}  `, options, outer)];
  return [name, ...messageLines(field.message, `${indent}  `, options, outer)];
}

/** A list item: the dash stands before the first field, its comment before the dash. */
function itemLines(desc: DescMessage, indent: string, options: SampleOptions, outer: Outer): string[] {
  const lines = messageLines(desc, `${indent}  `, options, outer);
  const first = lines.findIndex((line) => !line.trimStart().startsWith('#'));
  return lines.map((line, index) => {
    if (index > first) return line;
    return `${indent}${index === first ? '- ' : ''}${line.slice(indent.length + 2)}`;
  });
}

function commentedOut(lines: readonly string[], indent: string): string[] {
  return lines.map((line) => `${indent}# ${line.slice(indent.length)}`);
}

const width = 110;

function commentLines(text: string | undefined, indent: string): string[] {
  if (text === undefined) return [];
  const lines: string[] = [];
  let line = `${indent}#`;
  for (const word of text.split(' ')) {
    if (line.length + word.length >= width) {
      lines.push(line);
      line = `${indent}#`;
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
