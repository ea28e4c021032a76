import { KernelError, isKernelError } from '../errors.ts';
import type { Ledger } from '../ledger.ts';
import type { Namespace } from '../namespace/namespace.ts';
import { within } from '../namespace/switch.ts';
import * as libc from '../syscall/libc.ts';
import { errnoNumber } from '../syscall/errno.ts';
import type { Sysctls } from './sysctl.ts';

interface Write {
  readonly path: string;
  /** Undefined: back to the original. */
  readonly value: string | undefined;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * /proc/sys/net shows the namespace of the thread that opens a file in it, so reading and writing enter the namespace: all
 * writes of one turn of the event loop at once.
 *
 * Ledger keys: `sysctl/<namespace key>/<path>`. `ledgerKey` names the namespace across restarts.
 */
export class NamespaceSysctls implements Sysctls {
  readonly #namespace: Namespace;
  readonly #ledger: Ledger;
  readonly #prefix: string;
  #queue: Write[] = [];
  #flushing: Promise<void> | undefined;

  constructor(namespace: Namespace, ledger: Ledger, ledgerKey: string) {
    this.#namespace = namespace;
    this.#ledger = ledger;
    this.#prefix = `sysctl/${ledgerKey}/`;
  }

  get busy(): boolean {
    return this.#flushing !== undefined;
  }

  async read(path: string): Promise<string | undefined> {
    const file = fileOf(path);
    return within(this.#namespace, () => readFile(file));
  }

  write(path: string, value: string | number): Promise<void> {
    return this.#put(path, String(value));
  }

  restore(path: string): Promise<void> {
    return this.#put(path, undefined);
  }

  async restoreAll(): Promise<void> {
    await Promise.all(
      this.#ledger.entries(this.#prefix).map(([key]) => this.#restoreUnlessGone(key.slice(this.#prefix.length))),
    );
  }

  async #restoreUnlessGone(path: string): Promise<void> {
    try {
      await this.restore(path);
    } catch (error) {
      if (!isKernelError(error, 'ENOENT')) throw error;
      await this.#ledger.delete(this.#prefix + path);
    }
  }

  #put(path: string, value: string | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      fileOf(path);
      this.#queue.push({ path, value, resolve, reject });
      this.#flushing ??= this.#flush();
    });
  }

  async #flush(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      const writes = this.#queue.splice(0, 200);
      try {
        await this.#remember(writes);
        within(this.#namespace, () => this.#apply(writes));
        await this.#forget(writes);
        for (const write of writes) write.resolve();
      } catch (error) {
        for (const write of writes) write.reject(error);
      }
    }
    this.#flushing = undefined;
  }

  /** Original values go to the ledger before anything is changed. */
  async #remember(writes: readonly Write[]): Promise<void> {
    const fresh = writes.filter(
      ({ path, value }) => value !== undefined && this.#ledger.get(this.#prefix + path) === undefined,
    );
    if (fresh.length === 0) return;
    const originals = within(this.#namespace, () => new Map(fresh.map(({ path }) => [path, readFile(fileOf(path))])));
    await Promise.all(
      [...originals].map(async ([path, original]) => {
        if (original !== undefined) await this.#ledger.set(this.#prefix + path, original);
      }),
    );
  }

  #apply(writes: readonly Write[]): void {
    for (const { path, value, reject } of writes) {
      try {
        const wanted = value ?? this.#ledger.get(this.#prefix + path);
        if (wanted !== undefined) writeFile(path, wanted, this.#namespace.label);
      } catch (error) {
        reject(error);
      }
    }
  }

  async #forget(writes: readonly Write[]): Promise<void> {
    const restored = writes.filter(({ value }) => value === undefined);
    await Promise.all(restored.map(({ path }) => this.#ledger.delete(this.#prefix + path)));
  }
}

/** Nothing outside /proc/sys, whatever an interface is called. */
function fileOf(path: string): string {
  if (path.split('/').some((segment) => segment === '' || segment === '.' || segment === '..') || path.includes('\0')) {
    throw new KernelError(errnoNumber('EINVAL'), {
      operation: `use kernel parameter ${path}`,
      explanation: 'not a path of names',
      hint: '',
    });
  }
  return `/proc/sys/${path}`;
}

const CONTENT = Buffer.allocUnsafeSlow(4096);

function readFile(file: string): string | undefined {
  const fd = libc.open(file, O_RDONLY_CLOEXEC);
  if (fd < 0) {
    const errno = libc.lastErrno();
    if (errno === errnoNumber('ENOENT')) return undefined;
    throw new KernelError(errno, { operation: `read ${file}` });
  }
  try {
    const length = libc.check(libc.read(fd, CONTENT, CONTENT.length), `read ${file}`);
    return CONTENT.toString('latin1', 0, length).replace(/\n$/, '');
  } finally {
    libc.close(fd);
  }
}

function writeFile(path: string, value: string, where: string): void {
  const operation = `set kernel parameter ${path} to ${value} in ${where}`;
  const fd = libc.open(`/proc/sys/${path}`, O_WRONLY_CLOEXEC);
  if (fd < 0) throw failure(operation);
  try {
    const bytes = Buffer.from(`${value}\n`, 'latin1');
    if (libc.write(fd, bytes, bytes.length) < 0) throw failure(operation);
  } finally {
    libc.close(fd);
  }
}

function failure(operation: string): KernelError {
  const errno = libc.lastErrno();
  if (errno === errnoNumber('ENOENT')) {
    return new KernelError(errno, {
      operation,
      hint: 'this kernel has no such parameter, or the interface is gone',
      retriable: true,
    });
  }
  return new KernelError(errno, { operation });
}

const O_CLOEXEC = 0o2000000;
const O_RDONLY_CLOEXEC = O_CLOEXEC;
const O_WRONLY_CLOEXEC = 1 | O_CLOEXEC;
