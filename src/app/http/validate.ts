import type * as z from 'zod';
import { findingsOf } from '../config/issues.ts';
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
