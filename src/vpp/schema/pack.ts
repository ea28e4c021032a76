/**
 * The built-in definitions: every message of the releases it was made from, each version once. The text has one definition a
 * line (`scripts/vpp-schema.ts` writes it); a line is read when its message is used for the first time.
 */

import { VppError } from '../errors.ts';
import { parseField, parseFields } from './field-text.ts';
import type { MessageDefinition, SchemaSource, Scope, Service, TypeDefinition, Scalar } from './definition.ts';

export interface MessageHistory {
  readonly crc: string;
  /** The plugin's file (`abf_plugin.so`), or undefined for VPP's core. */
  readonly plugin: string | undefined;
  /** Releases that have it in this form, oldest first. */
  readonly releases: readonly string[];
}

export class SchemaPack implements SchemaSource, Scope {
  readonly releases: readonly string[];
  readonly #messages = new Map<string, string>();
  readonly #crcs = new Map<string, string[]>();
  readonly #typeLines = new Map<string, string>();
  readonly #types = new Map<string, TypeDefinition>();
  /** Text until it is asked for. */
  readonly #services = new Map<string, string | Service>();
  readonly #plugins = new Map<string, string>();

  constructor(text: string) {
    let releases: readonly string[] = [];
    let start = 0;
    while (start < text.length) {
      let end = text.indexOf('\n', start);
      if (end < 0) end = text.length;
      const tab = text.indexOf('\t', start + 2);
      const letter = text[start];
      if (letter === 'M') {
        // M name crc ...
        const name = text.slice(start + 2, tab);
        const crc = text.slice(tab + 1, tab + 9);
        this.#messages.set(`${name}_${crc}`, text.slice(tab + 10, end));
        const crcs = this.#crcs.get(name);
        if (crcs) crcs.push(crc);
        else this.#crcs.set(name, [crc]);
      } else if (letter === 'V') {
        this.#services.set(text.slice(start + 2, tab), text.slice(tab + 1, end));
      } else if (letter === 'P') {
        this.#plugins.set(text.slice(start + 2, tab), text.slice(tab + 1, end));
      } else if (letter === 'R') {
        releases = text.slice(start + 2, end).split(' ');
      } else if (end > start) {
        this.#typeLines.set(text.slice(start + 2, tab), text.slice(start, end));
      }
      start = end + 1;
    }
    this.releases = releases;
  }

  has(nameCrc: string): boolean {
    return this.#messages.has(nameCrc);
  }

  names(): Iterable<string> {
    return this.#crcs.keys();
  }

  message(name: string, crc: string): MessageDefinition | undefined {
    const line = this.#messages.get(`${name}_${crc}`);
    if (line === undefined) return undefined;
    const [, , fields = ''] = line.split('\t');
    return { name, crc, fields: parseFields(fields), scope: this };
  }

  /** Oldest first. */
  crcs(name: string): readonly string[] {
    return this.#crcs.get(name) ?? [];
  }

  history(name: string): readonly MessageHistory[] {
    return this.crcs(name).map((crc) => {
      const [module = '', mask = ''] = this.#messages.get(`${name}_${crc}`)!.split('\t');
      const bits = Number.parseInt(mask, 16);
      return {
        crc,
        plugin: this.#plugins.get(module),
        releases: this.releases.filter((_, index) => (bits & (1 << index)) !== 0),
      };
    });
  }

  service(name: string): Service | undefined {
    const known = this.#services.get(name);
    if (typeof known !== 'string') return known;
    const [reply = '', stream = '', item = ''] = known.split('\t');
    const service: Service = { reply, stream: stream === 's', item: item === '' ? undefined : item };
    this.#services.set(name, service);
    return service;
  }

  type(key: string): TypeDefinition | undefined {
    const known = this.#types.get(key);
    if (known) return known;
    const line = this.#typeLines.get(key);
    if (line === undefined) return undefined;
    const type = parseType(line);
    this.#types.set(key, type);
    return type;
  }
}

let loaded: Promise<SchemaPack> | undefined;

/** The pack that comes with the library; read once. */
export function loadSchemaPack(): Promise<SchemaPack> {
  loaded ??= import('../gen/pack.js').then(({ pack }) => new SchemaPack(pack));
  return loaded;
}

/** The name of a type without the number of its version. */
export function typeName(key: string): string {
  const at = key.indexOf('~');
  return at < 0 ? key : key.slice(0, at);
}

function parseType(line: string): TypeDefinition {
  const [letter, key = '', first = '', second = ''] = line.split('\t');
  const name = typeName(key);
  switch (letter) {
    case 'A':
      return { kind: 'alias', name, to: parseField(first) };
    case 'S':
    case 'U':
      return { kind: letter === 'S' ? 'struct' : 'union', name, fields: parseFields(first) };
    case 'E':
    case 'F':
      return {
        kind: letter === 'E' ? 'enum' : 'flags',
        name,
        base: first as Scalar,
        members: second === '' ? [] : second.split(' ').map((member) => splitMember(member)),
      };
    default:
      throw new VppError('invalid-definition', `the schema pack has a line that begins with ${letter}`);
  }
}

function splitMember(member: string): readonly [string, number] {
  const at = member.indexOf('=');
  return [member.slice(0, at), Number(member.slice(at + 1))];
}
