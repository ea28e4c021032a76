import { constants } from 'node:fs';
import { open, readFile, rename, writeFile } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';
import { StoreError, errnoOf, fromSystemError } from '../errors.ts';

/** A journal in memory: taking the lock must not need space on the disk. */
const TAKE = 'PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE';

/**
 * Keeps other processes out of a store's files. The lock is the kernel's (fcntl, through an empty SQLite database, the only
 * way Node has to one without native code), so it ends with the process however that ends; a note beside it says who holds it.
 */
export class ProcessLock {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** `path` is that of the lock file. Fails with `locked`, naming the holder's pid, when somebody has it. */
  static async acquire(path: string, what: string): Promise<ProcessLock> {
    await createPrivate(path);
    const { DatabaseSync } = await import('node:sqlite');
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(path, { timeout: 0 });
      database.exec(TAKE);
    } catch (error) {
      database?.close();
      if (!isBusy(error)) throw fromSystemError(error, 'locking', path);
      const holder = await readHolder(path);
      throw new StoreError('locked', `${what} is in use by ${holder}. Stop it first, or use another path`, {
        cause: error,
      });
    }
    const lock = new ProcessLock(database);
    try {
      await writeHolder(path);
    } catch (error) {
      // A full disk must not keep a store from being opened and read: the note is a courtesy, the lock is held.
      if (fromSystemError(error, 'noting the holder of', path).code !== 'no-space') {
        lock.release();
        throw fromSystemError(error, 'noting the holder of', path);
      }
    }
    return lock;
  }

  release(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}

/**
 * Creates the file if it is not there. An existing one is left alone: closing any handle of it would drop a lock that this
 * process holds on it (POSIX).
 */
async function createPrivate(path: string): Promise<void> {
  try {
    const file = await open(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
    await file.close();
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw fromSystemError(error, 'creating', path);
  }
}

/** SQLITE_BUSY (5): somebody has the lock. */
function isBusy(error: unknown): boolean {
  return (
    error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === 5
  );
}

async function writeHolder(path: string): Promise<void> {
  const temporary = `${path}.holder.new`;
  await writeFile(temporary, `${process.pid}\n`, { mode: 0o600 });
  await rename(temporary, `${path}.holder`);
}

async function readHolder(path: string): Promise<string> {
  try {
    const pid = Number.parseInt(await readFile(`${path}.holder`, 'utf8'), 10);
    return Number.isNaN(pid) ? 'another process' : `process ${pid}`;
  } catch {
    return 'another process';
  }
}
