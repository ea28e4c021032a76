/** Sends small UDP datagrams as fast as one thread can: `node kernel-sender.ts ADDRESS MS`, in the namespace of the sender. */

import koffi from 'koffi';
import * as libc from '../src/kernel/syscall/libc.ts';

const batch = 64;
const payload = Buffer.alloc(22);

const [, , address = '', duration = '1000'] = process.argv;
const sendmmsg = koffi
  .load('libc.so.6')
  .func('int sendmmsg(int fd, void *messages, unsigned int count, int flags)') as unknown as (
  fd: number,
  messages: Buffer,
  count: number,
  flags: number,
) => number;

const fd = libc.check(libc.socket(2, 2, 0), 'socket');
const peer = Buffer.alloc(16);
peer.writeUInt16LE(2, 0);
peer.writeUInt16BE(9, 2);
peer.set(address.split('.').map(Number), 4);
libc.check(libc.connect(fd, peer, peer.length), `connect to ${address}`);

// struct iovec, and struct mmsghdr of 64 bytes each on 64-bit machines.
const vector = Buffer.alloc(16);
vector.writeBigUInt64LE(libc.addressOf(payload), 0);
vector.writeBigUInt64LE(BigInt(payload.length), 8);
const messages = Buffer.alloc(64 * batch);
for (let index = 0; index < batch; index++) {
  messages.writeBigUInt64LE(libc.addressOf(vector), index * 64 + 16);
  messages.writeBigUInt64LE(1n, index * 64 + 24);
}
for (const end = performance.now() + Number(duration); performance.now() < end; ) {
  // What the peer's ICMP errors do to the socket is of no interest.
  sendmmsg(fd, messages, batch, 0);
}
libc.close(fd);
