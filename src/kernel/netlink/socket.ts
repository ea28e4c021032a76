/** A netlink socket. It belongs to the namespace the thread is in when it is opened, and keeps that namespace alive. */

import { KernelError } from '../errors.ts';
import * as libc from '../syscall/libc.ts';
import { errnoName } from '../syscall/errno.ts';

export const NETLINK_ROUTE = 0;
export const NETLINK_XFRM = 6;
export const NETLINK_NETFILTER = 12;
export const NETLINK_GENERIC = 16;

export interface NetlinkSocketOptions {
  /** Wanted receive and send buffers in bytes. More than net.core.rmem_max needs CAP_NET_ADMIN in the first user namespace. */
  readonly receiveBuffer?: number;
  readonly sendBuffer?: number;
  /** Check dump requests strictly, which is also what makes their filters work. Default true. */
  readonly strict?: boolean;
}

export class NetlinkSocket {
  readonly fd: number;

  /** Opens it in the namespace the thread is in. */
  constructor(protocol: number, options: NetlinkSocketOptions = {}) {
    this.fd = libc.check(
      libc.socket(libc.AF_NETLINK, libc.SOCK_RAW | libc.SOCK_CLOEXEC, protocol),
      'open a netlink socket',
    );
    // Errors then carry the kernel's explanation, and not the whole message they are about.
    this.#option(NETLINK_EXT_ACK);
    this.#option(NETLINK_CAP_ACK);
    if (options.strict !== false) this.#option(NETLINK_GET_STRICT_CHK);
    if (protocol === NETLINK_ROUTE) this.#bind();
    if (options.receiveBuffer) this.#buffer(libc.SO_RCVBUFFORCE, libc.SO_RCVBUF, options.receiveBuffer);
    if (options.sendBuffer) this.#buffer(libc.SO_SNDBUFFORCE, libc.SO_SNDBUF, options.sendBuffer);
  }

  /** A port id that says "this process" in the events that our own requests cause; see events/filter.ts. */
  #bind(): void {
    for (let attempt = 0; attempt < 256; attempt++) {
      SOCKET_ADDRESS[1] = (PORT_TAG << 8) | nextPort;
      nextPort = (nextPort + 1) & 0xff;
      if (libc.bind(this.fd, SOCKET_ADDRESS_BYTES, 12) === 0) return;
      if (errnoName(libc.lastErrno()) !== 'EADDRINUSE') break;
    }
    const errno = libc.lastErrno();
    libc.close(this.fd);
    throw new KernelError(errno, { operation: 'bind a netlink socket' });
  }

  /** Sends; the kernel has carried it out when this returns. */
  send(bytes: Uint8Array, length: number): void {
    libc.check(libc.send(this.fd, bytes, length, 0), 'send a netlink message');
  }

  /** As `send`, from another thread. `bytes` must not change until it resolves. */
  sendAsync(bytes: Uint8Array, length: number): Promise<void> {
    return new Promise((resolve, reject) => {
      libc.send.async(this.fd, bytes, length, 0, (error, result) => {
        if (error) reject(error);
        else if (result < 0) reject(new KernelError(libc.lastErrno(), { operation: 'send a netlink message' }));
        else resolve();
      });
    });
  }

  /** Receives what is there: its length, or -1 when there is nothing. Throws KernelError ENOBUFS when messages were lost. */
  receive(buffer: Buffer): number {
    for (;;) {
      const length = libc.recv(this.fd, buffer, buffer.length, libc.MSG_DONTWAIT);
      if (length >= 0) return length;
      const errno = libc.lastErrno();
      const code = errnoName(errno);
      if (code === 'EAGAIN') return -1;
      if (code !== 'EINTR') throw new KernelError(errno, { operation: 'receive from a netlink socket' });
    }
  }

  /** Joins a multicast group (RTNLGRP_...). */
  join(group: number): void {
    libc.check(this.#set(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group), `join netlink group ${group}`);
  }

  /** Leaves a multicast group. */
  leave(group: number): void {
    libc.check(this.#set(SOL_NETLINK, NETLINK_DROP_MEMBERSHIP, group), `leave netlink group ${group}`);
  }

  /** Receive events of all namespaces that have an id here. */
  listenToAll(): void {
    libc.check(this.#set(SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, 1), 'listen to all namespaces');
  }

  /**
   * Do not report lost messages as an error: libuv stops watching a socket that has one. `lostMessages` counts them.
   */
  countLostMessages(): void {
    libc.check(this.#set(SOL_NETLINK, NETLINK_NO_ENOBUFS, 1), 'count lost messages');
  }

  /** How many messages did not fit into the receive buffer, ever (SO_MEMINFO). */
  lostMessages(): number {
    MEMORY_LENGTH[0] = MEMORY.byteLength;
    libc.check(
      libc.getsockopt(this.fd, libc.SOL_SOCKET, SO_MEMINFO, MEMORY_BYTES, MEMORY_LENGTH_BYTES),
      'read socket statistics',
    );
    return MEMORY[SK_MEMINFO_DROPS]!;
  }

  close(): void {
    libc.close(this.fd);
  }

  /** Options of newer kernels: without them things work, with less explanation. */
  #option(option: number): void {
    this.#set(SOL_NETLINK, option, 1);
  }

  #buffer(force: number, plain: number, size: number): void {
    if (this.#set(libc.SOL_SOCKET, force, size) < 0) this.#set(libc.SOL_SOCKET, plain, size);
  }

  #set(level: number, option: number, value: number): number {
    VALUE[0] = value;
    return libc.setsockopt(this.fd, level, option, VALUE_BYTES, 4);
  }
}

/** Upper 24 bits of the port ids of this process' NETLINK_ROUTE sockets. A process id has at most 22 bits. */
export const PORT_TAG = 0x800000 | process.pid;
let nextPort = 0;

/** struct sockaddr_nl: family and padding, port id, groups */
const SOCKET_ADDRESS = new Uint32Array(3);
const SOCKET_ADDRESS_BYTES = new Uint8Array(SOCKET_ADDRESS.buffer);
new Uint16Array(SOCKET_ADDRESS.buffer)[0] = libc.AF_NETLINK;

const VALUE = new Uint32Array(1);
const VALUE_BYTES = new Uint8Array(VALUE.buffer);

const MEMORY = new Uint32Array(9);
const MEMORY_BYTES = new Uint8Array(MEMORY.buffer);
const MEMORY_LENGTH = new Uint32Array(1);
const MEMORY_LENGTH_BYTES = new Uint8Array(MEMORY_LENGTH.buffer);
const SO_MEMINFO = 55;
const SK_MEMINFO_DROPS = 8;

const SOL_NETLINK = 270;
const NETLINK_NO_ENOBUFS = 5;
const NETLINK_ADD_MEMBERSHIP = 1;
const NETLINK_DROP_MEMBERSHIP = 2;
const NETLINK_LISTEN_ALL_NSID = 8;
const NETLINK_CAP_ACK = 10;
const NETLINK_EXT_ACK = 11;
const NETLINK_GET_STRICT_CHK = 12;
