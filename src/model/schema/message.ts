import type { DescEnum, DescField, DescMessage, DescOneof } from '@bufbuild/protobuf';
import { describeElement } from './descriptions.ts';
import type { JsonSchema } from './json-schema.ts';
import { scalarSchema } from './scalar.ts';

/** Spellings of field names that are accepted: JSON's (`vrfId`), proto's (`vrf_id`), or both. */
export type FieldNames = 'onlyjson' | 'onlyproto' | 'both';

/** Makes schemas of message types; collects each type once under `definitions`. */
export class MessageSchemas {
  readonly definitions: Record<string, JsonSchema> = {};
  readonly #names: FieldNames;
  readonly #more: Readonly<Record<string, string>>;

  constructor(names: FieldNames, more: Readonly<Record<string, string>>) {
    this.#names = names;
    this.#more = more;
  }

  /** Reference to the definition of a message type. */
  reference(desc: DescMessage): JsonSchema {
    if (!(desc.typeName in this.definitions)) {
      // Entered before it is filled: types may contain themselves.
      const definition: JsonSchema = {};
      this.definitions[desc.typeName] = definition;
      Object.assign(definition, this.#message(desc));
    }
    return { $ref: `#/definitions/${desc.typeName}` };
  }

  spellings(names: { readonly name: string; readonly jsonName: string }): readonly string[] {
    if (this.#names === 'onlyjson') return [names.jsonName];
    if (this.#names === 'onlyproto') return [names.name];
    return [...new Set([names.name, names.jsonName])];
  }

  #message(desc: DescMessage): JsonSchema {
    const properties: Record<string, JsonSchema> = {};
    for (const field of desc.fields) {
      const schema = this.#field(field);
      for (const name of this.spellings(field)) properties[name] = schema;
    }
    const schema: JsonSchema = {
      title: desc.name,
      ...this.#about(desc),
      type: 'object',
      properties,
      additionalProperties: false,
    };
    const choices = desc.oneofs.filter((oneof) => oneof.fields.length > 1).map((oneof) => this.#choice(oneof));
    return choices.length === 0 ? schema : { ...schema, allOf: choices };
  }

  /** At most one member of a oneof: one alternative requires each of them, the last requires none. */
  #choice(oneof: DescOneof): JsonSchema {
    const present = oneof.fields.flatMap((field) => this.spellings(field)).map((name) => ({ required: [name] }));
    return { oneOf: [...present, { not: { anyOf: present } }] };
  }

  #field(field: DescField): JsonSchema {
    const about = { ...this.#about(field), ...(field.deprecated ? { deprecated: true } : {}) };
    const value = this.#value(field);
    if (field.fieldKind === 'list') return { ...about, type: 'array', items: value };
    if (field.fieldKind === 'map') return { ...about, type: 'object', additionalProperties: value };
    // What stands beside $ref is ignored in draft 7.
    return value.$ref === undefined ? { ...about, ...value } : { ...about, allOf: [value] };
  }

  #value(field: DescField): JsonSchema {
    if (field.message !== undefined) return this.reference(field.message);
    if (field.enum !== undefined) return this.#enum(field.enum);
    return scalarSchema(field, field.scalar);
  }

  #enum(desc: DescEnum): JsonSchema {
    const names: JsonSchema = {
      type: 'string',
      enum: desc.values.map((value) => value.name),
      enumDescriptions: desc.values.map((value) => describeElement(value, this.#more) ?? ''),
    };
    return { anyOf: [names, { type: 'integer', enum: desc.values.map((value) => value.number) }] };
  }

  #about(element: DescMessage | DescField): JsonSchema {
    const description = describeElement(element, this.#more);
    return description === undefined ? {} : { description };
  }
}
