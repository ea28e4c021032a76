import { isUnder } from '../model/key.ts';
import type { Key } from '../model/key.ts';

interface Leaf<T> {
  readonly key: Key;
  value: T;
}

/** What keys have in common up to a slash. */
interface Branch<T> {
  /** Without the slash; the root's is empty. */
  readonly path: string;
  /** Where the next segment begins. */
  readonly start: number;
  /** Keys whose last segment is the next. */
  readonly entries: Map<Key, T>;
  /** By the next segment, where others follow. */
  readonly children: Map<string, Leaf<T> | Branch<T>>;
}

/**
 * Keys by path segment, so that "everything under this prefix" costs what it returns. A key that shares its next segment with no
 * other is a leaf, however many segments follow: most keys take no branches of their own.
 */
export class KeyTree<T> {
  readonly #root: Branch<T> = { path: '', start: 0, entries: new Map(), children: new Map() };
  /** Keys come in runs of the same branch. */
  #last: Branch<T> = this.#root;

  set(key: Key, value: T): void {
    let branch = this.#last;
    if (key.lastIndexOf('/') !== branch.start - 1 || !key.startsWith(branch.path)) branch = this.#root;
    for (;;) {
      const slash = key.indexOf('/', branch.start);
      if (slash < 0) {
        branch.entries.set(key, value);
        this.#last = branch;
        return;
      }
      const segment = key.slice(branch.start, slash);
      const child = branch.children.get(segment);
      if (child === undefined) {
        branch.children.set(segment, { key, value });
        return;
      }
      if ('children' in child) {
        branch = child;
      } else if (child.key === key) {
        child.value = value;
        return;
      } else {
        branch = split(branch, segment, child);
      }
    }
  }

  delete(key: Key): void {
    const way: Branch<T>[] = [];
    let branch = this.#root;
    for (;;) {
      const slash = key.indexOf('/', branch.start);
      if (slash < 0) {
        branch.entries.delete(key);
        break;
      }
      const segment = key.slice(branch.start, slash);
      const child = branch.children.get(segment);
      if (child === undefined) return;
      if ('children' in child) {
        way.push(branch);
        branch = child;
        continue;
      }
      if (child.key === key) branch.children.delete(segment);
      break;
    }
    this.#dropEmpty(branch, way);
  }

  /** Entries whose key is `prefix` or lies under it, in no particular order. The tree must not change meanwhile. */
  *under(prefix: string): Generator<readonly [Key, T]> {
    const path = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
    if (path === '') return;
    let branch = this.#root;
    while (branch.start <= path.length) {
      const slash = path.indexOf('/', branch.start);
      if (slash < 0) {
        const self = branch.entries.get(path as Key);
        if (self !== undefined) yield [path as Key, self];
      }
      const child = branch.children.get(slash < 0 ? path.slice(branch.start) : path.slice(branch.start, slash));
      if (child === undefined) return;
      if (!('children' in child)) {
        if (isUnder(prefix, child.key)) yield [child.key, child.value];
        return;
      }
      branch = child;
    }
    yield* inside(branch);
  }

  #dropEmpty(branch: Branch<T>, way: Branch<T>[]): void {
    let empty = branch;
    for (let above = way.pop(); above !== undefined && isEmpty(empty); above = way.pop()) {
      above.children.delete(empty.path.slice(above.start));
      if (this.#last === empty) this.#last = this.#root;
      empty = above;
    }
  }
}

/** Puts a branch in place of a leaf that shares its segment with another key. */
function split<T>(branch: Branch<T>, segment: string, leaf: Leaf<T>): Branch<T> {
  const end = branch.start + segment.length;
  const next: Branch<T> = { path: leaf.key.slice(0, end), start: end + 1, entries: new Map(), children: new Map() };
  const slash = leaf.key.indexOf('/', next.start);
  if (slash < 0) next.entries.set(leaf.key, leaf.value);
  else next.children.set(leaf.key.slice(next.start, slash), leaf);
  branch.children.set(segment, next);
  return next;
}

function isEmpty<T>({ entries, children }: Branch<T>): boolean {
  return entries.size === 0 && children.size === 0;
}

function* inside<T>(branch: Branch<T>): Generator<readonly [Key, T]> {
  yield* branch.entries;
  for (const child of branch.children.values()) {
    if ('children' in child) yield* inside(child);
    else yield [child.key, child.value];
  }
}
