/** Which test files there are, and where each has to run. */
import { globSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const everywhere = [
  'src/**/*.test.ts',
  'test/**/*.test.ts',
  'scripts/**/*.test.ts',
  'bench/**/*.test.ts',
  'web/**/*.test.ts',
];

/** Test files below the given files and folders (default: all), relative to `root`, sorted. */
export function findTests(root: string, asked: readonly string[]): readonly string[] {
  const patterns = asked.length === 0 ? everywhere : asked.map((path) => patternOf(root, path));
  const found = globSync(patterns, { cwd: root, exclude: (path) => path.includes('node_modules') });
  return [...new Set(found)].sort();
}

function patternOf(root: string, path: string): string {
  const inside = relative(root, resolve(path));
  return statSync(join(root, inside), { throwIfNoEntry: false })?.isDirectory() === true
    ? join(inside, '**/*.test.ts')
    : inside;
}

/**
 * Kernel features a test file names in a comment `// needs-kernel: vrf, dummy` in its first lines; undefined when it
 * names none. A file called `*.vm.test.ts` without such a line always runs in the test VM.
 */
export function neededKernelFeatures(root: string, file: string): readonly string[] | undefined {
  const line = /^\/\/ needs-kernel: *(.+)$/m.exec(head(root, file))?.[1];
  if (line !== undefined) return line.split(/[,\s]+/).filter((name) => name !== '');
  return file.endsWith('.vm.test.ts') ? ['vm'] : undefined;
}

/** Files with the comment `// needs-internet` in their first lines; only the package registry is meant. */
export function needsInternet(root: string, file: string): boolean {
  return /^\/\/ needs-internet$/m.test(head(root, file));
}

function head(root: string, file: string): string {
  return readFileSync(join(root, file), 'utf8').slice(0, 2000);
}
