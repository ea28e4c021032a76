/** The tarball as it would be published, made beside the checkout: its own dist/ stays as it is, whoever uses it. */

import assert from 'node:assert/strict';
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

export interface Manifest {
  readonly version: string;
  readonly files: readonly string[];
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;

export function run(cwd: string, ...argv: readonly string[]): SpawnSyncReturns<string> {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return spawnSync(argv[0] ?? '', argv.slice(1), { cwd, encoding: 'utf8', env });
}

export function succeed(cwd: string, ...argv: readonly string[]): string {
  const { status, stdout, stderr, error } = run(cwd, ...argv);
  assert.equal(status, 0, `${argv.join(' ')}: ${error?.message ?? ''}\n${stdout}${stderr}`);
  return stdout;
}

/** Builds and packs into the folder `staging`, which it makes. Returns the path of the tarball. */
export function pack(staging: string): string {
  mkdirSync(staging);
  succeed(root, process.execPath, join(root, 'scripts/build.ts'), '--out', join(staging, 'dist'));
  for (const path of ['package.json', 'README.md', 'LICENSE', ...manifest.files]) {
    if (path !== 'dist' && existsSync(join(root, path)))
      cpSync(join(root, path), join(staging, path), { recursive: true });
  }
  succeed(staging, 'npm', 'pack', '--ignore-scripts', '--silent');
  const tarball = readdirSync(staging).find((name) => name.endsWith('.tgz'));
  assert.ok(tarball !== undefined, 'npm pack made no tarball');
  return join(staging, tarball);
}

/** `npm install` in a project, without optional and development packages. Returns why it could not, when there is no registry. */
export function install(project: string, ...what: readonly string[]): string | undefined {
  const flags = ['--omit=optional', '--omit=dev', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, stderr } = run(project, 'npm', 'install', ...what, ...flags);
  if (status === 0) return undefined;
  assert.match(stderr, /ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|network/, stderr);
  return 'the npm registry cannot be reached';
}
