/** Named namespaces: files in a directory (`/var/run/netns`) that namespaces are mounted on, as `ip netns` does it. */

import { closeSync, openSync, readdirSync, statSync, statfsSync, unlinkSync, watch } from 'node:fs';
import { join } from 'node:path';
import { makeDirectorySync } from '../../app/process/make-directory.ts';
import { KernelError, isKernelError } from '../errors.ts';
import { errnoName, errnoNumber } from '../syscall/errno.ts';
import { CLONE_NEWNET, check, lastErrno, mount, umount2, unshare } from '../syscall/libc.ts';
import { THREAD_NAMESPACE, currentDescriptor, ownNamespace, proveReturn, returnTo } from './switch.ts';
import { markHere } from './mark.ts';
import type { Namespace, NamespaceReference, Namespaces } from './namespace.ts';
import { occupantsOf } from './occupants.ts';

/** Named namespaces of `directory`; `vswitch` says what the reference of that type means. */
export function namespacesIn(directory: string, vswitch: () => Namespace): Namespaces {
  const resolve = (reference: NamespaceReference): Namespace => lookUp(directory, vswitch, reference);
  return {
    resolve,
    find: (reference) => unlessAbsent(() => resolve(reference)),
    alive: (namespace) => identityAt(namespace.path) === namespace.id,
    names: () => namesIn(directory),
    create: (name, mark) => create(directory, name, mark),
    delete: (name) => remove(directory, name),
    occupants: occupantsOf,
    watch: (changed) => watchDirectory(directory, changed),
  };
}

function lookUp(directory: string, vswitch: () => Namespace, reference: NamespaceReference): Namespace {
  switch (reference.type) {
    case 'own':
      return ownNamespace;
    case 'vswitch':
      return vswitch();
    case 'name':
      return at(`netns ${reference.name}`, nameToPath(directory, reference.name));
    case 'pid':
      if (!Number.isInteger(reference.pid) || reference.pid < 1)
        throw invalid(`pid ${reference.pid}`, 'a process id is a positive number');
      return at(`pid ${reference.pid}`, `/proc/${reference.pid}/ns/net`);
    case 'path':
      return at(reference.path, reference.path);
  }
}

/** A name is one path segment: nothing that leads out of the directory. */
function nameToPath(directory: string, name: string): string {
  if (name === '' || name === '.' || name === '..' || name.includes('/') || name.includes('\0')) {
    throw invalid(`netns ${name}`, 'a name is not empty and has no slash');
  }
  return join(directory, name);
}

function at(label: string, path: string): Namespace {
  const operation = `look up namespace ${label}`;
  let id: string;
  let isNamespace: boolean;
  try {
    const { dev, ino } = statSync(path);
    id = `${dev}:${ino}`;
    // A process may end in between.
    isNamespace = isNamespaceFile(path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'EIO';
    if (code !== 'ENOENT' && code !== 'ESRCH') throw new KernelError(errnoNumber(code), { operation, cause });
    throw new KernelError(errnoNumber('ENOENT'), { operation, hint: 'there is no such namespace', retriable: true });
  }
  if (isNamespace) return { label, id, path };
  // `ip netns add` makes the file first and mounts the namespace on it then.
  if (label.startsWith('netns '))
    throw new KernelError(errnoNumber('ENOENT'), { operation, hint: 'nothing is mounted there yet', retriable: true });
  throw invalid(label, `${path} is not a network namespace`);
}

function isNamespaceFile(path: string): boolean {
  return statfsSync(path).type === NSFS_MAGIC;
}

function invalid(label: string, explanation: string): KernelError {
  return new KernelError(errnoNumber('EINVAL'), { operation: `look up namespace ${label}`, explanation, hint: '' });
}

function unlessAbsent<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (isKernelError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function identityAt(path: string): string | undefined {
  const status = statSync(path, { throwIfNoEntry: false });
  return status && `${status.dev}:${status.ino}`;
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => isNamespaceFile(join(directory, name)))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function create(directory: string, name: string, mark: string | undefined): Namespace {
  const operation = `create namespace ${name}`;
  const path = nameToPath(directory, name);
  prepare(directory);
  try {
    closeSync(openSync(path, 'wx', 0o444));
  } catch (cause) {
    // A file without a namespace on it is what a crash between the two steps leaves behind.
    const code = (cause as NodeJS.ErrnoException).code ?? 'EIO';
    if (code !== 'EEXIST' || isNamespaceFile(path)) throw new KernelError(errnoNumber(code), { operation, cause });
  }
  try {
    mountNew(path, mark, operation);
  } catch (error) {
    unlinkSync(path);
    throw error;
  }
  return at(`netns ${name}`, path);
}

/** The thread enters a new namespace, marks it, mounts it, and goes back. */
function mountNew(path: string, mark: string | undefined, operation: string): void {
  const previous = currentDescriptor();
  proveReturn();
  check(unshare(CLONE_NEWNET), operation);
  try {
    if (mark !== undefined) markHere(mark);
    check(mount(THREAD_NAMESPACE, path, 'none', MS_BIND, null), operation);
  } finally {
    returnTo(previous);
  }
}

/** A shared mount point, so that names made here are seen, and can be removed, in other mount namespaces. */
function prepare(directory: string): void {
  if (prepared.has(directory)) return;
  makeDirectorySync(directory, 0o755);
  const operation = `prepare ${directory} for network namespaces`;
  if (mount('', directory, 'none', MS_SHARED | MS_REC, null) < 0) {
    // EINVAL: it is no mount point yet.
    if (lastErrno() !== errnoNumber('EINVAL')) throw mountFailed(operation);
    if (mount(directory, directory, 'none', MS_BIND | MS_REC, null) < 0) throw mountFailed(operation);
    if (mount('', directory, 'none', MS_SHARED | MS_REC, null) < 0) throw mountFailed(operation);
  }
  prepared.add(directory);
}

function mountFailed(operation: string): KernelError {
  const errno = lastErrno();
  if (errnoName(errno) !== 'EPERM') return new KernelError(errno, { operation });
  const hint = 'mounting is not permitted: without root, run in a mount namespace of your own (unshare -Urnm)';
  return new KernelError(errno, { operation, hint });
}

function remove(directory: string, name: string): void {
  const operation = `delete namespace ${name}`;
  const path = nameToPath(directory, name);
  if (umount2(path, MNT_DETACH) < 0 && lastErrno() !== errnoNumber('EINVAL'))
    throw new KernelError(lastErrno(), { operation });
  try {
    unlinkSync(path);
  } catch (cause) {
    throw new KernelError(errnoNumber((cause as NodeJS.ErrnoException).code ?? 'EIO'), { operation, cause });
  }
}

function watchDirectory(directory: string, changed: (name: string) => void): () => void {
  makeDirectorySync(directory, 0o755);
  let closed = false;
  // No event tells that a namespace was mounted on its file: look until it was, or the file is gone.
  const settle = (name: string, patience: number): void => {
    if (closed) return;
    const path = join(directory, name);
    if (patience === 0 || !statSync(path, { throwIfNoEntry: false }) || isNamespaceFile(path)) return changed(name);
    setTimeout(settle, SETTLE, name, patience - 1).unref();
  };
  const watcher = watch(directory, { persistent: false }, (_event, name) => {
    if (name !== null) settle(name, PATIENCE);
  });
  return () => {
    closed = true;
    watcher.close();
  };
}

/** ms between two looks, and how many. */
const SETTLE = 5;
const PATIENCE = 200;

const prepared = new Set<string>();

const NSFS_MAGIC = 0x6e736673;
const MS_BIND = 4096;
const MS_REC = 16384;
const MS_SHARED = 1 << 20;
const MNT_DETACH = 2;
