/**
 * Gets VPP's memory from its stats socket: VPP answers every connection with one memfd (SCM_RIGHTS) and hangs up. Node has neither
 * SOCK_SEQPACKET nor descriptors in messages, so this goes through koffi, which is loaded when it is first needed.
 */

import { closeSync, fstatSync, readSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type koffiModule from 'koffi';
import { VppError } from '../errors.ts';
import type { SegmentSource } from './segment.ts';

const AF_UNIX = 1;
const SOCK_SEQPACKET_CLOEXEC_NONBLOCK = 5 | 0x80000 | 0x800;
const SOL_SOCKET = 1;
const SCM_RIGHTS = 1;
const SO_PEERCRED = 17;
const MSG_DONTWAIT_CMSG_CLOEXEC = 0x40 | 0x4000_0000;
const EAGAIN = 11;
const EPROTOTYPE = 91;
/** sun_path, with its NUL. */
const LONGEST_PATH = 107;

/** The segment of a running VPP. */
export interface AttachedSegment extends SegmentSource {
  /** Why this is no longer the memory of the VPP behind the socket; undefined: it still is. */
  stale(): string | undefined;
  close(): void;
}

/**
 * @param timeout ms until VPP has to answer.
 * @throws VppError `unreachable` (nobody there, no permission, another kind of socket), `timeout`, `unavailable` (no koffi).
 */
export async function attachSegment(path: string, timeout: number): Promise<AttachedSegment> {
  if (Buffer.byteLength(path) > LONGEST_PATH) {
    throw new VppError('unreachable', `stats socket ${path}: a path of at most ${LONGEST_PATH} bytes is possible`, {
      retriable: false,
    });
  }
  const libc = await loadLibc();
  const identity = identityOf(path);
  const socket = libc.socket(AF_UNIX, SOCK_SEQPACKET_CLOEXEC_NONBLOCK, 0);
  if (socket < 0) throw unreachable(path, libc, libc.errno());
  try {
    const end = performance.now() + timeout;
    await connect(libc, socket, path, end);
    const pid = peerOf(libc, socket);
    await readable(libc, socket, path, end);
    return new Memory(path, receive(libc, socket, path), pid, identity);
  } finally {
    closeSync(socket);
  }
}

class Memory implements AttachedSegment {
  readonly size: number;
  readonly #path: string;
  readonly #fd: number;
  readonly #pid: number;
  readonly #identity: string | undefined;
  #isOpen = true;

  constructor(path: string, fd: number, pid: number, identity: string | undefined) {
    this.#path = path;
    this.#fd = fd;
    this.#pid = pid;
    this.#identity = identity;
    this.size = fstatSync(fd).size;
  }

  read(target: Uint8Array, at: number): number {
    return readSync(this.#fd, target, 0, target.length, at);
  }

  stale(): string | undefined {
    // The memory outlives its VPP. 0: a VPP that this process cannot see (another PID namespace).
    if (this.#pid !== 0 && !isAlive(this.#pid)) return `VPP (process ${this.#pid}) has ended`;
    const identity = identityOf(this.#path);
    if (identity === undefined && this.#pid !== 0) return undefined;
    return identity === this.#identity ? undefined : 'the socket is that of another VPP';
  }

  close(): void {
    if (this.#isOpen) closeSync(this.#fd);
    this.#isOpen = false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Every start of VPP makes the socket file anew. */
function identityOf(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}:${found.birthtimeNs}`;
}

async function connect(libc: Libc, socket: number, path: string, end: number): Promise<void> {
  const address = Buffer.alloc(110);
  address.writeUInt16LE(AF_UNIX);
  address.write(path, 2);
  while (libc.connect(socket, address, address.length) < 0) {
    const errno = libc.errno();
    // EAGAIN: too many wait for VPP's main thread already.
    if (errno !== EAGAIN) throw unreachable(path, libc, errno);
    if (performance.now() > end) throw new VppError('timeout', `stats socket ${path}: VPP accepts no connection`);
    await delay(5);
  }
}

/** Process id of who listens; 0 when it is not to be seen from here. */
function peerOf(libc: Libc, socket: number): number {
  const credentials = Buffer.alloc(12);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(credentials.length);
  return libc.getsockopt(socket, SOL_SOCKET, SO_PEERCRED, credentials, length) < 0 ? 0 : credentials.readInt32LE();
}

function readable(libc: Libc, socket: number, path: string, end: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const poll = libc.koffi.node.poll(socket, { readable: true }, () => finish());
    const timer = setTimeout(
      () => finish(new VppError('timeout', `stats socket ${path}: VPP does not answer`)),
      Math.max(0, end - performance.now()),
    );
    function finish(error?: VppError): void {
      clearTimeout(timer);
      poll.close();
      if (error) reject(error);
      else resolve();
    }
  });
}

/** struct msghdr, iovec and cmsghdr of 64-bit Linux. */
function receive(libc: Libc, socket: number, path: string): number {
  const data = Buffer.alloc(16);
  const control = Buffer.alloc(64);
  const vector = Buffer.alloc(16);
  vector.writeBigUInt64LE(libc.address(data), 0);
  vector.writeBigUInt64LE(BigInt(data.length), 8);
  const message = Buffer.alloc(56);
  message.writeBigUInt64LE(libc.address(vector), 16);
  message.writeBigUInt64LE(1n, 24);
  message.writeBigUInt64LE(libc.address(control), 32);
  message.writeBigUInt64LE(BigInt(control.length), 40);
  if (libc.recvmsg(socket, message, MSG_DONTWAIT_CMSG_CLOEXEC) < 0) throw unreachable(path, libc, libc.errno());
  libc.keepAlive(data, control, vector);
  const received = Number(message.readBigUInt64LE(40));
  const isDescriptor =
    received >= 20 && control.readInt32LE(8) === SOL_SOCKET && control.readInt32LE(12) === SCM_RIGHTS;
  if (!isDescriptor) {
    throw new VppError('unreachable', `stats socket ${path}: the answer has no memory; it is not VPP's stats socket`);
  }
  return control.readInt32LE(16);
}

function unreachable(path: string, libc: Libc, errno: number): VppError {
  const name = libc.nameOf(errno);
  const hint = errno === EPROTOTYPE ? "; it is another kind of socket than VPP's stats socket" : '';
  return new VppError('unreachable', `stats socket ${path}: ${name}${hint}`);
}

interface Libc {
  readonly koffi: typeof koffiModule;
  socket(domain: number, type: number, protocol: number): number;
  connect(fd: number, address: Uint8Array, length: number): number;
  getsockopt(fd: number, level: number, option: number, value: Uint8Array, length: Uint8Array): number;
  recvmsg(fd: number, message: Uint8Array, flags: number): number;
  address(bytes: Uint8Array): bigint;
  /** Bytes whose address the kernel was given must not be collected before this. */
  keepAlive(...bytes: readonly Uint8Array[]): void;
  errno(): number;
  nameOf(errno: number): string;
}

const kept: { bytes?: readonly Uint8Array[] } = {};
let loaded: Promise<Libc> | undefined;

function loadLibc(): Promise<Libc> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Libc> {
  let koffi: typeof koffiModule;
  try {
    koffi = (await import('koffi')).default;
  } catch (error) {
    throw new VppError('unavailable', "VPP's counters need the optional package koffi", { cause: error });
  }
  const library = koffi.load('libc.so.6');
  const names = new Map(Object.entries(koffi.os.errno).map(([name, errno]) => [errno, name]));
  return {
    koffi,
    socket: library.func('int socket(int domain, int type, int protocol)') as unknown as Libc['socket'],
    connect: library.func('int connect(int fd, const void *address, uint32_t length)') as unknown as Libc['connect'],
    getsockopt: library.func(
      'int getsockopt(int fd, int level, int option, void *value, void *length)',
    ) as unknown as Libc['getsockopt'],
    recvmsg: library.func('long recvmsg(int fd, void *message, int flags)') as unknown as Libc['recvmsg'],
    address: (bytes) => BigInt(koffi.address(bytes)),
    keepAlive: (...bytes) => void (kept.bytes = bytes),
    errno: () => koffi.errno(),
    nameOf: (errno) => names.get(errno) ?? `error ${errno}`,
  };
}
