import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/**
 * A log that is open twice. What is written through `synced` is durable when the call returns (O_DSYNC, open(2)): one trip to the
 * thread pool where write and fdatasync are two. What comes in several pieces goes through `file`, and is synced once.
 */
export interface LogFile {
  readonly file: FileHandle;
  readonly synced: FileHandle;
}

/** Opens the log that `file` has open, under its path, a second time. On an error `file` is left as it is. */
export async function alsoSynced(file: FileHandle, path: string): Promise<LogFile> {
  return { file, synced: await open(path, constants.O_WRONLY | constants.O_DSYNC) };
}

export async function closeLogFile({ file, synced }: LogFile): Promise<void> {
  await synced.close();
  await file.close();
}
