/** How values show in JSON: messages as proto3 JSON, values of parts as they are; secrets as a placeholder. */

import { type DescMessage, type Message, toJson } from '@bufbuild/protobuf';
import { formatIp, formatMac, formatPrefix } from '../../model/address.ts';
import type { ModelRegistry } from '../../model/index.ts';
import type { Value } from '../../scheduler/kind.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import { replaceAt, secretPlaceholder } from '../secret-paths.ts';
import { toPrototext } from './prototext.ts';

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
    for (const path of paths) masked = replaceAt(masked, path.split('.'), hidden);
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

/** A number is hidden as 0: proto3 JSON has no place for a text there (see `../configuration/secrets.ts`). */
function hidden(secret: unknown): unknown {
  if (typeof secret === 'number') return 0;
  return typeof secret === 'string' && secret !== '' ? secretPlaceholder : secret;
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
