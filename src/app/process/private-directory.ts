import { lstat, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../errors.ts';
import { makeDirectory } from './make-directory.ts';

export interface PrivateDirectoryOptions {
  /** An existing directory may be open to others, as long as it is ours or root's. Default: false. */
  readonly existing?: boolean;
}

/**
 * Makes the directory with mode 0700, parents too. Errors: AppError `invalid-config` when it cannot be made, `insecure` when it exists and belongs to somebody else, is a link
 * or (without `existing`) can be entered by others.
 */
export async function ensurePrivateDirectory(path: string, options: PrivateDirectoryOptions = {}): Promise<void> {
  try {
    await makeDirectory(dirname(path), 0o700);
    await mkdir(path, { mode: 0o700 });
    return;
  } catch (error) {
    const { code, path: place } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST' || place !== path) throw unusable(path, error);
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

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'its file system is read-only',
  ENOSPC: 'the file system is full',
  EDQUOT: 'the quota of its file system is used up',
  EEXIST: 'a part of its path is no directory',
  ENOTDIR: 'a part of its path is no directory',
  ENOENT: 'nothing can be made there',
};

/** What the system said about a place in which the agent keeps what is its own, and what to do; other errors as they are. */
export function unusable(path: string, cause: unknown): unknown {
  const reason = reasons[(cause as NodeJS.ErrnoException).code ?? ''];
  if (reason === undefined) return cause;
  const message = `${path} cannot be made: ${reason}; choose another place with --state-dir, or run the agent as a user who may write there`;
  return new AppError('invalid-config', message, { file: path, cause });
}
