/** The C library, through koffi. A call costs 0.2 µs; `async` variants run in libuv's thread pool (about 30 µs). */

import koffi from 'koffi';
import { KernelError } from '../errors.ts';

const libc = koffi.load('libc.so.6');

type Bytes = Uint8Array | null;

/** A call that can also run in libuv's thread pool. `errno` of the pool's call is set when the callback runs. */
export interface AsyncCall<A extends unknown[]> {
  (...args: A): number;
  async(...args: [...A, (error: Error | null, result: number) => void]): void;
}

export const socket = libc.func('int socket(int domain, int type, int protocol)') as (
  domain: number,
  type: number,
  protocol: number,
) => number;
export const bind = libc.func('int bind(int fd, const void *address, uint32_t length)') as (
  fd: number,
  address: Bytes,
  length: number,
) => number;
export const connect = libc.func('int connect(int fd, const void *address, uint32_t length)') as (
  fd: number,
  address: Bytes,
  length: number,
) => number;
export const setsockopt = libc.func(
  'int setsockopt(int fd, int level, int option, const void *value, uint32_t length)',
) as (fd: number, level: number, option: number, value: Bytes, length: number) => number;
export const getsockopt = libc.func('int getsockopt(int fd, int level, int option, void *value, void *length)') as (
  fd: number,
  level: number,
  option: number,
  value: Bytes,
  length: Bytes,
) => number;
export const send = libc.func('long send(int fd, const void *bytes, size_t length, int flags)') as AsyncCall<
  [number, Bytes, number, number]
>;
export const recv = libc.func('long recv(int fd, void *bytes, size_t length, int flags)') as (
  fd: number,
  bytes: Bytes,
  length: number,
  flags: number,
) => number;
export const sendmsg = libc.func('long sendmsg(int fd, const void *message, int flags)') as AsyncCall<
  [number, Bytes, number]
>;
export const recvmsg = libc.func('long recvmsg(int fd, void *message, int flags)') as (
  fd: number,
  message: Bytes,
  flags: number,
) => number;
export const ioctl = libc.func('int ioctl(int fd, unsigned long request, void *argument)') as (
  fd: number,
  request: number,
  argument: Bytes,
) => number;
export const close = libc.func('int close(int fd)') as (fd: number) => number;
export const open = libc.func('int open(const char *path, int flags)') as (path: string, flags: number) => number;
export const read = libc.func('long read(int fd, void *bytes, size_t length)') as (
  fd: number,
  bytes: Bytes,
  length: number,
) => number;
export const write = libc.func('long write(int fd, const void *bytes, size_t length)') as (
  fd: number,
  bytes: Bytes,
  length: number,
) => number;
export const setns = libc.func('int setns(int fd, int type)') as (fd: number, type: number) => number;
export const unshare = libc.func('int unshare(int flags)') as (flags: number) => number;
export const mount = libc.func(
  'int mount(const char *source, const char *target, const char *type, unsigned long flags, const void *data)',
) as (source: string, target: string, type: string | null, flags: number, data: Bytes) => number;
export const umount2 = libc.func('int umount2(const char *target, int flags)') as (
  target: string,
  flags: number,
) => number;

/** errno of the last call of this thread. */
export function lastErrno(): number {
  return koffi.errno();
}

/** The result, or KernelError when it is negative. */
export function check(result: number, operation: string): number {
  if (result < 0) throw new KernelError(koffi.errno(), { operation });
  return result;
}

/** Address of bytes, for structures that contain pointers. The caller keeps the bytes alive (`keepAlive` after the call). */
export function addressOf(bytes: Uint8Array): bigint {
  return BigInt(koffi.address(bytes));
}

/** Bytes whose address the kernel was given must not be collected before this. */
export function keepAlive(bytes: Uint8Array): void {
  kept.bytes = bytes;
}
const kept: { bytes?: Uint8Array } = {};

export interface Poll {
  /** Whether this keeps the process alive. */
  ref(): void;
  unref(): void;
  close(): void;
}

/** Calls `ready` from the event loop whenever the descriptor can be read. Does not keep the process alive. */
export function pollReadable(fd: number, ready: () => void): Poll {
  const handle = koffi.node.poll(fd, { readable: true }, ready);
  handle.unref();
  return handle;
}

export const SOL_SOCKET = 1;
export const SO_SNDBUF = 7;
export const SO_RCVBUF = 8;
export const SO_SNDBUFFORCE = 32;
export const SO_RCVBUFFORCE = 33;
export const AF_INET = 2;
export const AF_NETLINK = 16;
export const SOCK_RAW = 3;
export const SOCK_DGRAM = 2;
export const SOCK_CLOEXEC = 0x80000;
export const MSG_DONTWAIT = 0x40;
export const CLONE_NEWNET = 0x40000000;
