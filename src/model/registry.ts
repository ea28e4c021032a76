import { type DescMessage, fromBinary, type Message, type MessageShape, toBinary, toJson } from '@bufbuild/protobuf';
import { ModelError } from './errors.ts';
import type { Key } from './key.ts';
import { compileModel, type Model, type ModelDefinition } from './model.ts';
import { PrefixIndex } from './prefixes.ts';
import { didYouMean } from './suggestion.ts';

/** How values are written: proto3 JSON text or protobuf's binary form. */
export type ValueFormat = 'json' | 'binary';

/** A value with its type, as `google.protobuf.Any` carries it. */
export interface AnyValue {
  readonly typeUrl: string;
  readonly value: Uint8Array;
}

/**
 * The models an agent knows: what relates a key, a message and their text. Plain instance state; an application makes one
 * (`createModelRegistry()` has the built-in models) and registers its own before anything is decoded.
 *
 * @example
 * const registry = createModelRegistry();
 * registry.register({ spec: { module: 'example', type: 'greeting', version: 'v1' }, message: GreetingSchema });
 * registry.keyOf(create(GreetingSchema, { name: 'hello' })); // config/example/v1/greeting/hello
 */
export class ModelRegistry {
  readonly #byName = new Map<string, Model>();
  readonly #byMessage = new Map<string, Model>();
  readonly #byPrefix = new PrefixIndex();
  readonly #descriptions: Record<string, string> = {};

  /** Adds a model. Throws ModelError `duplicate` when name, message or key prefix are taken, `usage` when it is wrong. */
  register<D extends DescMessage>(definition: ModelDefinition<D>): Model<D> {
    const model = compileModel(definition);
    const erased = model as unknown as Model;
    const taken =
      this.#byName.get(model.name) ?? this.#byMessage.get(model.message.typeName) ?? this.#byPrefix.overlapping(erased);
    if (taken !== undefined) {
      const message = `model ${model.name} (${model.message.typeName}, ${model.prefix}) clashes with ${taken.name} (${taken.message.typeName}, ${taken.prefix})`;
      throw new ModelError('duplicate', message, { model: model.name });
    }
    this.#byName.set(model.name, erased);
    this.#byMessage.set(model.message.typeName, erased);
    this.#byPrefix.add(erased);
    Object.assign(this.#descriptions, definition.descriptions);
    return model;
  }

  /** Descriptions that came with registered models, by full name. */
  get descriptions(): Readonly<Record<string, string>> {
    return this.#descriptions;
  }

  /** All models in order of registration, or those of a class. */
  models(className?: string): readonly Model[] {
    const all = [...this.#byName.values()];
    return className === undefined ? all : all.filter((model) => model.spec.class === className);
  }

  /** The model of a name such as `vpp.interfaces`. Throws ModelError `unknown-model` with the nearest name. */
  model(name: string): Model {
    const model = this.#byName.get(name);
    if (model !== undefined) return model;
    throw new ModelError('unknown-model', `there is no model \`${name}\`${didYouMean(name, this.#byName.keys())}`);
  }

  findModel(name: string): Model | undefined {
    return this.#byName.get(name);
  }

  /** The model of a message. Throws ModelError `unknown-model`. */
  modelOf(message: Message): Model {
    const model = this.#byMessage.get(message.$typeName);
    if (model !== undefined) return model;
    throw new ModelError('unknown-model', `no model has the message ${message.$typeName}`);
  }

  /** The model of a message or of a full message name such as `ligato.vpp.interfaces.Interface`. */
  modelOfMessage(message: Message | string): Model | undefined {
    return this.#byMessage.get(typeof message === 'string' ? message : message.$typeName);
  }

  /** The model whose object a key (without agent prefix) names. */
  modelForKey(key: string): Model | undefined {
    return this.#byPrefix.find(key);
  }

  /** Model and name that a key consists of, or undefined when it is no key of a registered model. */
  parse(key: string): { readonly model: Model; readonly name: string } | undefined {
    const model = this.#byPrefix.find(key);
    return model === undefined ? undefined : { model, name: key.slice(model.prefix.length) };
  }

  keyOf(message: Message): Key {
    return this.modelOf(message).keyOf(message);
  }

  nameOf(message: Message): string {
    return this.modelOf(message).nameOf(message);
  }

  /** Text or bytes of a value as stores keep it. JSON has camelCase names and leaves defaults out. */
  encode(message: Message, format: 'json'): string;
  encode(message: Message, format: 'binary'): Uint8Array;
  encode(message: Message, format: ValueFormat): string | Uint8Array {
    const { message: desc } = this.modelOf(message);
    return format === 'json' ? JSON.stringify(toJson(desc, message)) : toBinary(desc, message);
  }

  /**
   * Message of the value stored under a key or of a model. Without `format`, text and bytes that start with `{` are JSON (no
   * protobuf message starts with that byte). Throws ModelError `unknown-model`, `invalid-value`.
   */
  decode(keyOrModel: string | Model, value: string | Uint8Array, format?: ValueFormat): Message {
    const model = typeof keyOrModel === 'string' ? this.#modelOfKey(keyOrModel) : keyOrModel;
    const isJson = format === undefined ? typeof value === 'string' || value[0] === openBrace : format === 'json';
    if (isJson) return model.fromJson(parseJson(model, value));
    return readBinary(model, typeof value === 'string' ? new TextEncoder().encode(value) : value);
  }

  toAny(message: Message): AnyValue {
    const model = this.modelOf(message);
    return { typeUrl: model.typeUrl, value: toBinary(model.message, message) };
  }

  /** Message of an Any whose URL ends in the full name of a registered message, whatever stands before the last slash. */
  fromAny({ typeUrl, value }: AnyValue): Message {
    const model = this.#byMessage.get(typeUrl.slice(typeUrl.lastIndexOf('/') + 1));
    if (model === undefined) throw new ModelError('unknown-model', `no model has the type \`${typeUrl}\``);
    return readBinary(model, value);
  }

  #modelOfKey(key: string): Model {
    const model = this.#byPrefix.find(key);
    if (model !== undefined) return model;
    throw new ModelError('unknown-model', `no model has the key \`${key}\``);
  }
}

const openBrace = 0x7b;

function parseJson(model: Model, value: string | Uint8Array): unknown {
  try {
    const text = typeof value === 'string' ? value : new TextDecoder('utf-8', { fatal: true }).decode(value);
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const why = cause instanceof SyntaxError ? cause.message : 'it is not UTF-8';
    throw new ModelError('invalid-value', `${model.name}: the value is no JSON: ${why}`, { model: model.name, cause });
  }
}

function readBinary<D extends DescMessage>(model: Model<D>, value: Uint8Array): MessageShape<D> {
  try {
    return fromBinary(model.message, value);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `${model.name}: the value is no ${model.message.typeName}: ${why}`;
    throw new ModelError('invalid-value', message, { model: model.name, cause });
  }
}
