/** Whether a key satisfies a dependency. */

import { isUnder } from '../model/key.ts';
import type { Key } from '../model/key.ts';
import type { Dependency, Value } from './kind.ts';

/** True when `key` could satisfy the dependency with a fitting value. */
export function concerns(dependency: Dependency, key: Key): boolean {
  if (dependency.key !== undefined) return dependency.key === key;
  return dependency.anyOf?.prefixes.some((prefix) => isUnder(prefix, key)) ?? false;
}

/** True when `key` with this value satisfies the dependency. */
export function satisfies(dependency: Dependency, key: Key, value: Value): boolean {
  return concerns(dependency, key) && accepts(dependency, key, value);
}

/** The `where` of an any-of dependency. One that throws accepts nothing. */
export function accepts(dependency: Dependency, key: Key, value: Value): boolean {
  const where = dependency.anyOf?.where;
  if (where === undefined) return true;
  try {
    return where(key, value);
  } catch {
    return false;
  }
}
