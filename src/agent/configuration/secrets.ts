/** Placeholders on input: whoever read a configuration without its secrets may send it back without losing them. */

import type { Message } from '@bufbuild/protobuf';
import { type Configuration, ConfigurationError, type ConfigProblem } from '../../model/config/index.ts';
import type { Key } from '../../model/index.ts';
import type { Kind, Value } from '../../scheduler/kind.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import { secretPlaceholder } from '../rest/value-json.ts';

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

function restored(kind: Kind, value: Value, stored: Value | undefined, missing: (field: string) => void): Value {
  let result: unknown = value;
  for (const path of kind.secrets ?? []) {
    result = fill(result, stored, path.split('.'), () => missing(path));
  }
  return result as Value;
}

function fill(value: unknown, stored: unknown, path: readonly string[], missing: () => void): unknown {
  const [head, ...rest] = path;
  if (head === undefined) {
    if (value !== secretPlaceholder) return value;
    if (typeof stored === 'string' && stored !== '') return stored;
    missing();
    return value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const name = head.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const fields = value as Record<string, unknown>;
  const known = (stored ?? {}) as Record<string, unknown>;
  if (name in fields) return replaced(fields, name, fill(fields[name], known[name], rest, missing));
  for (const [field, content] of Object.entries(fields)) {
    const member = content as { case?: unknown; value?: unknown } | null;
    if (typeof member !== 'object' || member?.case !== name) continue;
    const other = known[field] as { case?: unknown; value?: unknown } | undefined;
    const inner = fill(member.value, other?.case === name ? other.value : undefined, rest, missing);
    return inner === member.value ? value : { ...fields, [field]: { case: name, value: inner } };
  }
  return value;
}

function replaced(fields: Record<string, unknown>, name: string, next: unknown): Record<string, unknown> {
  return fields[name] === next ? fields : { ...fields, [name]: next };
}
