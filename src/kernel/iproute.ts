/** For tests: what iproute2 sees, as an oracle. */

import { execFileSync } from 'node:child_process';

/** Runs `ip` or `bridge` in a namespace and returns what it lists. */
export function iproute(namespace: string, tool: 'ip' | 'bridge', ...args: string[]): unknown[] {
  const text = execFileSync(tool, ['-n', namespace, '-d', '-j', ...args], { encoding: 'utf8' });
  return list(JSON.parse(text.trim() === '' ? '[]' : text));
}

/** A value deep in what was listed; undefined where there is none. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Readonly<Record<string | number, unknown>>)[step];
  }
  return found;
}

/** A list deep in what was listed; empty where there is none. */
export function list(value: unknown, ...path: readonly (string | number)[]): unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? (found as unknown[]) : [];
}
