import { open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StoreError, errnoOf, fromSystemError } from '../errors.ts';
import { syncDirectory } from '../local/durable.ts';
import type { Commit, Image, Journal, Stored } from '../local/journal.ts';
import type { Write } from '../store.ts';
import { LayoutWriter } from './layout.ts';
import type { Layout } from './layout.ts';
import { parseFile } from './parse.ts';

export const EMPTY: Image = { revision: 0, entries: [], leases: [] };

/** A journal that is one readable file, replaced whole at each batch; edits by others are taken in before that. */
export class FileJournal implements Journal {
  readonly #path: string;
  readonly #layout: Layout;
  readonly #writer: LayoutWriter;
  readonly #onClose: () => void;
  /** What the file looked like when last read or written. */
  #seen: string | undefined;

  constructor(path: string, layout: Layout, onClose: () => void) {
    this.#path = path;
    this.#layout = layout;
    this.#writer = new LayoutWriter(layout);
    this.#onClose = onClose;
  }

  /** The content of the file; empty when there is none. */
  async load(): Promise<Image> {
    return (await this.#readIfChanged()) ?? EMPTY;
  }

  async incoming(current: () => readonly Stored[]): Promise<readonly Write[]> {
    const image = await this.#readIfChanged();
    return image === undefined ? [] : difference(current(), image.entries);
  }

  async append(_commits: readonly Commit[], image: () => Image): Promise<void> {
    const temporary = `${this.#path}.new`;
    try {
      const text = await this.#writer.write(image());
      const file = await open(temporary, 'w', 0o600);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, this.#path);
      await syncDirectory(dirname(this.#path));
      // Not before all is done: a file that was replaced by a call that failed is read back as an edit.
      this.#seen = await this.#look();
    } catch (error) {
      await unlink(temporary).catch(() => {});
      throw fromSystemError(error, 'writing', this.#path);
    }
  }

  async close(): Promise<void> {
    this.#onClose();
  }

  /** Undefined when the file is as last seen. A file that is gone is no edit: the next write brings it back. */
  async #readIfChanged(): Promise<Image | undefined> {
    try {
      const looks = await this.#look();
      if (looks === undefined || looks === this.#seen) return undefined;
      const image = await parseFile(await readText(this.#path), this.#layout, this.#path);
      this.#seen = looks;
      return image;
    } catch (error) {
      throw fromSystemError(error, 'reading', this.#path);
    }
  }

  async #look(): Promise<string | undefined> {
    try {
      const { ino, mtimeNs, size } = await stat(this.#path, { bigint: true });
      return `${ino} ${mtimeNs} ${size}`;
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }
}

async function readText(path: string): Promise<string> {
  const bytes = await readFile(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new StoreError('corrupt', `${path} is not UTF-8 text. Correct the file, or configure another path`, {
      cause: error,
      retriable: true,
    });
  }
}

function difference(before: readonly Stored[], after: readonly Stored[]): Write[] {
  const old = new Map(before.map((entry) => [entry.key, entry.value]));
  const writes: Write[] = [];
  for (const { key, value } of after) {
    const previous = old.get(key);
    if (previous === undefined || Buffer.compare(previous, value) !== 0) writes.push({ type: 'put', key, value });
    old.delete(key);
  }
  for (const key of old.keys()) writes.push({ type: 'delete', key });
  return writes;
}
