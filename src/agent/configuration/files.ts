/** Several files as one configuration, so that they are one transaction; what is wrong is told with the place in its own file. */

import * as z from 'zod';
import { type Configuration, ConfigurationError, type ConfigProblem } from '../../model/config/index.ts';
import type { Key } from '../../model/index.ts';

/** Content type of a request whose body is `[{file, content}]`. */
export const filesType = 'application/vnd.ligature.files+json';

export interface ConfigurationFile {
  /** Its name, for messages. */
  readonly file: string;
  /** YAML or JSON. */
  readonly content: string;
}

export const filesSchema = z
  .array(z.strictObject({ file: z.string().min(1).max(4096), content: z.string() }))
  .min(1)
  .max(1000);

/** Throws ConfigurationError when the body is not of {@link filesType}. */
export function filesOf(body: Uint8Array): readonly ConfigurationFile[] {
  const wrong = (path: string, message: string): ConfigurationError =>
    new ConfigurationError([{ file: 'request', line: 1, column: 1, path, message }]);
  let given: unknown;
  try {
    given = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw wrong('', `expected JSON, an array of {"file", "content"}: ${(cause as Error).message}`);
  }
  const { data, error } = filesSchema.safeParse(given);
  if (data !== undefined) return data;
  const issue = error.issues[0];
  throw wrong(issue?.path.join('.') ?? '', issue?.message ?? 'expected an array of {"file", "content"}');
}

/** The objects of all files. Throws ConfigurationError for what cannot be read in any of them, and for an object in two. */
export async function readFiles(
  given: readonly ConfigurationFile[],
  read: (content: string, file: string) => Promise<Configuration>,
): Promise<Configuration> {
  const parts: Configuration[] = [];
  const problems: ConfigProblem[] = [];
  let truncated = false;
  for (const { file, content } of given) {
    try {
      parts.push(await read(content, file));
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      problems.push(...error.problems);
      truncated ||= error.truncated;
    }
  }
  const owners = new Map<Key, Configuration>();
  for (const part of parts) {
    for (const { key } of part.values) {
      const other = owners.get(key);
      const place = other && part.locate(key);
      if (place) problems.push({ ...place, message: `this object is in ${other.file} too; one file has to have it` });
      owners.set(key, other ?? part);
    }
  }
  if (problems.length > 0) throw new ConfigurationError(problems, truncated);
  return {
    file: given.map(({ file }) => file).join(' + '),
    values: parts.flatMap(({ values }) => values),
    locate: (key, field) => owners.get(key)?.locate(key, field),
  };
}
