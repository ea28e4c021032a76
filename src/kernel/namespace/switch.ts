/**
 * Moves the thread between network namespaces. Only for synchronous work: whatever runs in between on this thread would run
 * in the wrong namespace.
 */

import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import { KernelError } from '../errors.ts';
import { CLONE_NEWNET, lastErrno, setns } from '../syscall/libc.ts';
import { errnoNumber } from '../syscall/errno.ts';
import type { Namespace } from './namespace.ts';

/** Leads to the namespace of this thread. */
export const THREAD_NAMESPACE = '/proc/thread-self/ns/net';

/** The namespace this thread started in. Held open: without it there is no way back. */
const home = openSync(THREAD_NAMESPACE, 'r');
const homeId = identityOf(home);

/** Where the thread is: changed and restored by `withinDescriptor`, nested. */
let current = home;

/** The namespace this process started in. (/proc/PID/ns/net would lead to where the main thread is.) */
export const ownNamespace: Namespace = { label: 'own', id: homeId, path: `/proc/${process.pid}/fd/${home}` };

/**
 * Opens the namespace, for one operation; the caller closes it. KernelError ENOENT, retriable, when it is gone or its name
 * leads to another one now.
 */
export function openNamespace(namespace: Namespace): number {
  const operation = `enter namespace ${namespace.label}`;
  let fd: number;
  try {
    fd = openSync(namespace.path, 'r');
  } catch (cause) {
    throw gone(operation, cause);
  }
  if (identityOf(fd) === namespace.id) return fd;
  closeSync(fd);
  throw gone(operation);
}

/** Runs `work` in the namespace and comes back. */
export function within<T>(namespace: Namespace, work: () => T): T {
  if (namespace.id === homeId && current === home) return work();
  const fd = openNamespace(namespace);
  try {
    return withinDescriptor(fd, work);
  } finally {
    closeSync(fd);
  }
}

/** As `within`, with an open descriptor of the namespace. */
export function withinDescriptor<T>(fd: number, work: () => T): T {
  const previous = current;
  proveReturn();
  if (setns(fd, CLONE_NEWNET) < 0) throw new KernelError(lastErrno(), { operation: 'enter a network namespace' });
  current = fd;
  try {
    return work();
  } finally {
    returnTo(previous);
  }
}

let mayReturn = false;

/**
 * To be called before the thread leaves its namespace: whoever may not come back must not go. Rejects a user namespace without a
 * network namespace of its own with KernelError EPERM.
 */
export function proveReturn(): void {
  if (mayReturn) return;
  if (setns(home, CLONE_NEWNET) < 0) {
    const hint =
      'other network namespaces take root, or a user, network and mount namespace for the agent: unshare --user --map-root-user --net --mount';
    throw new KernelError(lastErrno(), { operation: 'come back to the network namespace this was started in', hint });
  }
  mayReturn = true;
}

/** Device and inode: the identity of what a descriptor or path leads to. */
export function identityOf(fd: number): string {
  const { dev, ino } = fstatSync(fd);
  return `${dev}:${ino}`;
}

/** Goes back to where the thread was. Going on in another namespace would program the wrong network: nothing else is safe. */
export function returnTo(fd: number): void {
  if (setns(fd, CLONE_NEWNET) < 0) {
    writeSync(2, `fatal: cannot return to the own network namespace (errno ${lastErrno()})\n`);
    process.abort();
  }
  current = fd;
}

/** Where the thread is now, to give to `returnTo`. */
export function currentDescriptor(): number {
  return current;
}

function gone(operation: string, cause?: unknown): KernelError {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  if (code && code !== 'ENOENT' && code !== 'ESRCH') return new KernelError(errnoNumber(code), { operation, cause });
  return new KernelError(errnoNumber('ENOENT'), {
    operation,
    explanation: 'the namespace is gone',
    hint: '',
    retriable: true,
  });
}
