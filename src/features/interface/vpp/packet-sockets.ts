/**
 * Which devices of its host VPP reads packets of. VPP itself keeps names only: a device that went and came back under its name has
 * another number, and VPP's socket is left on one that there is no more.
 */

import { readdir, readFile, readlink } from 'node:fs/promises';

/** Numbers of the devices that packet sockets of this process are on; undefined: this cannot be seen from here. */
export async function packetSocketDevices(pid: number): Promise<ReadonlySet<number> | undefined> {
  try {
    // The number may be that of another process where VPP has process ids of its own (a container).
    if (!(await readFile(`/proc/${pid}/comm`, 'utf8')).startsWith('vpp')) return undefined;
    const [sockets, table] = await Promise.all([socketsOf(pid), readFile(`/proc/${pid}/net/packet`, 'utf8')]);
    const devices = new Set<number>();
    for (const line of table.split('\n').slice(1)) {
      const columns = line.trim().split(/\s+/);
      if (sockets.has(columns[INODE] ?? '')) devices.add(Number(columns[DEVICE]));
    }
    return devices;
  } catch {
    // Another process namespace, or not enough rights.
    return undefined;
  }
}

/** Columns of /proc/net/packet: `sk RefCnt Type Proto Iface R Rmem User Inode`. */
const DEVICE = 4;
const INODE = 8;

/** Inodes of the sockets that a process has open. */
async function socketsOf(pid: number): Promise<ReadonlySet<string>> {
  const folder = `/proc/${pid}/fd`;
  const links = await Promise.all(
    // One that was closed meanwhile is none of ours.
    (await readdir(folder)).map((name) => readlink(`${folder}/${name}`).catch(() => '')),
  );
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}
