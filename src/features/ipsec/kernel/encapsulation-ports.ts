/** UDP ports that ESP comes in by: the kernel takes it only from a socket that somebody holds for it. */

import type { Ip } from '../../../model/address.ts';
import type { Key } from '../../../model/key.ts';
import { isKernelError, KernelError } from '../../../kernel/errors.ts';
import type { KernelDriver } from '../../../kernel/driver.ts';
import { Users } from '../../../kernel/ownership/users.ts';
import * as libc from '../../../kernel/syscall/libc.ts';

export class EncapsulationPorts {
  readonly #driver: KernelDriver;
  readonly #users = new Users<string, Key>();
  readonly #sockets = new Map<string, number>();

  constructor(driver: KernelDriver) {
    this.#driver = driver;
  }

  /** Holds the port at an address, if it is one of this router. */
  hold(key: Key, address: Ip, port: number): void {
    const id = `${address.family} ${port}`;
    if (!this.#users.join(id, key)) return;
    try {
      const fd = this.#driver.within(this.#driver.vswitch, () => open(address.family, port));
      this.#sockets.set(id, fd);
    } catch (error) {
      this.#users.leave(id, key);
      // An IKE daemon has it, and does the same.
      if (!isKernelError(error, 'EADDRINUSE')) throw error;
    }
  }

  release(key: Key, address: Ip, port: number): void {
    const id = `${address.family} ${port}`;
    if (!this.#users.leave(id, key)) return;
    const fd = this.#sockets.get(id);
    if (fd !== undefined) libc.close(fd);
    this.#sockets.delete(id);
  }

  close(): void {
    for (const fd of this.#sockets.values()) libc.close(fd);
    this.#sockets.clear();
  }
}

function open(family: 4 | 6, port: number): number {
  const operation = `hold UDP port ${port} for ESP (IPv${family})`;
  const fd = libc.check(
    libc.socket(family === 4 ? libc.AF_INET : AF_INET6, libc.SOCK_DGRAM | libc.SOCK_CLOEXEC, 0),
    operation,
  );
  try {
    if (family === 6) libc.check(libc.setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, int(1), 4), operation);
    const address = socketAddress(family, port);
    libc.check(libc.bind(fd, address, address.length), operation);
    libc.check(libc.setsockopt(fd, SOL_UDP, UDP_ENCAP, int(UDP_ENCAP_ESPINUDP), 4), operation);
    return fd;
  } catch (error) {
    libc.close(fd);
    throw error instanceof KernelError ? error : new Error(operation, { cause: error });
  }
}

/** `struct sockaddr_in` or `struct sockaddr_in6` of any address. */
function socketAddress(family: 4 | 6, port: number): Uint8Array {
  const address = Buffer.alloc(family === 4 ? 16 : 28);
  new Uint16Array(address.buffer, address.byteOffset, 1)[0] = family === 4 ? libc.AF_INET : AF_INET6;
  address.writeUInt16BE(port, 2);
  return address;
}

function int(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

const AF_INET6 = 10;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;
const SOL_UDP = 17;
const UDP_ENCAP = 100;
const UDP_ENCAP_ESPINUDP = 2;
