/**
 * Definitions from `.api.json` files or from `get_api_json`. Each module brings its own copies of the types it uses. What is in
 * there was written by somebody else: everything is checked before a codec is made from it.
 */

import { VppError } from '../errors.ts';
import { isScalar, isUsableName } from './definition.ts';
import type {
  Field,
  MessageDefinition,
  Repetition,
  Scalar,
  SchemaSource,
  Scope,
  Service,
  TypeDefinition,
} from './definition.ts';

export interface ApiModule extends Scope {
  /** Base name of the file, where the JSON tells it. */
  readonly name: string | undefined;
  readonly types: ReadonlyMap<string, TypeDefinition>;
  readonly messages: readonly MessageDefinition[];
  readonly services: ReadonlyMap<string, Service>;
}

/** Reads one module. Throws VppError `invalid-definition` that names the place. */
export function readApiModule(json: unknown): ApiModule {
  if (!isRecord(json)) throw invalid('a module', 'is not an object');
  const types = new Map<string, TypeDefinition>();
  const put = (type: TypeDefinition): void => void types.set(type.name, type);
  for (const [name, alias] of Object.entries(recordOf(json, 'aliases'))) put(readAlias(name, alias));
  for (const entry of listOf(json, 'enums')) put(readEnum(entry, 'enum'));
  for (const entry of listOf(json, 'enumflags')) put(readEnum(entry, 'flags'));
  for (const entry of listOf(json, 'types')) put(readFields(entry, 'struct'));
  for (const entry of listOf(json, 'unions')) put(readFields(entry, 'union'));
  const scope: Scope = { type: (key) => types.get(key) };
  const messages = listOf(json, 'messages').map((entry) => readMessage(entry, scope));
  const services = new Map<string, Service>();
  for (const [name, service] of Object.entries(recordOf(json, 'services')))
    services.set(name, readService(name, service));
  const name = typeof json['module'] === 'string' ? json['module'] : undefined;
  return { name, types, messages, services, type: scope.type };
}

/** What several modules define together. The first definition of a name and CRC counts. */
export class ApiModules implements SchemaSource {
  readonly #messages = new Map<string, MessageDefinition>();
  readonly #crcs = new Map<string, string[]>();
  readonly #services = new Map<string, Service>();

  add(module: ApiModule): void {
    for (const message of module.messages) {
      const key = `${message.name}_${message.crc}`;
      if (this.#messages.has(key)) continue;
      this.#messages.set(key, message);
      this.#crcs.set(message.name, [...(this.#crcs.get(message.name) ?? []), message.crc]);
    }
    for (const [name, service] of module.services) this.#services.set(name, service);
  }

  message(name: string, crc: string): MessageDefinition | undefined {
    return this.#messages.get(`${name}_${crc}`);
  }

  service(name: string): Service | undefined {
    return this.#services.get(name);
  }

  crcs(name: string): readonly string[] {
    return this.#crcs.get(name) ?? [];
  }
}

function readMessage(entry: unknown, scope: Scope): MessageDefinition {
  const [name, fields, last] = readEntry(entry, 'a message');
  const crc = isRecord(last) && typeof last['crc'] === 'string' ? last['crc'].replace(/^0x/, '').toLowerCase() : '';
  if (!/^[0-9a-f]{1,8}$/.test(crc)) throw invalid(name, 'has no CRC');
  return {
    name,
    crc: crc.padStart(8, '0'),
    fields: fields.map((field) => readField(name, field)).filter((field) => field.name !== '_vl_msg_id'),
    scope,
  };
}

function readFields(entry: unknown, kind: 'struct' | 'union'): TypeDefinition {
  const [name, fields] = readEntry(entry, 'a type');
  return { kind, name, fields: fields.map((field) => readField(name, field)) };
}

function readEnum(entry: unknown, kind: 'enum' | 'flags'): TypeDefinition {
  const [name, fields, last] = readEntry(entry, 'an enum');
  // Older releases declare sets of bits as enums.
  const isSet = kind === 'flags' || name.endsWith('_flags');
  const base = isRecord(last) ? (last['enumtype'] ?? 'u32') : 'u32';
  if (typeof base !== 'string' || !isScalar(base) || base === 'f64' || base.endsWith('64')) {
    throw invalid(name, `is of ${String(base)}`);
  }
  const members = fields.map((member): readonly [string, number] => {
    const [label, value] = Array.isArray(member) ? (member as readonly unknown[]) : [];
    if (typeof label !== 'string' || !isUsableName(label) || typeof value !== 'number' || !Number.isInteger(value)) {
      throw invalid(name, `has a member ${JSON.stringify(member)}`);
    }
    return [label, value >>> 0];
  });
  return { kind: isSet ? 'flags' : 'enum', name, base: base as Scalar, members };
}

function readAlias(name: string, alias: unknown): TypeDefinition {
  if (!isUsableName(name) || !isRecord(alias)) throw invalid(name, 'is not an alias');
  const { type, length } = alias;
  const parts = length === undefined ? [type, name] : [type, name, length];
  return { kind: 'alias', name, to: readField(name, parts) };
}

function readService(name: string, service: unknown): Service {
  if (!isRecord(service) || !isUsableName(name) || !isUsableName(service['reply'])) {
    throw invalid(name, 'is not a service with a reply');
  }
  const item = service['stream_msg'] ?? service['stream_message'];
  return {
    reply: service['reply'],
    stream: service['stream'] === true,
    item: typeof item === 'string' && isUsableName(item) ? item : undefined,
  };
}

function readField(owner: string, field: unknown): Field {
  if (!Array.isArray(field)) throw invalid(owner, `has a field ${JSON.stringify(field)}`);
  const parts = field as readonly unknown[];
  const options = parts.find(isRecord) ?? {};
  const [type, name, length, counter] = parts.filter((part) => !isRecord(part));
  if (typeof type !== 'string' || !isUsableName(name)) throw invalid(owner, `has a field ${JSON.stringify(field)}`);
  const plain = typeReference(owner, type);
  return { name, type: plain, repeat: readRepetition(owner, name, length, counter), default: readDefault(options) };
}

function typeReference(owner: string, type: string): string {
  const name = type.startsWith('vl_api_') && type.endsWith('_t') ? type.slice(7, -2) : type;
  if (!isUsableName(name)) throw invalid(owner, `has a field of type ${type}`);
  return name;
}

/** More than any definition needs (the longest fixed array of VPP 26.06 has 256 elements), so that a codec stays small. */
const LONGEST = 65_536;

function readRepetition(owner: string, name: string, length: unknown, counter: unknown): Repetition {
  if (length === undefined) return undefined;
  if (counter !== undefined) {
    if (!isUsableName(counter)) throw invalid(owner, `has an array ${name} counted by ${String(counter)}`);
    return { countedBy: counter };
  }
  if (typeof length !== 'number' || !Number.isInteger(length) || length < 0 || length > LONGEST) {
    throw invalid(owner, `has an array ${name} of length ${String(length)}`);
  }
  return { times: length };
}

/** Defaults may be numbers or text (`"true"`, `"0xffffffff"`). */
function readDefault({ default: value }: Readonly<Record<string, unknown>>): number | undefined {
  if (value === true || value === 'true' || value === 'True') return 1;
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
  return Number.isFinite(number) && number !== 0 ? number : undefined;
}

function readEntry(entry: unknown, what: string): readonly [string, readonly unknown[], unknown] {
  if (!Array.isArray(entry) || !isUsableName(entry[0]))
    throw invalid(what, `begins with ${JSON.stringify(entry)?.slice(0, 80)}`);
  const parts = (entry as readonly unknown[]).slice(1);
  return [entry[0], parts.filter((part) => Array.isArray(part)), parts.at(-1)];
}

function listOf(json: Readonly<Record<string, unknown>>, key: string): readonly unknown[] {
  const list = json[key] ?? [];
  if (!Array.isArray(list)) throw invalid(key, 'is not a list');
  return list;
}

function recordOf(json: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> {
  const record = json[key] ?? {};
  if (!isRecord(record)) throw invalid(key, 'is not an object');
  return record;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(name: string, problem: string): VppError {
  return new VppError('invalid-definition', `message definitions: ${name} ${problem}`);
}
