/**
 * A network namespace that existed when it was looked up. Nothing is held open: it may be gone by the time it is used, and
 * then the operation fails with ENOENT (retriable). Two lookups of the same namespace have the same `id`.
 */
export interface Namespace {
  /** For people and messages: `own`, `netns pod1`, `pid 4711`, `/proc/4711/ns/net`. */
  readonly label: string;
  /** Device and inode of the namespace, `4:4026531840`: identifies it as long as it lives. */
  readonly id: string;
  /** File that leads to it. */
  readonly path: string;
}

/** How configurations name a namespace. */
export type NamespaceReference =
  /** The one the driver works in for the vswitch. */
  | { readonly type: 'vswitch' }
  /** The one this process started in. */
  | { readonly type: 'own' }
  /** A name in the namespace directory (`ip netns`). */
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'pid'; readonly pid: number }
  /** A file, e.g. `/proc/4711/ns/net`. */
  | { readonly type: 'path'; readonly path: string };

export interface Namespaces {
  /** Looks it up, or throws KernelError ENOENT (retriable) when it is not there, EINVAL when the file is no network namespace. */
  resolve(reference: NamespaceReference): Namespace;
  /** As `resolve`, undefined when it is not there. */
  find(reference: NamespaceReference): Namespace | undefined;
  /** True while the namespace that was looked up is still the one at its path. */
  alive(namespace: Namespace): boolean;
  /** Names in the namespace directory that lead to a namespace, sorted. */
  names(): string[];
  /** Makes a named namespace (0.4 ms) whose `lo` has `mark` as its alias from the start. EEXIST when there is one of that name. */
  create(name: string, mark?: string): Namespace;
  /** Removes the name; the namespace ends when nothing else uses it. ENOENT when there is none. */
  delete(name: string): void;
  /**
   * Who else uses these named namespaces, in words, by their ids: processes in them, other files they are mounted on. What this
   * user may not look at is not seen.
   */
  occupants(namespaces: readonly Namespace[]): ReadonlyMap<string, string>;
  /** Calls `changed` with a name whenever one comes or goes in the namespace directory. Returns the function that ends this. */
  watch(changed: (name: string) => void): () => void;
}
