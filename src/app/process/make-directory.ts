/** Directories with their parents. `recursive` of Node's own mkdir goes round for ever below /proc, where nothing can be made. */

import { mkdirSync, statSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** One that exists is taken as it is. `mode` is that of all that are made. Errors: those of mkdir(2). */
export async function makeDirectory(path: string, mode: number): Promise<void> {
  if (await makeOne(path, mode)) return;
  await makeDirectory(dirname(path), mode);
  if (!(await makeOne(path, mode))) throw nothingThere(path);
}

/** The same at once. */
export function makeDirectorySync(path: string, mode: number): void {
  if (makeOneSync(path, mode)) return;
  makeDirectorySync(dirname(path), mode);
  if (!makeOneSync(path, mode)) throw nothingThere(path);
}

/** False: it lacks its parent. */
async function makeOne(path: string, mode: number): Promise<boolean> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    if (lacksParent(error, path)) return false;
    if (codeOf(error) !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error;
  }
  return true;
}

function makeOneSync(path: string, mode: number): boolean {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (lacksParent(error, path)) return false;
    if (codeOf(error) !== 'EEXIST' || !statSync(path).isDirectory()) throw error;
  }
  return true;
}

function lacksParent(error: unknown, path: string): boolean {
  return codeOf(error) === 'ENOENT' && dirname(path) !== path;
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** The parent is there now, and the system goes on saying that something is missing. */
function nothingThere(path: string): NodeJS.ErrnoException {
  const message = `ENOENT: nothing can be made there, mkdir '${path}'`;
  return Object.assign(new Error(message), { code: 'ENOENT', syscall: 'mkdir', path });
}
