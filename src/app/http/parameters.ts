/** Query parameters of a route, from its schema: for the reference and for whoever describes the API. */

import * as z from 'zod';

export interface QueryParameter {
  readonly name: string;
  readonly required: boolean;
  /** What is accepted, in words: `text`, `number`, `json or text`. */
  readonly accepts: string;
  /** What it is without; undefined: nothing. */
  readonly otherwise?: string;
}

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

export function queryParameters(schema: z.ZodType | undefined): readonly QueryParameter[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
  }) as JsonSchema;
  return Object.entries(properties).map(([name, property]): QueryParameter => {
    const otherwise = property.default === undefined ? {} : { otherwise: textOf(property.default) };
    return { name, required: required.includes(name), accepts: acceptedBy(property), ...otherwise };
  });
}

function acceptedBy({ type, enum: values, const: value, anyOf, items }: JsonSchema): string {
  if (value !== undefined) return textOf(value);
  if (values) return alternatives(values.filter((one) => one !== '').map(textOf));
  if (anyOf) return alternatives([...new Set(anyOf.map(acceptedBy))]);
  if (items) return `${acceptedBy(items)}, also several times`;
  if (type === 'integer' || type === 'number') return 'number';
  return type === 'boolean' ? 'true or false' : 'text';
}

function alternatives(all: readonly string[]): string {
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
