import type { FileHandle } from 'node:fs/promises';
import type { Image } from '../local/journal.ts';
import { FILE_HEADER, FrameKind, encodeFileHeader } from './format.ts';
import { FrameWriter, writeAll } from './frame-writer.ts';
import type { LogRecord } from './record.ts';

/** Entries of one frame: so much must be in memory to be checked when it is read back. */
const PART_ENTRIES = 1000;
const COPY_BYTES = 256 * 1024;

/** Writes a log that holds just `image` to an empty file; gives its size. `sequence` is that of the next commit frame. */
export async function createImage(
  file: FileHandle,
  id: number,
  sequence: number,
  image: Image,
  signal?: AbortSignal,
): Promise<number> {
  const writer = new FrameWriter(id);
  await writeAll(file, encodeFileHeader(id), 0);
  let offset = FILE_HEADER;
  for (let part = 0; part * PART_ENTRIES < image.entries.length; part++) {
    signal?.throwIfAborted();
    const entries = image.entries.slice(part * PART_ENTRIES, (part + 1) * PART_ENTRIES);
    const records = entries.map((entry): LogRecord => ({ type: 'put', entry }));
    ({ end: offset } = await writer.write(file, offset, FrameKind.imagePart, part, records));
  }
  const leases = image.leases.map(({ id: lease, ttl }): LogRecord => ({ type: 'grant', lease, ttl }));
  const last: LogRecord[] = [{ type: 'commit', revision: image.revision }, ...leases];
  return (await writer.write(file, offset, FrameKind.imageEnd, sequence, last)).end;
}

/** Copies the bytes from `start` to `end` to offset `to` of another file. */
export async function copyRange(
  source: FileHandle,
  start: number,
  end: number,
  target: FileHandle,
  to: number,
  signal?: AbortSignal,
): Promise<void> {
  const buffer = Buffer.allocUnsafe(Math.min(COPY_BYTES, Math.max(0, end - start)));
  for (let offset = start; offset < end; ) {
    signal?.throwIfAborted();
    const { bytesRead } = await source.read(buffer, 0, Math.min(buffer.length, end - offset), offset);
    if (bytesRead === 0) throw new Error(`The log ended at byte ${offset}, before ${end}`);
    await writeAll(target, buffer.subarray(0, bytesRead), to + offset - start);
    offset += bytesRead;
  }
}
