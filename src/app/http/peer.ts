/** Who is at the other end of a unix socket, as the kernel knows: it cannot be said wrongly. */

import { createRequire } from 'node:module';
import type { Socket } from 'node:net';

export interface Peer {
  readonly pid: number;
  readonly uid: number;
  /** The primary group first, then the others. */
  readonly groups: readonly number[];
}

/** Undefined for a connection that is gone already. */
export type PeerReader = (socket: Socket) => Peer | undefined;

interface Koffi {
  load(library: string): { func(signature: string): unknown };
}

type GetSocketOption = (fd: number, level: number, option: number, value: Uint8Array, length: Uint32Array) => number;

/** asm-generic/socket.h */
const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
const SO_PEERGROUPS = 59;
/** NGROUPS_MAX of the kernel. */
const mostGroups = 65_536;

// `require` is what the bundle calls its own.
const packages = createRequire(import.meta.url);

/**
 * `needed`: loads what it takes (koffi, an optional package of 8 MB) when that is not in memory yet. Undefined: this machine cannot
 * tell.
 */
export function peerReader(needed: boolean): PeerReader | undefined {
  const getsockopt = load(needed);
  if (getsockopt === undefined) return undefined;
  const known = new WeakMap<Socket, Peer>();
  return (socket) => {
    const before = known.get(socket);
    if (before !== undefined) return before;
    const fd = (socket as unknown as { _handle?: { fd?: number } | null })._handle?.fd ?? -1;
    const peer = fd < 0 ? undefined : read(getsockopt, fd);
    if (peer !== undefined) known.set(socket, peer);
    return peer;
  };
}

function load(needed: boolean): GetSocketOption | undefined {
  try {
    if (!needed && packages.cache[packages.resolve('koffi')] === undefined) return undefined;
    const koffi = packages('koffi') as Koffi;
    return koffi
      .load('libc.so.6')
      .func('int getsockopt(int fd, int level, int option, void *value, void *length)') as GetSocketOption;
  } catch {
    // An optional package, and a library of Linux.
    return undefined;
  }
}

/** struct ucred of unix(7): pid, uid, gid. */
function read(getsockopt: GetSocketOption, fd: number): Peer | undefined {
  const credentials = new Uint32Array(3);
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, bytesOf(credentials), Uint32Array.of(credentials.byteLength)) !== 0)
    return undefined;
  const [pid = 0, uid = 0, gid = 0] = credentials;
  return { pid, uid, groups: [gid, ...supplementaryGroups(getsockopt, fd)] };
}

function supplementaryGroups(getsockopt: GetSocketOption, fd: number): readonly number[] {
  for (let room = 64; room <= mostGroups; room *= 32) {
    const groups = new Uint32Array(room);
    const length = Uint32Array.of(groups.byteLength);
    if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, bytesOf(groups), length) === 0)
      return [...groups.subarray(0, (length[0] ?? 0) / 4)];
  }
  return [];
}

function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer);
}
