import { HOST_LITTLE } from '../netlink/encoder.ts';
import { KernelError } from '../errors.ts';
import type { Namespace } from '../namespace/namespace.ts';
import { within } from '../namespace/switch.ts';
import { decodeAddress } from '../netlink/address.ts';
import * as rt from '../netlink/constants.ts';
import { decodeLink } from '../netlink/link.ts';
import { decodeFdb, decodeNeighbour } from '../netlink/neighbour.ts';
import { assignNamespaceId, decodeNamespaceId, getNamespaceId } from '../netlink/nsid.ts';
import { eachMessage } from '../netlink/reader.ts';
import type { MessageView } from '../netlink/reader.ts';
import { decodeRoute } from '../netlink/route.ts';
import { decodeRule } from '../netlink/rule.ts';
import { NETLINK_ROUTE, NetlinkSocket } from '../netlink/socket.ts';
import type { Rtnl } from '../rtnl/port.ts';
import * as libc from '../syscall/libc.ts';
import { errnoName } from '../syscall/errno.ts';
import type { Events, KernelEvent } from './events.ts';
import { dropOwnEvents } from './filter.ts';

/** bytes; 2,000 link events fill the default one twenty times. */
const BUFFER = 8 * 1024 * 1024;
/** ms of reading in one turn of the event loop. */
const TURN = 4;
/** RTNLGRP_...: link, neighbour, IPv4 address, route and rule, IPv6 address, route and rule, namespace id. */
const GROUPS = [1, 3, 5, 7, 8, 9, 11, 19, 28];

interface Watched {
  readonly namespace: Namespace;
  users: number;
  /** As the vswitch calls it; undefined until it is known. */
  id: number | undefined;
  /** To be called then. */
  begun: (() => void)[];
}

/** One socket in the vswitch's namespace for the events of all namespaces, read when libuv says that there is something. */
export class EventListener implements Events {
  readonly #vswitch: Namespace;
  readonly #rtnl: Rtnl;
  readonly #socket: NetlinkSocket;
  readonly #poll: libc.Poll;
  readonly #receiver: Receiver;
  readonly #listeners = new Set<(event: KernelEvent) => void>();
  readonly #watched = new Map<string, Watched>();
  readonly #byId = new Map<number, Watched>();
  readonly #failed: (error: unknown) => void;
  /** Messages lost so far, and whether the ones in the buffer are what remains of a story with gaps. */
  #lost = 0;
  #incomplete = false;

  constructor(vswitch: Namespace, rtnl: Rtnl, failed: (error: unknown) => void) {
    this.#vswitch = vswitch;
    this.#rtnl = rtnl;
    this.#failed = failed;
    this.#socket = within(vswitch, () => new NetlinkSocket(NETLINK_ROUTE, { receiveBuffer: BUFFER }));
    try {
      this.#socket.listenToAll();
      this.#socket.countLostMessages();
      dropOwnEvents(this.#socket.fd);
      for (const group of GROUPS) this.#socket.join(group);
      this.#receiver = new Receiver(this.#socket.fd);
      this.#poll = libc.pollReadable(this.#socket.fd, () => this.#drain());
    } catch (error) {
      this.#socket.close();
      throw error;
    }
  }

  watch(namespace: Namespace, begun?: () => void): () => void {
    if (namespace.id === this.#vswitch.id) {
      if (begun) queueMicrotask(begun);
      return () => {};
    }
    let watched = this.#watched.get(namespace.id);
    if (begun && watched?.id !== undefined) queueMicrotask(begun);
    if (!watched) {
      watched = { namespace, users: 0, id: undefined, begun: [] };
      this.#watched.set(namespace.id, watched);
      this.#identify(watched).catch((error: unknown) => this.#forget(namespace, error));
    }
    if (begun && watched.id === undefined) watched.begun.push(begun);
    watched.users++;
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      if (--watched.users === 0) this.#unwatch(watched);
    };
  }

  subscribe(listener: (event: KernelEvent) => void): () => void {
    // A listener may be given twice.
    const own = (event: KernelEvent): void => listener(event);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  close(): void {
    this.#poll.close();
    this.#socket.close();
    this.#listeners.clear();
  }

  /** The kernel tags events with the id that the listener's namespace has for the other one. */
  async #identify(watched: Watched): Promise<void> {
    const { namespace } = watched;
    let id = await this.#rtnl.get(getNamespaceId(namespace));
    if (id === undefined || id < 0) {
      await this.#rtnl.request(assignNamespaceId(namespace));
      id = await this.#rtnl.get(getNamespaceId(namespace));
    }
    if (id === undefined || id < 0 || this.#watched.get(namespace.id) !== watched) return;
    watched.id = id;
    this.#byId.set(id, watched);
    for (const begun of watched.begun.splice(0)) begun();
  }

  #forget(namespace: Namespace, error: unknown): void {
    this.#watched.delete(namespace.id);
    this.#failed(error);
  }

  #unwatch(watched: Watched): void {
    if (this.#watched.get(watched.namespace.id) === watched) this.#watched.delete(watched.namespace.id);
    if (watched.id !== undefined && this.#byId.get(watched.id) === watched) this.#byId.delete(watched.id);
  }

  #drain(): void {
    const start = performance.now();
    if (this.#socket.lostMessages() !== this.#lost) this.#incomplete = true;
    do {
      const length = this.#receiver.receive();
      if (length < 0) return this.#incomplete ? this.#startAnew() : undefined;
      const namespace = this.#incomplete ? undefined : this.#namespace(this.#receiver.namespaceId);
      eachMessage(this.#receiver.buffer, length, (message) => this.#read(message, namespace));
    } while (performance.now() - start < TURN);
  }

  /** What was left of an incomplete story has been thrown away; from here on it is complete again. */
  #startAnew(): void {
    this.#lost = this.#socket.lostMessages();
    this.#incomplete = false;
    this.#deliver({ type: 'resync' });
  }

  #namespace(id: number | undefined): Namespace | undefined {
    return id === undefined ? this.#vswitch : this.#byId.get(id)?.namespace;
  }

  #read(message: MessageView, namespace: Namespace | undefined): void {
    if (message.type === rt.RTM_DELNSID) return this.#namespaceEnded(message);
    if (!namespace || this.#listeners.size === 0) return;
    const event = readEvent(message, namespace);
    if (event) this.#deliver(event);
  }

  #namespaceEnded(message: MessageView): void {
    const id = decodeNamespaceId(message);
    const watched = id === undefined ? undefined : this.#byId.get(id);
    if (watched) this.#unwatch(watched);
  }

  #deliver(event: KernelEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#failed(error);
      }
    }
  }
}

function readEvent(message: MessageView, namespace: Namespace): KernelEvent | undefined {
  switch (message.type) {
    case rt.RTM_NEWLINK:
    case rt.RTM_DELLINK: {
      const value = decodeLink(message);
      return value && { type: 'link', action: message.type === rt.RTM_NEWLINK ? 'set' : 'removed', namespace, value };
    }
    case rt.RTM_NEWADDR:
    case rt.RTM_DELADDR: {
      const value = decodeAddress(message);
      return (
        value && { type: 'address', action: message.type === rt.RTM_NEWADDR ? 'set' : 'removed', namespace, value }
      );
    }
    case rt.RTM_NEWROUTE:
    case rt.RTM_DELROUTE: {
      const value = decodeRoute(message);
      return value && { type: 'route', action: message.type === rt.RTM_NEWROUTE ? 'set' : 'removed', namespace, value };
    }
    case rt.RTM_NEWRULE:
    case rt.RTM_DELRULE: {
      const value = decodeRule(message);
      return value && { type: 'rule', action: message.type === rt.RTM_NEWRULE ? 'set' : 'removed', namespace, value };
    }
    case rt.RTM_NEWNEIGH:
    case rt.RTM_DELNEIGH:
      return readNeighbour(message, namespace);
    default:
      return undefined;
  }
}

function readNeighbour(message: MessageView, namespace: Namespace): KernelEvent | undefined {
  const action = message.type === rt.RTM_NEWNEIGH ? 'set' : 'removed';
  const neighbour = decodeNeighbour(message);
  if (neighbour) return { type: 'neighbour', action, namespace, value: neighbour };
  const entry = decodeFdb(message);
  return entry && { type: 'fdb', action, namespace, value: entry };
}

/** recvmsg with the structures it needs, made once. */
class Receiver {
  readonly buffer = Buffer.allocUnsafeSlow(64 * 1024);
  /** Of the last datagram; undefined: the namespace of the socket. */
  namespaceId: number | undefined;
  readonly #fd: number;
  readonly #header = new Uint8Array(56);
  readonly #vector = new Uint8Array(16);
  readonly #control = new Uint8Array(64);
  readonly #headerView = new DataView(this.#header.buffer);
  readonly #controlView = new DataView(this.#control.buffer);

  /** struct msghdr: name, name length, vector, vector length, control, control length, flags; struct iovec: base, length */
  constructor(fd: number) {
    this.#fd = fd;
    const vector = new DataView(this.#vector.buffer);
    vector.setBigUint64(0, libc.addressOf(this.buffer), HOST_LITTLE);
    vector.setBigUint64(8, BigInt(this.buffer.length), HOST_LITTLE);
    this.#headerView.setBigUint64(16, libc.addressOf(this.#vector), HOST_LITTLE);
    this.#headerView.setBigUint64(24, 1n, HOST_LITTLE);
    this.#headerView.setBigUint64(32, libc.addressOf(this.#control), HOST_LITTLE);
  }

  /** Length of a datagram, or -1 when there is none. */
  receive(): number {
    this.#headerView.setBigUint64(40, BigInt(this.#control.length), HOST_LITTLE);
    const length = libc.recvmsg(this.#fd, this.#header, libc.MSG_DONTWAIT);
    if (length >= 0) {
      this.namespaceId = this.#readNamespaceId();
      return length;
    }
    const errno = libc.lastErrno();
    const code = errnoName(errno);
    if (code === 'EAGAIN' || code === 'EINTR') return -1;
    throw new KernelError(errno, { operation: 'receive kernel events' });
  }

  /** struct cmsghdr: u64 length, u32 level, u32 type, data */
  #readNamespaceId(): number | undefined {
    const end = Number(this.#headerView.getBigUint64(40, HOST_LITTLE));
    for (let at = 0; at + 20 <= end; ) {
      const size = Number(this.#controlView.getBigUint64(at, HOST_LITTLE));
      const level = this.#controlView.getUint32(at + 8, HOST_LITTLE);
      const type = this.#controlView.getUint32(at + 12, HOST_LITTLE);
      if (level === SOL_NETLINK && type === NETLINK_LISTEN_ALL_NSID)
        return this.#controlView.getInt32(at + 16, HOST_LITTLE);
      if (size < 16) break;
      at += (size + 7) & ~7;
    }
    return undefined;
  }
}

const SOL_NETLINK = 270;
const NETLINK_LISTEN_ALL_NSID = 8;
