import { closeSync, openSync } from 'node:fs';
import { KernelError } from '../errors.ts';
import { HOST_LITTLE } from '../netlink/encoder.ts';
import { errnoNumber } from './errno.ts';
import { check, ioctl } from './libc.ts';

/**
 * Makes a persistent tun or tap device in the namespace the thread is in (use `driver.within`); it stays until the link is
 * deleted. Netlink cannot make these.
 */
export function createTunTap(name: string, kind: 'tun' | 'tap'): void {
  const { fd, operation } = attach(name, kind);
  try {
    check(ioctlNumber(fd, TUNSETPERSIST), operation);
  } finally {
    closeSync(fd);
  }
}

/** As `createTunTap`, and gone with the descriptor that is returned, at the latest with this process. What is written to it comes in. */
export function openTap(name: string): number {
  return attach(name, 'tap').fd;
}

function attach(name: string, kind: 'tun' | 'tap'): { readonly fd: number; readonly operation: string } {
  const operation = `create ${kind} ${name}`;
  if (Buffer.byteLength(name) > 15) throw new KernelError(errnoNumber('ENAMETOOLONG'), { operation });
  let fd: number;
  try {
    fd = openSync('/dev/net/tun', 'r+');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'EIO';
    throw new KernelError(errnoNumber(code), { operation, explanation: '/dev/net/tun cannot be opened', cause });
  }
  try {
    // struct ifreq: name, then the flags
    const request = new Uint8Array(40);
    new TextEncoder().encodeInto(name, request);
    const flags = (kind === 'tun' ? IFF_TUN : IFF_TAP) | IFF_NO_PI | IFF_TUN_EXCL;
    new DataView(request.buffer).setUint16(16, flags, HOST_LITTLE);
    check(ioctl(fd, TUNSETIFF, request), operation);
    return { fd, operation };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** The argument is a number that is not zero; any pointer is. */
function ioctlNumber(fd: number, request: number): number {
  return ioctl(fd, request, new Uint8Array(8));
}

const TUNSETIFF = 0x400454ca;
const TUNSETPERSIST = 0x400454cb;
const IFF_TUN = 0x0001;
const IFF_TAP = 0x0002;
const IFF_NO_PI = 0x1000;
const IFF_TUN_EXCL = 0x8000;
