/** TypeScript declarations of messages and types, from the newest version of each. */

import { isScalar } from '../../src/vpp/schema/definition.ts';
import type { EnumDefinition, Field, TypeDefinition } from '../../src/vpp/schema/definition.ts';
import { headFields } from '../../src/vpp/codec/message.ts';
import { nativeText } from '../../src/vpp/codec/native.ts';
import type { SchemaPack } from '../../src/vpp/schema/pack.ts';

export interface Declarations {
  readonly types: string;
  readonly values: string;
  readonly valueTypes: string;
}

export function declarations(pack: SchemaPack): Declarations {
  const declared = new Map<string, string>();
  const flags = new Map<string, EnumDefinition>();
  const messages: string[] = [];
  const replies: string[] = [];
  const lists: string[] = [];

  for (const name of [...pack.names()].toSorted()) {
    const definition = pack.message(name, pack.crcs(name).at(-1)!)!;
    messages.push(`  ${name}: ${body(definition.fields.slice(headFields(definition.fields)))};`);
    const service = pack.service(name);
    if (!service || service.reply === 'null') continue;
    if (!service.stream) replies.push(`  ${name}: '${service.reply}';`);
    else lists.push(`  ${name}: '${service.item ?? service.reply}';`);
  }

  function body(fields: readonly Field[]): string {
    const counters = new Set(
      fields.flatMap(({ repeat }) => (repeat && 'countedBy' in repeat ? [repeat.countedBy] : [])),
    );
    const shown = fields.filter(({ name }) => !counters.has(name));
    return shown.length === 0 ? '{}' : `{ ${shown.map((field) => `${field.name}: ${typeOf(field)}`).join('; ')} }`;
  }

  function typeOf({ type, repeat }: Field): string {
    if (type === 'string') return 'string';
    if (repeat !== undefined && (type === 'u8' || isBytes(type))) return 'Uint8Array';
    const single = singleType(type);
    if (repeat === undefined) return single;
    return single.includes(' ') ? `(${single})[]` : `${single}[]`;
  }

  function isBytes(key: string): boolean {
    const type = pack.type(key);
    return type?.kind === 'alias' && type.to.type === 'u8' && type.to.repeat === undefined;
  }

  function singleType(key: string): string {
    if (isScalar(key)) return key === 'bool' ? 'boolean' : key.endsWith('64') && key !== 'f64' ? 'bigint' : 'number';
    const type = pack.type(key)!;
    if (nativeText(type.name)) return 'string';
    if (type.kind === 'alias') return typeOf({ ...type.to });
    const name = pascal(key);
    if (!declared.has(name)) {
      declared.set(name, '');
      declared.set(name, declaration(name, type));
    }
    return name;
  }

  function declaration(name: string, type: TypeDefinition): string {
    if (type.kind === 'alias') throw new Error('an alias has no declaration');
    if (type.kind === 'enum' || type.kind === 'flags') {
      if (type.members.length > 0) flags.set(type.name, type);
      const labels = type.members.map(([label]) => `'${label}'`).join(' | ') || 'never';
      return type.kind === 'enum'
        ? `export type ${name} = ${labels} | number;`
        : `export type ${name} = Flags<${labels}>;`;
    }
    return `export interface ${name} ${body(type.fields)}`;
  }

  const types = [
    '/** Messages of the VPP binary API. Made by scripts/vpp-schema.ts from the newest definition of each. */',
    "import type { Flags } from '../fields.ts';",
    '/** Fields of every message, without its header. Counts of arrays are left out: the array has its length. */',
    `export interface Messages {\n${messages.join('\n')}\n}`,
    '/** Requests with one reply: name of the reply. */',
    `export interface Replies {\n${replies.join('\n')}\n}`,
    '/** Requests that are answered by a list: name of its items. */',
    `export interface Lists {\n${lists.join('\n')}\n}`,
    ...[...declared].toSorted((left, right) => (left[0] < right[0] ? -1 : 1)).map(([, text]) => text),
    '',
  ].join('\n');
  return { types, ...constants(flags) };
}

/** `fib_path` -> `FibPath`, `gre_tunnel~2` -> `GreTunnel2`. */
function pascal(key: string): string {
  return key
    .split(/[_~]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** Numbers of enums and flags, for those who test bits. */
function constants(flags: ReadonlyMap<string, EnumDefinition>): Omit<Declarations, 'types'> {
  const names = [...flags.values()]
    .filter(({ kind }) => kind === 'flags')
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
  const values = names.map(({ name, members }) => {
    const entries = members.map(([label, value]) => `${label}: ${value}`).join(', ');
    return `export const ${camel(name)} = Object.freeze({ ${entries} });`;
  });
  const valueTypes = names.map(({ name, members }) => {
    const entries = members.map(([label, value]) => `readonly ${label}: ${value}`).join('; ');
    return `export declare const ${camel(name)}: { ${entries} };`;
  });
  const head = '/** Bits of flags, by their names in VPP. Made by scripts/vpp-schema.ts. */\n';
  return { values: `${head}${values.join('\n')}\n`, valueTypes: `${head}${valueTypes.join('\n')}\n` };
}

function camel(name: string): string {
  const text = pascal(name);
  return text.charAt(0).toLowerCase() + text.slice(1);
}
