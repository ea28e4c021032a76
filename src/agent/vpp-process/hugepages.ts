/** Huge pages of this host. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes in free huge pages, by the size of a page in bytes. */
export type Hugepages = ReadonlyMap<number, number>;

export async function readHugepages(folder = '/sys/kernel/mm/hugepages'): Promise<Hugepages> {
  const found = new Map<number, number>();
  for (const name of await readdir(folder).catch(() => [])) {
    const size = Number(/^hugepages-(\d+)kB$/.exec(name)?.[1] ?? 0) * 1024;
    const free = Number(await readFile(join(folder, name, 'free_hugepages'), 'utf8').catch(() => '0'));
    if (size > 0 && free > 0) found.set(size, size * free);
  }
  return found;
}
