import type * as z from 'zod';

type Schema = z.core.$ZodType;

/** The schema inside optional(), default(), nullable(), readonly(), pipes and lazy(). */
export function unwrap(schema: Schema): Schema {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  switch (def.type) {
    case 'optional':
    case 'nonoptional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'catch':
    case 'readonly':
      return unwrap(def.innerType);
    case 'lazy':
      return unwrap(def.getter());
    default:
      return schema;
  }
}

/** The keys of an object schema; undefined when it is none. */
export function shapeOf(schema: Schema): Readonly<Record<string, Schema>> | undefined {
  const def = (unwrap(schema) as z.core.$ZodTypes)._zod.def;
  if (def.type === 'object') return def.shape;
  if (def.type === 'pipe') return shapeOf(def.in);
  return undefined;
}

/** The schema of the elements of a list; undefined when it is none. */
export function elementOf(schema: Schema): Schema | undefined {
  const def = (unwrap(schema) as z.core.$ZodTypes)._zod.def;
  if (def.type === 'array') return def.element;
  if (def.type === 'pipe') return elementOf(def.in);
  return undefined;
}

/** The schema of the values of a mapping with free keys; undefined when it is none. */
export function valueOf(schema: Schema): Schema | undefined {
  const def = (unwrap(schema) as z.core.$ZodTypes)._zod.def;
  return def.type === 'record' ? def.valueType : undefined;
}

/** True when the schema wants text (so that `0123` in an environment variable stays text). */
export function wantsText(schema: Schema): boolean {
  const def = (unwrap(schema) as z.core.$ZodTypes)._zod.def;
  if (def.type === 'pipe') return wantsText(def.in);
  return def.type === 'string' || def.type === 'enum' || def.type === 'template_literal';
}

/** The schema at a dotted path of object keys. */
export function schemaAt(schema: Schema, path: readonly string[]): Schema | undefined {
  let current: Schema | undefined = schema;
  for (const step of path) current = current === undefined ? undefined : (shapeOf(current)?.[step] ?? valueOf(current));
  return current;
}
