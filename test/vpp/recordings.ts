/** Which recordings of conversations with VPP there are, and which there should be. */

import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The releases of which there is a recording of each test: years apart, the older one without what came later. */
export const RELEASES = ['23.06', '26.06'] as const;

/** The file of a test's recordings. */
export function cassetteOf(name: string): string {
  return `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.cassette`;
}

/** Whether this is the text of a file of tests that are recorded. */
export function usesRecordings(text: string): boolean {
  return text.includes('= vppTests(import.meta.url');
}

/** Names of the recorded tests of a file's text. */
export function recordedTests(text: string): readonly string[] {
  if (!usesRecordings(text)) return [];
  return [...text.matchAll(/^vppTest\(\s*'([^']+)'/gm)].map(([, name]) => name!);
}

/** Where the recordings of all tests are. */
export function expectedCassettes(root: string): readonly string[] {
  return globSync('src/**/*.test.ts', { cwd: root }).flatMap((file) =>
    recordedTests(readFileSync(join(root, file), 'utf8')).flatMap((name) =>
      RELEASES.map((release) => join(root, dirname(file), 'cassettes', release, cassetteOf(name))),
    ),
  );
}

/** Recordings that belong to no test. */
export function orphans(root: string): readonly string[] {
  const expected = new Set(expectedCassettes(root));
  return allCassettes(root).filter((path) => !expected.has(path));
}

export function allCassettes(root: string): readonly string[] {
  return globSync('src/**/cassettes/*/*.cassette', { cwd: root })
    .map((path) => join(root, path))
    .toSorted((left, right) => basename(left).localeCompare(basename(right)));
}
