/**
 * Sends several buffers as one netlink message train without copying them together: a transaction of 60,000 elements is
 * 6 MB, and every page of fresh memory costs.
 */

import { KernelError } from '../errors.ts';
import type { NetlinkSocket } from '../netlink/socket.ts';
import { addressOf, lastErrno, sendmsg } from '../syscall/libc.ts';

/** Length of `struct iovec` and of `struct msghdr` on 64-bit Linux. */
const vectorLength = 16;
const headerLength = 56;

/**
 * From another thread. The buffers must be outside of the JavaScript heap (`Buffer.allocUnsafeSlow`, or larger than 64 bytes), since
 * the kernel gets their addresses, and must not change until this resolves.
 */
export function sendGathered(socket: NetlinkSocket, pieces: readonly Uint8Array[]): Promise<void> {
  const vectors = Buffer.allocUnsafeSlow(pieces.length * vectorLength);
  pieces.forEach((piece, at) => {
    vectors.writeBigUInt64LE(addressOf(piece), at * vectorLength);
    vectors.writeBigUInt64LE(BigInt(piece.length), at * vectorLength + 8);
  });
  const header = Buffer.alloc(headerLength);
  header.writeBigUInt64LE(addressOf(vectors), 16);
  header.writeBigUInt64LE(BigInt(pieces.length), 24);
  return new Promise((resolve, reject) => {
    sendmsg.async(socket.fd, header, 0, (error, result) => {
      // Named here so that they live as long as the kernel reads them.
      const sent = result >= 0 && pieces.length > 0 && vectors.length > 0;
      if (error) reject(error);
      else if (sent) resolve();
      else reject(new KernelError(lastErrno(), { operation: 'send a netlink message' }));
    });
  });
}
