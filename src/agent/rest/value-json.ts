/** How values show in JSON: messages as proto3 JSON, values of parts as they are; secrets as a placeholder. */

import { type DescMessage, type Message, toJson } from '@bufbuild/protobuf';
import { formatIp, formatMac, formatPrefix } from '../../model/address.ts';
import type { ModelRegistry } from '../../model/index.ts';
import type { Value } from '../../scheduler/kind.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import { toPrototext } from './prototext.ts';

/** What stands in place of a secret. On input it keeps the secret that is stored. */
export const secretPlaceholder = '<secret>';

/** A value as Ligato's REST shows it. */
export interface RecordedValue {
  readonly ProtoMsgName: string;
  /** Protobuf text format. */
  readonly ProtoMsgData: string;
}

/** Proto field paths of the secrets of a message, by its name. */
export type SecretsOf = (message: string) => readonly string[] | undefined;

/** For an agent: what its kinds declare secret. Looked up when the first value is shown, after all plugins have started. */
export function valueJsonOf(models: ModelRegistry, scheduler: Scheduler): ValueJson {
  let secrets: ReadonlyMap<string, readonly string[]> | undefined;
  return new ValueJson(models, (message) => (secrets ??= declaredSecrets(models, scheduler)).get(message));
}

function declaredSecrets(models: ModelRegistry, scheduler: Scheduler): ReadonlyMap<string, readonly string[]> {
  const secrets = new Map<string, readonly string[]>();
  for (const { kind } of scheduler.kinds()) {
    const message = kind.prefix === undefined ? undefined : models.findModel(kind.name)?.message.typeName;
    if (message !== undefined && kind.secrets !== undefined) secrets.set(message, kind.secrets);
  }
  return secrets;
}

export class ValueJson {
  readonly #models: ModelRegistry;
  readonly #secrets: SecretsOf;

  constructor(models: ModelRegistry, secrets: SecretsOf) {
    this.#models = models;
    this.#secrets = secrets;
  }

  /** Proto3 JSON with proto field names; anything that is no message of a model as plain JSON. */
  json(value: Value | null, options: { readonly secrets?: boolean } = {}): unknown {
    if (value === null) return null;
    const schema = this.#schemaOf(value);
    if (!schema) return plain(value);
    const message = options.secrets ? (value as Message) : this.masked(schema, value as Message);
    return toJson(schema, message, { useProtoFieldName: true });
  }

  recorded(value: Value | null): RecordedValue | null {
    if (value === null) return null;
    const schema = this.#schemaOf(value);
    if (!schema) return { ProtoMsgName: '', ProtoMsgData: JSON.stringify(plain(value)) };
    return { ProtoMsgName: schema.typeName, ProtoMsgData: toPrototext(schema, this.masked(schema, value as Message)) };
  }

  /** A copy without secrets, or the message itself when it has none. */
  masked(schema: DescMessage, message: Message): Message {
    const paths = this.#secrets(schema.typeName);
    if (!paths) return message;
    let masked: unknown = message;
    for (const path of paths) masked = maskPath(masked, path.split('.'));
    return masked as Message;
  }

  maskedAll(values: Iterable<Message>): Message[] {
    return Array.from(values, (value) => this.masked(this.#models.modelOf(value).message, value));
  }

  #schemaOf(value: Value): DescMessage | undefined {
    const name = (value as { $typeName?: unknown }).$typeName;
    return typeof name === 'string' ? this.#models.modelOfMessage(name)?.message : undefined;
  }
}

/** Replaces the string at a path of proto names; members of a oneof are reached by their own name. */
function maskPath(value: unknown, path: readonly string[]): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return maskedScalar(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => maskPath(item, path));
  const name = head.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const fields = value as Record<string, unknown>;
  if (name in fields) return { ...fields, [name]: maskPath(fields[name], rest) };
  for (const [field, content] of Object.entries(fields)) {
    if (isOneof(content) && content.case === name) {
      return { ...fields, [field]: { case: content.case, value: maskPath(content.value, rest) } };
    }
  }
  return value;
}

function maskedScalar(value: unknown): unknown {
  if (typeof value === 'number') return 0;
  return typeof value === 'string' && value !== '' ? secretPlaceholder : value;
}

function isOneof(content: unknown): content is { case: string; value: unknown } {
  return typeof content === 'object' && content !== null && 'case' in content;
}

/** JSON of anything that parts and metadata are made of. */
export function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return value.length === 6 ? formatMac(value) : Buffer.from(value).toString('hex');
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), plain(item)]));
  if (value instanceof Set) return [...value].map(plain);
  if (Array.isArray(value)) return value.map(plain);
  const address = addressText(value);
  if (address !== undefined) return address;
  const fields: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    if (name !== '$typeName' && item !== undefined && typeof item !== 'function') fields[name] = plain(item);
  }
  return fields;
}

/** Text of an Ip or a Prefix of `model/address.ts`. */
function addressText(value: object): string | undefined {
  if ('family' in value && 'bytes' in value) return formatIp(value as Parameters<typeof formatIp>[0]);
  if (!('address' in value) || !('length' in value) || typeof value.address !== 'object') return undefined;
  return formatPrefix(value as Parameters<typeof formatPrefix>[0]);
}
