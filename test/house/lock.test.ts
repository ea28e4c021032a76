/** A fresh clone can be installed: the lock file agrees with package.json and names nobody's registry. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { missingOptional, type LockFile } from '../../scripts/lock.ts';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'package-lock.json'), 'utf8');
const lock = JSON.parse(text) as LockFile;

test('the lock file was written for this package.json', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Readonly<Record<string, unknown>>;
  const locked = lock.packages[''] as unknown as Readonly<Record<string, unknown>>;
  for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']) {
    assert.deepEqual(locked[kind], manifest[kind], `${kind}: run npm install`);
  }
});

test('it has the packages of every platform, as npm ci demands', () => {
  assert.deepEqual(Object.keys(missingOptional(lock)), [], 'run node scripts/complete-lock.ts');
});

test('a package for another platform is described by its name', () => {
  const missing = missingOptional({
    packages: { 'node_modules/a': { dev: true, optionalDependencies: { '@x/y-linux-arm64-musl': '^1.2.3' } } },
  });
  const entry = { version: '1.2.3', cpu: ['arm64'], dev: true, libc: ['musl'], optional: true, os: ['linux'] };
  assert.deepEqual(missing, { 'node_modules/@x/y-linux-arm64-musl': entry });
});

test('it names no registry', () => {
  assert.doesNotMatch(text, /"resolved": "[^"]*:/, 'npm install --omit-lockfile-registry-resolve');
});
