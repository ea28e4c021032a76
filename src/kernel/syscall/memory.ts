/** Memory of the C library. */

import koffi from 'koffi';

type Trim = { async(padding: number, done: (error: Error | null, released: number) => void): void };

/**
 * Gives pages that malloc has kept after a burst (parsing, compiling, large netlink messages) back to the kernel; takes some ms in
 * libuv's pool. Does nothing where the C library has no malloc_trim (glibc has it, musl has not).
 */
export async function releaseFreeMemory(): Promise<void> {
  const trim = mallocTrim();
  if (trim) await new Promise<void>((resolve) => trim.async(0, () => resolve()));
}

function mallocTrim(): Trim | undefined {
  try {
    return koffi.load('libc.so.6').func('int malloc_trim(size_t padding)') as unknown as Trim;
  } catch {
    return undefined;
  }
}
