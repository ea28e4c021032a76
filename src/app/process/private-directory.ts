import { lstat, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../errors.ts';

export interface PrivateDirectoryOptions {
  /** An existing directory may be open to others, as long as it is ours or root's. Default: false. */
  readonly existing?: boolean;
}

/**
 * Makes the directory with mode 0700, parents too. Errors: AppError `insecure` when it exists and belongs to somebody else, is a link
 * or (without `existing`) can be entered by others.
 */
export async function ensurePrivateDirectory(path: string, options: PrivateDirectoryOptions = {}): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await mkdir(path, { mode: 0o700 });
    return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const found = await lstat(path);
  const problem = problemOf(found, options.existing === true);
  if (problem !== undefined) throw new AppError('insecure', `${path} ${problem}`, { file: path });
}

function problemOf(found: Awaited<ReturnType<typeof lstat>>, open: boolean): string | undefined {
  if (!found.isDirectory()) return 'is not a directory';
  const mode = Number(found.mode);
  if (found.uid !== process.geteuid?.() && found.uid !== 0) return `belongs to user ${found.uid}`;
  if (!open && (mode & 0o077) !== 0)
    return `can be entered by others (mode ${(mode & 0o777).toString(8)}); expected 700`;
  return undefined;
}
