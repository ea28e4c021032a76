/** Placeholders on input: whoever read a configuration without its secrets may send it back without losing them. */

import type { Message } from '@bufbuild/protobuf';
import { type Configuration, ConfigurationError, type ConfigProblem } from '../../model/config/index.ts';
import type { Key } from '../../model/index.ts';
import type { Kind, Value } from '../../scheduler/kind.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import { replaceAt, secretPlaceholder } from '../secret-paths.ts';

/** Puts the stored secrets in place of placeholders; ConfigurationError where none is stored. */
export function restoreSecrets<V extends { readonly key: Key; readonly value: Message }>(
  configuration: Pick<Configuration, 'file' | 'locate'> & { readonly values: readonly V[] },
  stored: (key: Key) => Value | undefined,
  scheduler: Pick<Scheduler, 'kinds'>,
): { readonly values: readonly V[] } {
  const secretKinds = scheduler.kinds().filter(({ kind }) => kind.prefix !== undefined && kind.secrets !== undefined);
  if (secretKinds.length === 0) return configuration;
  const problems: ConfigProblem[] = [];
  const values = configuration.values.map((one) => {
    const kind = secretKinds.find(({ kind: candidate }) => one.key.startsWith(candidate.prefix ?? ''))?.kind;
    if (!kind) return one;
    const value = restored(kind, one.value, stored(one.key), (field) => {
      const place = configuration.locate(one.key, field);
      const message = `${secretPlaceholder} keeps a stored secret, but there is none; write the secret itself`;
      problems.push({ ...(place ?? { file: configuration.file, line: 1, column: 1, path: field }), message });
    });
    return { ...one, value: value as Message };
  });
  if (problems.length > 0) throw new ConfigurationError(problems);
  return { values };
}

/**
 * Texts are hidden as a placeholder, numbers (the salt of a key) as 0, which is also what a number is that nobody sets. So a number
 * goes with the texts of its object: 0 keeps the stored one where a text is kept, and is 0 where all texts are written out.
 */
function restored(kind: Kind, value: Value, stored: Value | undefined, missing: (field: string) => void): Value {
  let kept = false;
  let result: unknown = value;
  const paths = (kind.secrets ?? []).map((path) => ({ path, steps: path.split('.') }));
  for (const { path, steps } of paths) {
    const text = (secret: unknown, known: unknown): unknown => {
      if (secret !== secretPlaceholder) return secret;
      kept = true;
      if (typeof known === 'string' && known !== '') return known;
      missing(path);
      return secret;
    };
    result = replaceAt(result, steps, text, stored);
  }
  if (!kept) return result as Value;
  const number = (secret: unknown, known: unknown) => (secret === 0 && typeof known === 'number' ? known : secret);
  for (const { steps } of paths) result = replaceAt(result, steps, number, stored);
  return result as Value;
}
