import { dump } from 'js-yaml';
import type * as z from 'zod';
import { durationOptions, formatDuration } from './duration.ts';
import { elementOf, shapeOf, unwrap, valueOf } from './schema.ts';
import { isSecret, masked } from './secret.ts';
import { isTree } from './tree.ts';

/** The value as its file would have it: durations as text, secrets masked. */
export function presentable(schema: z.core.$ZodType | undefined, value: unknown): unknown {
  if (schema === undefined || value === undefined || value === null) return value;
  const inner = unwrap(schema);
  if (isSecret(inner)) return masked;
  if (durationOptions(inner) !== undefined && typeof value === 'number') return formatDuration(value);
  if (Array.isArray(value)) return value.map((item) => presentable(elementOf(schema), item));
  if (!isTree(value)) return value;
  const shape = shapeOf(schema);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, presentable(shape?.[key] ?? valueOf(schema), item)]));
}

/** Every secret text in the value, so that logs can be kept free of them. */
export function secretsIn(schema: z.core.$ZodType | undefined, value: unknown): string[] {
  if (schema === undefined || value === undefined || value === null) return [];
  if (isSecret(unwrap(schema))) return typeof value === 'string' && value !== '' ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => secretsIn(elementOf(schema), item));
  if (!isTree(value)) return [];
  const shape = shapeOf(schema);
  return Object.entries(value).flatMap(([key, item]) => secretsIn(shape?.[key] ?? valueOf(schema), item));
}

export function toYaml(value: unknown): string {
  return dump(value, { lineWidth: 120 });
}
