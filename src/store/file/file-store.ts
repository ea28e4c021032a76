import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { StoreError, errnoOf, fromSystemError } from '../errors.ts';
import { ensurePrivateDirectory } from '../local/durable.ts';
import type { HistoryLimits } from '../local/history.ts';
import { LocalStore } from '../local/local-store.ts';
import { ProcessLock } from '../local/lock.ts';
import type { Store } from '../store.ts';
import { FileJournal } from './file-journal.ts';
import type { Layout } from './layout.ts';

/** ms of quiet after an edit before it is read: editors write in several steps. */
const QUIET = 50;

const LAYOUTS: Readonly<Record<string, Layout>> = { '.json': 'json', '.yaml': 'yaml', '.yml': 'yaml' };

export interface FileStoreOptions {
  /** The file, `.json`, `.yaml` or `.yml`; created (0600) at the first write. `<path>.lock` beside it keeps others out. */
  readonly path: string;
  /** Shown in errors and logs. Default: `file`. */
  readonly name?: string;
  /** What slow watchers can catch up on. */
  readonly history?: HistoryLimits;
  /** An edit that cannot be read. The store goes on with what it has and refuses writes. Default: ignored. */
  readonly onProblem?: (problem: StoreError) => void;
}

/**
 * A store in one file that people can read and edit while it is open: an edit arrives as a change. Each batch of writes
 * replaces the file, so it suits up to some thousand entries. Fails as the embedded store does.
 */
export async function openFileStore(options: FileStoreOptions): Promise<Store> {
  const layout = LAYOUTS[extname(options.path)];
  if (layout === undefined) throw new StoreError('usage', `${options.path} must end in .json, .yaml or .yml`);
  await ensurePrivateDirectory(dirname(options.path));
  const path = await targetOf(options.path);
  const lock = await ProcessLock.acquire(`${path}.lock`, `Store ${path}`);
  try {
    return await openLocked(path, layout, options, lock);
  } catch (error) {
    lock.release();
    throw fromSystemError(error, 'opening store', path);
  }
}

async function openLocked(path: string, layout: Layout, options: FileStoreOptions, lock: ProcessLock): Promise<Store> {
  const edits = new EditWatch(path);
  const journal = new FileJournal(path, layout, () => {
    edits.close();
    lock.release();
  });
  try {
    const store = new LocalStore(options.name ?? 'file', journal, options.history);
    await store.restore({ image: await journal.load(), commits: [] }, options.history);
    edits.onEdit = () => takeInEdits(store, options.onProblem ?? ((): void => {}));
    return store;
  } catch (error) {
    edits.close();
    throw error;
  }
}

/** Any request makes the store look at the file first, also this that asks for nothing. */
async function takeInEdits(store: Store, onProblem: (problem: StoreError) => void): Promise<void> {
  try {
    await store.transaction([]);
  } catch (error) {
    if (error instanceof StoreError && error.code !== 'closed') onProblem(error);
  }
}

/** Calls back, after a moment of quiet, when the file may have changed. */
class EditWatch {
  /** Set late: an edit made while the store opens is seen by the first call anyway. */
  onEdit: () => Promise<void> = async () => {};
  readonly #watcher: FSWatcher;
  #timer: NodeJS.Timeout | undefined;

  /** Watches the directory: a watch on the file itself would stay with what a rename replaced. */
  constructor(path: string) {
    const name = basename(path);
    this.#watcher = watch(dirname(path), { persistent: false }, (_event, changed) => {
      if (changed !== null && changed !== name) return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.onEdit(), QUIET);
      this.#timer.unref();
    });
    // The directory may vanish; every call then says so itself.
    this.#watcher.on('error', () => this.close());
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#watcher.close();
  }
}

/** Behind a symbolic link, so that replacing the file leaves the link. */
async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return path;
    throw fromSystemError(error, 'opening store', path);
  }
}
