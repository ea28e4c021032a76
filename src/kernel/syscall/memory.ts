/** Memory that the process has but does not use. */

import { readFile } from 'node:fs/promises';
import koffi from 'koffi';

type Trim = { async(padding: number, done: (error: Error | null, released: number) => void): void };
type Advise = (address: number, length: number, advice: number) => number;

/**
 * Gives pages that malloc has kept after a burst (parsing, compiling, large netlink messages) back to the kernel; takes some ms in
 * libuv's pool. Does nothing where the C library has no malloc_trim (glibc has it, musl has not).
 */
export async function releaseFreeMemory(): Promise<void> {
  const trim = mallocTrim();
  if (trim) await new Promise<void>((resolve) => trim.async(0, () => resolve()));
}

/**
 * Unmaps the pages of the running program that hold code and constants (madvise(2), MADV_DONTNEED): most are used by a start
 * only. Those that are still needed come back from the page cache one by one, without reading the disk. Returns the bytes of
 * address space it was about.
 */
export async function releaseProgramPages(): Promise<number> {
  const madvise = koffi.load('libc.so.6').func('int madvise(uintptr_t address, size_t length, int advice)') as Advise;
  let released = 0;
  for (const { start, end } of untouchedMappings(await readFile('/proc/self/smaps', 'latin1'), process.execPath)) {
    if (madvise(start, end - start, MADV_DONTNEED) === 0) released += end - start;
  }
  return released;
}

export interface Mapping {
  readonly start: number;
  readonly end: number;
}

/**
 * The mappings of `path` in smaps (proc_pid_smaps(5)) that cannot be written and are as they are in the file: relocations and a
 * debugger's breakpoints would be lost.
 */
export function untouchedMappings(smaps: string, path: string): readonly Mapping[] {
  const mappings: Mapping[] = [];
  for (const [, start = '', end = '', access = '', file, fields = ''] of smaps.matchAll(MAPPING)) {
    if (file !== path || access.includes('w') || !/^Anonymous: +0 kB$/m.test(fields)) continue;
    mappings.push({ start: Number.parseInt(start, 16), end: Number.parseInt(end, 16) });
  }
  return mappings;
}

/** Addresses, access, offset, device, inode, file; then lines of fields, which begin with a capital letter. */
const MAPPING = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+ *(.*)\n((?:[A-Z].*\n)*)/gm;
const MADV_DONTNEED = 4;

function mallocTrim(): Trim | undefined {
  try {
    return koffi.load('libc.so.6').func('int malloc_trim(size_t padding)') as unknown as Trim;
  } catch {
    return undefined;
  }
}
