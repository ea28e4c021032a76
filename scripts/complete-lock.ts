/**
 * `node scripts/complete-lock.ts`, after `npm install PACKAGE`: adds to the lock file the packages for other platforms that
 * npm left out because the registry it asked does not carry them. Without them `npm ci` fails everywhere ("Missing from
 * lock file"). Their versions are those that their parents pin; npm skips them on this platform.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingOptional, type LockFile } from './lock.ts';

const path = join(import.meta.dirname, '..', 'package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8')) as LockFile;
const missing = missingOptional(lock);
const packages = { ...lock.packages, ...missing };
const sorted = Object.fromEntries(Object.entries(packages).sort(([left], [right]) => (left < right ? -1 : 1)));
writeFileSync(path, `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`);
console.log(`${Object.keys(missing).length} packages added to package-lock.json`);
