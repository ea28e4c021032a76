import type { FileHandle } from 'node:fs/promises';

const WINDOW_BYTES = 1024 * 1024;

/** Reads a file front to back through one buffer. A returned buffer is good until the next call. */
export class Window {
  readonly #file: FileHandle;
  readonly #size: number;
  #buffer: Buffer;
  #start = 0;
  #length = 0;

  constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.#size = size;
    this.#buffer = Buffer.allocUnsafe(Math.min(WINDOW_BYTES, Math.max(size, 1)));
  }

  /** Up to `length` bytes from `offset`; fewer only at the end of the file. */
  async read(offset: number, length: number): Promise<Buffer> {
    const wanted = Math.max(0, Math.min(length, this.#size - offset));
    if (offset < this.#start || offset + wanted > this.#start + this.#length) await this.#fill(offset, wanted);
    return this.#buffer.subarray(offset - this.#start, offset - this.#start + wanted);
  }

  /** Offset of the next occurrence of `needle` at or after `from`, -1 when there is none. */
  async find(needle: Buffer, from: number): Promise<number> {
    for (let offset = from; offset + needle.length <= this.#size; ) {
      const bytes = await this.read(offset, WINDOW_BYTES / 4);
      const found = bytes.indexOf(needle);
      if (found >= 0) return offset + found;
      offset += Math.max(1, bytes.length - needle.length + 1);
    }
    return -1;
  }

  async #fill(offset: number, wanted: number): Promise<void> {
    if (wanted > this.#buffer.length) this.#buffer = Buffer.allocUnsafe(wanted);
    this.#start = offset;
    this.#length = 0;
    while (this.#length < wanted) {
      const room = Math.min(this.#buffer.length, this.#size - offset) - this.#length;
      const { bytesRead } = await this.#file.read(this.#buffer, this.#length, room, offset + this.#length);
      if (bytesRead === 0) throw new Error(`The file ended at byte ${offset + this.#length} of ${this.#size}`);
      this.#length += bytesRead;
    }
  }
}
