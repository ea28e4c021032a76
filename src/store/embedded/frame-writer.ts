import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { StoreError } from '../errors.ts';
import { FRAME_HEADER, MAX_PAYLOAD, encodeFrameHead } from './format.ts';
import type { FrameKind } from './format.ts';
import { encodeRecord, sizeBound } from './record.ts';
import type { LogRecord } from './record.ts';

const CHUNK_BYTES = 256 * 1024;

export interface Written {
  /** Offset after the frame. */
  readonly end: number;
  /** It went out in one piece. */
  readonly isWhole: boolean;
}

/**
 * Writes frames chunk by chunk through one buffer: the event loop runs while a chunk is on its way to the kernel, and a
 * transaction of any size needs no second copy of itself in memory.
 */
export class FrameWriter {
  readonly #id: number;
  #buffer = Buffer.allocUnsafe(4096);

  /** `id` is the log's. */
  constructor(id: number) {
    this.#id = id;
  }

  /**
   * Writes a frame at `offset`; gives the offset after it. Makes nothing durable by itself: a frame of one piece is written through
   * `whole`, which may be a descriptor that does.
   */
  async write(
    file: FileHandle,
    offset: number,
    kind: FrameKind,
    sequence: number,
    records: Iterable<LogRecord>,
    whole = file,
  ): Promise<Written> {
    let used = FRAME_HEADER;
    let start = offset;
    let crc = 0;
    let hashed = FRAME_HEADER;
    for (const record of records) {
      const bound = sizeBound(record);
      if (used + bound > this.#buffer.length && !this.#grow(used, bound)) {
        crc = crc32(this.#buffer.subarray(hashed, used), crc);
        // The head comes last: until then there must be none, not that of an earlier frame.
        if (start === offset) this.#buffer.fill(0, 0, FRAME_HEADER);
        await writeAll(file, this.#buffer.subarray(0, used), start);
        start += used;
        used = 0;
        hashed = 0;
        this.#grow(0, bound);
      }
      used = encodeRecord(this.#buffer, used, record);
    }
    crc = crc32(this.#buffer.subarray(hashed, used), crc);
    const end = start + used;
    const length = end - offset - FRAME_HEADER;
    if (length > MAX_PAYLOAD)
      throw new StoreError('usage', `A transaction of ${length} bytes is too large for the store`);
    const head = { kind, length, crc, sequence };
    const isWhole = start === offset;
    if (isWhole) encodeFrameHead(this.#buffer, head, this.#id);
    await writeAll(isWhole ? whole : file, this.#buffer.subarray(0, used), start);
    if (!isWhole) {
      encodeFrameHead(this.#buffer, head, this.#id);
      await writeAll(file, this.#buffer.subarray(0, FRAME_HEADER), offset);
    }
    this.#shrink();
    return { end, isWhole };
  }

  /** Makes room for `more` bytes after `used`; false when the chunk must be written first. */
  #grow(used: number, more: number): boolean {
    if (used + more <= this.#buffer.length) return true;
    if (used > 0 && used + more > CHUNK_BYTES && used > FRAME_HEADER) return false;
    const size = Math.max(used + more, Math.min(CHUNK_BYTES, this.#buffer.length * 4));
    const larger = Buffer.allocUnsafe(size);
    this.#buffer.copy(larger, 0, 0, used);
    this.#buffer = larger;
    return true;
  }

  /** One huge value must not keep its buffer for good. */
  #shrink(): void {
    if (this.#buffer.length > CHUNK_BYTES) this.#buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  }
}

/** A write may be cut short (a disk filling up); the next attempt then tells why. */
export async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    if (bytesWritten === 0) throw new StoreError('no-space', 'The file system took no more bytes');
    done += bytesWritten;
  }
}
