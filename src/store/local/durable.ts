import { open } from 'node:fs/promises';
import { makeDirectory } from '../../app/process/make-directory.ts';
import { StoreError, errnoOf, fromSystemError } from '../errors.ts';

/** Makes the names in a directory durable: a rename or a new file is lost in a power cut without it. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Creates a directory that only the owner may enter; an existing one is taken as it is. */
export async function ensurePrivateDirectory(path: string): Promise<void> {
  try {
    await makeDirectory(path, 0o700);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') throw new StoreError('usage', `${path} is not a directory`, { cause: error });
    throw fromSystemError(error, 'creating directory', path);
  }
}
