import { randomBytes } from 'node:crypto';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../errors.ts';
import type { Logger } from '../log/logger.ts';
import { ensurePrivateDirectory, unusable } from '../process/private-directory.ts';

/**
 * The admin token of this instance: read from its file, made at first start (256 random bits, file mode 0600). A file that others
 * can read is closed to them, with a warning. Errors: AppError `invalid-config` for an empty or too short token.
 */
export async function adminToken(file: string, log: Logger): Promise<string> {
  await ensurePrivateDirectory(dirname(file), { existing: true });
  try {
    const token = randomBytes(32).toString('base64url');
    await writeFile(file, `${token}\n`, { flag: 'wx', mode: 0o600 });
    log.info({ file }, 'made the admin token');
    return token;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(file, error);
  }
  return readToken(file, log);
}

/** Reads a token from a file. */
export async function readToken(file: string, log: Logger): Promise<string> {
  const { mode } = await stat(file);
  if ((mode & 0o077) !== 0) {
    log.warn(
      { file, mode: (mode & 0o777).toString(8) },
      'the token could be read by others; make a new one if they are not trusted',
    );
    await chmod(file, 0o600);
  }
  const token = (await readFile(file, 'utf8')).trim();
  if (token.length >= 16) return token;
  throw new AppError(
    'invalid-config',
    `${file}: expected a token of at least 16 characters; remove the file to have one made`,
    { file },
  );
}
