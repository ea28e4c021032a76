import { groupSpellings } from '../config-place.ts';
import type { Model } from '../model.ts';
import type { ModelRegistry } from '../registry.ts';
import type { JsonSchema } from './json-schema.ts';
import { type FieldNames, MessageSchemas } from './message.ts';

export interface SchemaOptions {
  readonly registry: ModelRegistry;
  /** Spellings of field names that are allowed. Default `both`. */
  readonly names?: FieldNames;
}

/** JSON schema of a whole configuration file: all models of class `config` at their places, nothing else allowed. */
export function configurationSchema({ registry, names = 'both' }: SchemaOptions): JsonSchema {
  const messages = new MessageSchemas(names, registry.descriptions);
  const groups = new Map<string, JsonSchema>();
  for (const model of registry.models('config')) {
    if (model.config === undefined) continue;
    const group = groups.get(model.config.group) ?? { type: 'object', properties: {}, additionalProperties: false };
    groups.set(model.config.group, group);
    for (const name of placeNames(model, names)) group.properties![name] = objectsSchema(model, messages);
  }
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Ligature configuration',
    type: 'object',
    properties: Object.fromEntries(
      [...groups].flatMap(([group, schema]) => spellingsOf(group, names).map((name) => [name, schema])),
    ),
    additionalProperties: false,
    definitions: messages.definitions,
  };
}

/** JSON schema of one object of a model. */
export function modelSchema(model: Model, { registry, names = 'both' }: SchemaOptions): JsonSchema {
  const messages = new MessageSchemas(names, registry.descriptions);
  const reference = messages.reference(model.message);
  return { $schema: 'http://json-schema.org/draft-07/schema#', ...reference, definitions: messages.definitions };
}

function objectsSchema(model: Model, messages: MessageSchemas): JsonSchema {
  const reference = messages.reference(model.message);
  const { description } = messages.definitions[model.message.typeName]!;
  const about = description === undefined ? {} : { description };
  return model.singleton ? { ...about, allOf: [reference] } : { ...about, type: 'array', items: reference };
}

function placeNames({ config }: Model, names: FieldNames): readonly string[] {
  if (config === undefined) return [];
  if (names === 'onlyjson') return [config.jsonField];
  if (names === 'onlyproto') return [config.field];
  return [...new Set([config.field, config.jsonField, ...config.aliases])];
}

/** Groups are camelCase in both; the proto spelling is allowed where both are. */
function spellingsOf(group: string, names: FieldNames): readonly string[] {
  return names === 'both' ? groupSpellings(group) : [group];
}
