import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Why VPP cannot make a socket at `path`: its folder is not there, or is none. Looked at with VPP's eyes (its root, of the process `pid`);
 * undefined also where that cannot be seen: VPP in another container or on another host, or an abstract or relative name.
 */
export function socketFolderProblem(pid: number, path: string): string | undefined {
  if (!path.startsWith('/')) return undefined;
  const root = rootOf(pid);
  if (root === undefined) return undefined;
  const folder = dirname(path);
  try {
    const found = statSync(`${root}${folder}`, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) return undefined;
    const what = found === undefined ? 'is not there' : 'is not a folder';
    return `the folder ${folder} ${what}: make it where VPP runs (mkdir -p ${folder}), or name another one`;
  } catch {
    return undefined;
  }
}

/** A process of that number may be something else: VPP counts its processes in a namespace of its own. */
function rootOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('vpp') ? `/proc/${pid}/root` : undefined;
  } catch {
    return undefined;
  }
}
