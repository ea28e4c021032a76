/** Collects the definitions of releases, oldest first, and writes them as the text that src/vpp/schema/pack.ts reads. */

import type { ApiModule } from '../../src/vpp/schema/api-json.ts';
import { isScalar } from '../../src/vpp/schema/definition.ts';
import type { EnumDefinition, Field, Service, TypeDefinition } from '../../src/vpp/schema/definition.ts';
import { formatField, formatFields } from '../../src/vpp/schema/field-text.ts';
import type { SchemaPack } from '../../src/vpp/schema/pack.ts';

interface Message {
  readonly name: string;
  readonly crc: string;
  module: string;
  mask: number;
  fields: string;
}

export class PackBuilder {
  readonly #releases: string[] = [];
  readonly #plugins = new Map<string, string>();
  readonly #messages = new Map<string, Message>();
  readonly #services = new Map<string, Service>();
  /** Text of a type -> its key. */
  readonly #keys = new Map<string, string>();
  readonly #typeLines = new Map<string, string>();
  readonly #versions = new Map<string, number>();
  /** Enums by name: what the newest release says; members are only ever added. */
  readonly #enums = new Map<string, EnumDefinition>();
  #kept = '';

  begin(release: string): void {
    if (!this.#releases.includes(release)) this.#releases.push(release);
    if (this.#releases.length > 31) throw new Error('more releases than bits in a mask');
  }

  /** Starts from a pack that was made before. */
  keep(pack: SchemaPack, text: string): void {
    this.#releases.push(...pack.releases);
    for (const line of text.split('\n')) this.#keepLine(line, pack);
    this.#kept = pack.releases.at(-1) ?? '';
  }

  #keepLine(line: string, pack: SchemaPack): void {
    const [letter, name = '', first = '', second = '', third = '', fields = ''] = line.split('\t');
    if (letter === 'M') {
      const mask = Number.parseInt(third, 16);
      this.#messages.set(`${name}_${first}`, { name, crc: first, module: second, mask, fields });
    } else if (letter === 'V') {
      this.#services.set(name, { reply: first, stream: second === 's', item: third === '' ? undefined : third });
    } else if (letter === 'P') this.#plugins.set(name, first);
    else if (letter === 'E' || letter === 'F') this.#enums.set(name, pack.type(name) as EnumDefinition);
    else if (letter === 'S' || letter === 'U' || letter === 'A') {
      this.#typeLines.set(name, line);
      const plain = name.replace(/~\d+$/, '');
      this.#keys.set(line.replace(`\t${name}\t`, `\t${plain}\t`), name);
      this.#versions.set(plain, Math.max(this.#versions.get(plain) ?? 0, Number(/~(\d+)$/.exec(name)?.[1] ?? 1)));
    }
  }

  add(name: string, plugin: string | undefined, module: ApiModule): void {
    const release = this.#releases.at(-1)!;
    if (release < this.#kept)
      throw new Error(`${release} is older than ${this.#kept}: make the pack from all releases`);
    if (plugin !== undefined) this.#plugins.set(name, plugin);
    else this.#plugins.delete(name);
    const keys = new Map<string, string>();
    for (const message of module.messages) {
      const fields = formatFields(message.fields.map((field) => this.#refer(field, module, keys, release)));
      const key = `${message.name}_${message.crc}`;
      const known = this.#messages.get(key);
      const mask = 1 << this.#releases.indexOf(release);
      // One CRC may have several spellings: the newest counts.
      if (known) Object.assign(known, { module: name, fields, mask: known.mask | mask });
      else this.#messages.set(key, { name: message.name, crc: message.crc, module: name, mask, fields });
    }
    for (const [request, service] of module.services) this.#services.set(request, service);
  }

  #refer(field: Field, module: ApiModule, keys: Map<string, string>, release: string): Field {
    if (isScalar(field.type) || field.type === 'string') return field;
    let key = keys.get(field.type);
    if (key === undefined) {
      const type = module.type(field.type);
      if (!type) throw new Error(`${field.type} of field ${field.name} is not defined`);
      key = this.#keyOf(correct(type, release), module, keys, release);
      keys.set(field.type, key);
    }
    return { ...field, type: key };
  }

  #keyOf(type: TypeDefinition, module: ApiModule, keys: Map<string, string>, release: string): string {
    if (type.kind === 'enum' || type.kind === 'flags') {
      const known = this.#enums.get(type.name);
      this.#enums.set(type.name, known ? merge(known, type) : type);
      return type.name;
    }
    const line =
      type.kind === 'alias'
        ? `A\t${type.name}\t${formatField(this.#refer(type.to, module, keys, release))}`
        : `${type.kind === 'struct' ? 'S' : 'U'}\t${type.name}\t${formatFields(
            type.fields.map((field) => this.#refer(field, module, keys, release)),
          )}`;
    const known = this.#keys.get(line);
    if (known !== undefined) return known;
    const version = (this.#versions.get(type.name) ?? 0) + 1;
    this.#versions.set(type.name, version);
    const key = version === 1 ? type.name : `${type.name}~${version}`;
    this.#keys.set(line, key);
    this.#typeLines.set(key, line.replace(`\t${type.name}\t`, `\t${key}\t`));
    return key;
  }

  format(): string {
    const lines = [`R ${this.#releases.join(' ')}`];
    for (const [module, plugin] of [...this.#plugins].toSorted(byFirst)) lines.push(`P\t${module}\t${plugin}`);
    for (const { kind, name, base, members } of this.#enums.values()) {
      const text = members.map(([label, value]) => `${label}=${value}`).join(' ');
      this.#typeLines.set(name, `${kind === 'enum' ? 'E' : 'F'}\t${name}\t${base}\t${text}`);
    }
    lines.push(...[...this.#typeLines].toSorted(byFirst).map(([, line]) => line));
    for (const { name, crc, module, mask, fields } of this.#sortedMessages()) {
      lines.push(`M\t${name}\t${crc}\t${module}\t${mask.toString(16)}\t${fields}`);
    }
    for (const [name, { reply, stream, item }] of [...this.#services].toSorted(byFirst)) {
      lines.push(`V\t${name}\t${reply}\t${stream ? 's' : ''}\t${item ?? ''}`);
    }
    return `${lines.join('\n')}\n`;
  }

  /** By name, versions in the order in which they appeared. */
  #sortedMessages(): readonly Message[] {
    const first = (mask: number): number => Math.log2(mask & -mask);
    return [...this.#messages.values()].toSorted(
      (left, right) => byFirst([left.name], [right.name]) || first(left.mask) - first(right.mask),
    );
  }

  summary(): string {
    return `${this.#messages.size} messages, ${this.#typeLines.size} types of ${this.#releases.join(', ')}`;
  }
}

function byFirst(left: readonly [string, ...unknown[]], right: readonly [string, ...unknown[]]): number {
  return left[0] < right[0] ? -1 : Number(left[0] > right[0]);
}

/** Before 22.06 the JSON counts members without a value of their own from 1, VPP itself from 0. */
const COUNTED_FROM_ONE = new Set([
  'dhcp_client_state',
  'flow_classify_table',
  'policer_classify_table',
  'punt_type',
  'transport_proto',
  'urpf_mode',
]);

function correct(type: TypeDefinition, release: string): TypeDefinition {
  if (type.kind !== 'enum' || !COUNTED_FROM_ONE.has(type.name) || release >= '22.06') return type;
  if (type.members[0]?.[1] !== 1) return type;
  return { ...type, members: type.members.map(([label, value]) => [label, value - 1] as const) };
}

/** A value that a newer release knows means the same in an older one, which does not use it. */
function merge(known: EnumDefinition, newer: EnumDefinition): EnumDefinition {
  if (known.base !== newer.base) throw new Error(`enum ${known.name} changed from ${known.base} to ${newer.base}`);
  const members = new Map(newer.members);
  for (const [label, value] of known.members) if (!members.has(label)) members.set(label, value);
  return { ...newer, members: [...members] };
}
