/** The system calls a host of the lab needs and Node does not have. All act on the calling thread. */
import koffi from 'koffi';

const libc = koffi.load('libc.so.6');

type Call<Args extends readonly unknown[]> = (...args: Args) => number;

const c = {
  unshare: libc.func('int unshare(int flags)') as Call<[number]>,
  gettid: libc.func('int gettid()') as Call<[]>,
  socket: libc.func('int socket(int domain, int type, int protocol)') as Call<[number, number, number]>,
  bind: libc.func('int bind(int fd, const void *address, uint32_t length)') as Call<[number, Buffer, number]>,
  sendto: libc.func(
    'int64_t sendto(int fd, const void *data, size_t length, int flags, const void *address, uint32_t size)',
  ) as Call<[number, Uint8Array, number, number, Buffer | null, number]>,
  recvfrom: libc.func(
    'int64_t recvfrom(int fd, _Out_ void *data, size_t length, int flags, _Out_ void *from, _Inout_ uint32_t *size)',
  ) as Call<[number, Buffer, number, number, Buffer, [number]]>,
  recvmsg: libc.func('int64_t recvmsg(int fd, void *message, int flags)') as Call<[number, Buffer, number]>,
  setsockopt: libc.func('int setsockopt(int fd, int level, int name, const void *value, uint32_t length)') as Call<
    [number, number, number, Buffer, number]
  >,
  getsockopt: libc.func(
    'int getsockopt(int fd, int level, int name, _Out_ void *value, _Inout_ uint32_t *length)',
  ) as Call<[number, number, number, Buffer, [number]]>,
  close: libc.func('int close(int fd)') as Call<[number]>,
  mount: libc.func(
    'int mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data)',
  ) as Call<[string, string, string | null, number, string | null]>,
  umount: libc.func('int umount2(const char *target, int flags)') as Call<[string, number]>,
};

/** errno names that tests meet; others show as numbers. */
const names: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(koffi.os.errno).map(([name, number]) => [number, name]),
);

/** A system call that failed; `code` is the errno name as in Node's own errors, e.g. `EPERM`. */
export class SystemCallError extends Error {
  readonly code: string;

  constructor(call: string, errno: number, about: string) {
    const code = names[errno] ?? String(errno);
    super(`${call} ${about}: ${code}`);
    this.name = 'SystemCallError';
    this.code = code;
  }
}

function check(result: number, call: string, about = ''): number {
  if (result < 0) throw new SystemCallError(call, koffi.errno(), about);
  return result;
}

const newNetworkNamespace = 0x40000000;
const bindMount = 4096;
const detach = 2;

/** Moves this thread, and what it opens and starts from now on, into a new network namespace. */
export function enterNewNetworkNamespace(): void {
  check(c.unshare(newNetworkNamespace), 'unshare', '(a new network namespace needs root, or `unshare -Urnm`)');
}

export function threadId(): number {
  return c.gettid();
}

export function openSocket(domain: number, type: number, protocol: number): number {
  return check(c.socket(domain, type, protocol), 'socket', `${domain} ${type} ${protocol}`);
}

export function bindSocket(fd: number, address: Buffer): void {
  check(c.bind(fd, address, address.length), 'bind');
}

/** To a socket address, or to where the socket is bound or connected. */
export function sendTo(fd: number, data: Uint8Array, address?: Buffer): void {
  check(c.sendto(fd, data, data.length, 0, address ?? null, address?.length ?? 0), 'send', `${data.length} bytes`);
}

/** Bytes received into `data`, with the sender's address in `from`; undefined when nothing is waiting. */
export function receive(fd: number, data: Buffer, from: Buffer): number | undefined {
  return received(c.recvfrom(fd, data, data.length, dontWait, from, [from.length]), 'recvfrom', fd);
}

/** As `receive`, by a struct msghdr. */
export function receiveMessage(fd: number, message: Buffer): number | undefined {
  return received(c.recvmsg(fd, message, dontWait), 'recvmsg', fd);
}

const dontWait = 0x40;

function received(length: number, call: string, fd: number): number | undefined {
  if (length >= 0) return length;
  const code = names[koffi.errno()];
  if (code === 'EAGAIN' || code === 'EWOULDBLOCK' || code === 'EINTR' || code === 'ENETDOWN') return undefined;
  throw new SystemCallError(call, koffi.errno(), `socket ${fd}`);
}

export function setOption(fd: number, level: number, name: number, value: Buffer): void {
  check(c.setsockopt(fd, level, name, value, value.length), 'setsockopt', `${level} ${name}`);
}

export function getOption(fd: number, level: number, name: number, size: number): Buffer {
  const value = Buffer.alloc(size);
  check(c.getsockopt(fd, level, name, value, [size]), 'getsockopt', `${level} ${name}`);
  return value;
}

export function closeSocket(fd: number): void {
  check(c.close(fd), 'close', String(fd));
}

export function bindMountOnto(source: string, target: string): void {
  check(c.mount(source, target, null, bindMount, null), 'mount', target);
}

export function mountMemory(target: string): void {
  check(c.mount('tmpfs', target, 'tmpfs', 0, 'mode=0755'), 'mount', target);
}

export function unmount(target: string): void {
  check(c.umount(target, detach), 'umount', target);
}
