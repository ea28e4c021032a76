/** What is in named namespaces beside their devices: threads of programs, and other files they are mounted on. */

import { readFileSync, readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import type { Namespace } from './namespace.ts';

/**
 * Who else uses these namespaces, in words, by their ids. Processes whose files this user may not read are not seen. One walk
 * through /proc, however many namespaces.
 */
export function occupantsOf(namespaces: readonly Namespace[]): ReadonlyMap<string, string> {
  const wanted = new Map(namespaces.map((namespace) => [namespace.id, whole(namespace.path)]));
  const found = new Map<string, string>();
  const mountNamespaces = new Set<string>();
  for (const pid of wanted.size > 0 ? names('/proc') : []) {
    if (!/^\d+$/.test(pid)) continue;
    for (const thread of names(`/proc/${pid}/task`)) {
      const id = identity(`/proc/${pid}/task/${thread}/ns/net`);
      if (id !== undefined && wanted.has(id)) found.set(id, `process ${pid} is in it`);
    }
    const mounts = link(`/proc/${pid}/ns/mnt`);
    if (mounts === undefined || mountNamespaces.has(mounts)) continue;
    mountNamespaces.add(mounts);
    for (const { id, path } of mountedNamespaces(pid)) {
      if (wanted.has(id) && path !== wanted.get(id)) found.set(id, `it is mounted on ${path}, too`);
    }
  }
  return found;
}

/** Lines of /proc/PID/mountinfo (proc(5)): `36 35 0:4 net:[4026532177] /run/netns/pod1 rw ... - nsfs nsfs rw`. */
function mountedNamespaces(pid: string): { readonly id: string; readonly path: string }[] {
  return lines(`/proc/${pid}/mountinfo`).flatMap((line) => {
    const [, device = '', inode, path = ''] = /^\d+ \d+ (\S+) net:\[(\d+)\] (\S+) /.exec(line) ?? [];
    if (inode === undefined) return [];
    const [major = 0, minor = 0] = device.split(':').map(Number);
    return [{ id: `${deviceNumber(major, minor)}:${inode}`, path: unescape(path) }];
  });
}

/** As st_dev has it (gnu_dev_makedev), for numbers of virtual file systems. */
function deviceNumber(major: number, minor: number): number {
  return (minor & 0xff) + (major << 8) + (minor & ~0xff) * 0x1000;
}

/** Spaces and the like are octal in mountinfo. */
function unescape(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

/** Processes end while they are looked at, and some may not be read: there is nothing to see then. */
function orNothing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function names(directory: string): readonly string[] {
  return orNothing(() => readdirSync(directory)) ?? [];
}

function lines(file: string): readonly string[] {
  return orNothing(() => readFileSync(file, 'utf8'))?.split('\n') ?? [];
}

function link(path: string): string | undefined {
  return orNothing(() => readlinkSync(path));
}

function identity(path: string): string | undefined {
  const status = orNothing(() => statSync(path));
  return status && `${status.dev}:${status.ino}`;
}

function whole(path: string): string {
  return orNothing(() => realpathSync(path)) ?? path;
}
