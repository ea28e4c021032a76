import type { Key } from '../model/key.ts';

interface Folder<T> {
  readonly path: string;
  readonly parent: Folder<T> | undefined;
  readonly entries: Map<Key, T>;
  readonly folders: Set<Folder<T>>;
}

/**
 * Keys by path segment, so that "everything under this prefix" costs what it returns. Adding and removing a key touches
 * its own folder only.
 */
export class KeyTree<T> {
  readonly #folders = new Map<string, Folder<T>>();
  /** Keys come in runs of the same folder. */
  #last: Folder<T> | undefined;

  set(key: Key, value: T): void {
    const last = this.#last;
    const folder = last !== undefined && isInside(last.path, key) ? last : this.#folder(folderOf(key));
    folder.entries.set(key, value);
  }

  delete(key: Key): void {
    const folder = this.#folders.get(folderOf(key));
    if (folder?.entries.delete(key)) this.#dropEmpty(folder);
  }

  /** Entries whose key is `prefix` or lies under it, in no particular order. The tree must not change meanwhile. */
  *under(prefix: string): Generator<readonly [Key, T]> {
    const path = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
    if (path === '') return;
    const self = this.#folders.get(folderOf(path as Key))?.entries.get(path as Key);
    if (self !== undefined) yield [path as Key, self];
    const folder = this.#folders.get(path);
    if (folder !== undefined) yield* inside(folder);
  }

  #folder(path: string): Folder<T> {
    if (this.#last?.path === path) return this.#last;
    let folder = this.#folders.get(path);
    if (folder === undefined) {
      const parent = path === '' ? undefined : this.#folder(folderOf(path as Key));
      folder = { path, parent, entries: new Map(), folders: new Set() };
      parent?.folders.add(folder);
      this.#folders.set(path, folder);
    }
    this.#last = folder;
    return folder;
  }

  #dropEmpty(folder: Folder<T>): void {
    let empty: Folder<T> | undefined = folder;
    while (empty !== undefined && empty.entries.size === 0 && empty.folders.size === 0) {
      this.#folders.delete(empty.path);
      if (this.#last === empty) this.#last = undefined;
      empty.parent?.folders.delete(empty);
      empty = empty.parent;
    }
  }
}

function* inside<T>(folder: Folder<T>): Generator<readonly [Key, T]> {
  yield* folder.entries;
  for (const child of folder.folders) yield* inside(child);
}

/** Directly in the folder; makes no string. */
function isInside(path: string, key: Key): boolean {
  return key.lastIndexOf('/', key.length - 2) === path.length && path.length > 0 && key.startsWith(path);
}

/** Everything before the last slash; a trailing slash belongs to the name. */
function folderOf(key: Key): string {
  const slash = key.lastIndexOf('/', key.length - 2);
  return slash < 0 ? '' : key.slice(0, slash);
}
