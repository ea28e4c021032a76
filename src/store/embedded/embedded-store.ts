import { randomInt } from 'node:crypto';
import { open, rename, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreError, errnoOf, fromSystemError } from '../errors.ts';
import { ensurePrivateDirectory, syncDirectory } from '../local/durable.ts';
import type { HistoryLimits } from '../local/history.ts';
import { LocalStore } from '../local/local-store.ts';
import { ProcessLock } from '../local/lock.ts';
import type { Store } from '../store.ts';
import { createImage } from './compaction.ts';
import { alsoSynced } from './log-file.ts';
import { Log, newPath } from './log.ts';
import { readLog } from './reader.ts';

const LOG_NAME = 'store.log';
const LOCK_NAME = 'lock';
const EMPTY = { revision: 0, entries: [], leases: [] };

export interface EmbeddedStoreOptions {
  /** Directory of the store; created (0700) if missing. Nothing else should live there. */
  readonly path: string;
  /** Shown in errors and logs. Default: `embedded`. */
  readonly name?: string;
  /** What slow watchers can catch up on. */
  readonly history?: HistoryLimits;
  /**
   * Bytes the log may grow beyond twice its content before it is rewritten. Default 4 MiB; sensible from 64 KiB (little
   * disk) to 64 MiB (few rewrites).
   */
  readonly compactAfter?: number;
  /** Trouble that fails no call: a compaction without space, a torn batch found at start. Default: ignored. */
  readonly onProblem?: (problem: StoreError) => void;
  /** The first write that failed (its caller is told, too), and undefined with the next one that did not. */
  readonly onWritable?: (problem: StoreError | undefined) => void;
}

/**
 * The agent's own durable store: all content in memory, each batch of transactions appended to a log and synced before it
 * is acknowledged. Fails with `locked` (another process has it), `corrupt` (damaged, foreign, other format; nothing is
 * changed), `unavailable` or `no-space`.
 */
export async function openEmbeddedStore(options: EmbeddedStoreOptions): Promise<Store> {
  await ensurePrivateDirectory(options.path);
  const lock = await ProcessLock.acquire(join(options.path, LOCK_NAME), `Store ${options.path}`);
  try {
    return await openLocked(options, () => lock.release());
  } catch (error) {
    lock.release();
    throw fromSystemError(error, 'opening store', options.path);
  }
}

async function openLocked(options: EmbeddedStoreOptions, onClose: () => void): Promise<Store> {
  const path = join(options.path, LOG_NAME);
  const onProblem = options.onProblem ?? ((): void => {});
  const file = await openOrCreate(path, options.path);
  let synced: FileHandle | undefined;
  try {
    // What a compaction left when it was killed; the log is complete without it.
    await unlink(newPath(path)).catch(ignoreMissing);
    const read = await readLog(file, path);
    await file.chmod(0o600);
    if (read.torn > 0) {
      onProblem(
        new StoreError('corrupt', `${path}: dropped ${read.torn} bytes of a batch that was never acknowledged`),
      );
    }
    const logFile = await alsoSynced(file, path);
    ({ synced } = logFile);
    const log = new Log(logFile, read, {
      path,
      compactAfter: options.compactAfter ?? 4 * 1024 * 1024,
      onProblem,
      onWritable: options.onWritable,
      onClose,
    });
    return await new LocalStore(options.name ?? 'embedded', log).restore(read.restored, options.history);
  } catch (error) {
    await synced?.close();
    await file.close();
    throw error;
  }
}

async function openOrCreate(path: string, directory: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
  const file = await open(newPath(path), 'w+', 0o600);
  try {
    await createImage(file, randomInt(2 ** 32), 0, EMPTY);
    await file.sync();
    await rename(newPath(path), path);
    await syncDirectory(directory);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

function ignoreMissing(error: unknown): void {
  if (errnoOf(error) !== 'ENOENT') throw error;
}
