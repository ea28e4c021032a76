import { KernelError } from '../errors.ts';
import { HOST_LITTLE } from '../netlink/encoder.ts';
import { errnoNumber } from './errno.ts';
import {
  AF_INET,
  check,
  close,
  connect,
  send,
  setsockopt,
  SOCK_CLOEXEC,
  SOCK_RAW,
  SOL_SOCKET,
  socket,
} from './libc.ts';

/**
 * Sends an IP packet with its header, from the stack of the namespace the thread is in (use `driver.within`). KernelError: there is no
 * route (ENETUNREACH), or a filter dropped it (EPERM).
 */
export function sendIp(packet: Uint8Array, destination: Uint8Array, device?: string): void {
  const isIpv4 = destination.length === 4;
  const operation = 'send a packet';
  const fd = check(socket(isIpv4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW), operation);
  try {
    if (device !== undefined) {
      const name = Buffer.from(`${device}\0`);
      if (name.length > 16) throw new KernelError(errnoNumber('ENAMETOOLONG'), { operation });
      check(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, name.length), operation);
    }
    // struct sockaddr_in, struct sockaddr_in6; a raw socket has no port.
    const address = new Uint8Array(isIpv4 ? 16 : 28);
    new DataView(address.buffer).setUint16(0, isIpv4 ? AF_INET : AF_INET6, HOST_LITTLE);
    address.set(destination, isIpv4 ? 4 : 8);
    check(connect(fd, address, address.length), operation);
    check(send(fd, packet, packet.length, 0), operation);
  } finally {
    close(fd);
  }
}

const AF_INET6 = 10;
const IPPROTO_RAW = 255;
const SO_BINDTODEVICE = 25;
