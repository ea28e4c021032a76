/** Names the fields in which two values differ, for drift reports. */

import { structurallyEqual } from './equality.ts';

/**
 * Paths of the differing fields in proto names (`ip_addresses[1]`, `vxlan.vni`), sorted, at most `limit`.
 * An array of another length is named as a whole.
 */
export function differingFields(left: object, right: object, limit = 32): readonly string[] {
  const paths: string[] = [];
  compare(left, right, '', paths, limit);
  return paths.sort();
}

function compare(left: unknown, right: unknown, path: string, paths: string[], limit: number): void {
  if (paths.length >= limit || structurallyEqual(left, right)) return;
  if (Array.isArray(left) && Array.isArray(right) && left.length === right.length) {
    left.forEach((item: unknown, i) => compare(item, right[i], `${path}[${i}]`, paths, limit));
  } else if (isRecord(left) && isRecord(right)) {
    for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
      compare(left[name], right[name], path === '' ? protoName(name) : `${path}.${protoName(name)}`, paths, limit);
    }
  } else {
    paths.push(path);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !ArrayBuffer.isView(value) &&
    !(value instanceof Map)
  );
}

/** Generated messages spell fields in camel case; people and proto files in snake case. */
function protoName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
