import { HOST_LITTLE } from '../netlink/encoder.ts';
import { bind, check, close, send, SOCK_CLOEXEC, SOCK_RAW, socket } from './libc.ts';

/** Sends an Ethernet frame out of a link of the namespace the thread is in (use `driver.within`). */
export function sendFrame(link: number, frame: Uint8Array): void {
  const operation = `send a frame out of link #${link}`;
  // Protocol 0: it receives nothing.
  const fd = check(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0), operation);
  try {
    // struct sockaddr_ll: family, protocol, index
    const address = new Uint8Array(20);
    const view = new DataView(address.buffer);
    view.setUint16(0, AF_PACKET, HOST_LITTLE);
    view.setInt32(4, link, HOST_LITTLE);
    check(bind(fd, address, address.length), operation);
    check(send(fd, frame, frame.length, 0), operation);
  } finally {
    close(fd);
  }
}

const AF_PACKET = 17;
