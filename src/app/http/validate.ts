import * as z from 'zod';
import { findingsOf } from '../config/issues.ts';
import { suggest } from '../config/suggest.ts';
import { formatPath, isTree } from '../config/tree.ts';
import { AppError } from '../errors.ts';

/** Checks one part of a request. Errors: AppError `invalid` with the field. */
export async function validatePart(
  part: 'params' | 'query' | 'body',
  schema: z.ZodType | undefined,
  value: unknown,
): Promise<unknown> {
  if (schema === undefined) return value;
  const parsed = await schema.safeParseAsync(value);
  if (parsed.success) return parsed.data;
  const unknown = parsed.error.issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
  const findings = [
    ...unknown.map((key) => ({ path: [key], message: 'is not known here' })),
    ...findingsOf(parsed.error.issues, isTree(value) ? value : {}),
  ];
  const field = formatPath(findings[0]?.path ?? []) || part;
  const message = findings.map((finding) => `${formatPath(finding.path) || part}: ${finding.message}`).join('; ');
  throw new AppError('invalid', message, { field });
}

/** Errors: AppError `invalid` that names the first parameter which the route does not know, and what it accepts. */
export function refuseUnknown(schema: z.ZodType | undefined, query: Readonly<Record<string, unknown>>): void {
  const accepted = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const unknown = Object.keys(query).find((name) => !accepted.includes(name));
  if (unknown === undefined) return;
  const guess = suggest(unknown, accepted);
  const hint = guess === undefined ? '' : `; did you mean "${guess}"?`;
  const known = accepted.length === 0 ? 'no parameter is accepted' : `accepted: ${accepted.join(', ')}`;
  throw new AppError('invalid', `${unknown}: is not known here; ${known}${hint}`, { field: unknown });
}
