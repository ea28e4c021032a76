/**
 * nfnetlink sockets that were used a moment ago. Closing one right after a transaction that removed something makes the
 * kernel wait until the removed things are freed (an RCU grace period, 14 ms, in nft_rcv_nl_event), so a socket is kept until
 * that is over; in the meantime it serves the next caller. Not longer, because it keeps its namespace alive.
 */

import { within } from '../namespace/switch.ts';
import type { Namespace } from '../namespace/namespace.ts';
import { NETLINK_NETFILTER, NetlinkSocket } from '../netlink/socket.ts';

/** ms that a socket stays open after its last use. */
const afterlife = 100;
const receiveBuffer = 8 * 1024 * 1024;
const usualRoom = 212_992;

export interface PooledSocket {
  readonly socket: NetlinkSocket;
  /** Bytes that fit into one send. */
  readonly room: number;
  /** Given by the kernel with the first message. */
  port: number | undefined;
}

interface Resting extends PooledSocket {
  readonly timer: NodeJS.Timeout;
}

/** At most one for each namespace. */
const resting = new Map<string, Resting>();

/** A socket of the namespace with room for so many bytes, new or not. */
export function takeSocket(namespace: Namespace, bytes: number): PooledSocket {
  const found = resting.get(namespace.id);
  if (found && found.room >= bytes) {
    resting.delete(namespace.id);
    clearTimeout(found.timer);
    return found;
  }
  // The kernel accounts a little on top.
  const room = Math.max(usualRoom, bytes + 4096);
  const options = { receiveBuffer, sendBuffer: room, strict: false };
  return { room, port: undefined, socket: within(namespace, () => new NetlinkSocket(NETLINK_NETFILTER, options)) };
}

/** Returns a socket from which everything has been received. */
export function giveBack(namespace: Namespace, { socket, room, port }: PooledSocket): void {
  if (resting.has(namespace.id)) return closeLater(socket);
  const timer = setTimeout(() => {
    resting.delete(namespace.id);
    socket.close();
  }, afterlife);
  timer.unref();
  resting.set(namespace.id, { socket, room, port, timer });
}

/** Closes a socket when that takes no time any more. The end of the process does it as well. */
export function closeLater(socket: NetlinkSocket): void {
  setTimeout(() => socket.close(), afterlife).unref();
}

/** Closes what is resting, for whoever must leave nothing open. May take an RCU grace period. */
export function closeResting(): void {
  for (const { socket, timer } of resting.values()) {
    clearTimeout(timer);
    socket.close();
  }
  resting.clear();
}
