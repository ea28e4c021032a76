/** A growing buffer of zeroes that frames are written into one after the other. */

const SLAB = 64 * 1024;

export class Writer {
  /** Zeroed beyond `length`. */
  bytes: Uint8Array = EMPTY;
  view: DataView = new DataView(EMPTY.buffer);
  length = 0;

  /** Reserves bytes and returns where they begin. `bytes` and `view` may be others afterwards. */
  take(count: number): number {
    const at = this.length;
    const end = at + count;
    if (end > this.bytes.length) this.#grow(end);
    this.length = end;
    return at;
  }

  /** Undoes everything since `length` was `at`. */
  cut(at: number): void {
    this.bytes.fill(0, at, this.length);
    this.length = at;
  }

  /** What was written; the writer begins anew with another buffer. */
  finish(): Uint8Array {
    const written = this.bytes.subarray(0, this.length);
    this.bytes = EMPTY;
    this.view = new DataView(EMPTY.buffer);
    this.length = 0;
    return written;
  }

  #grow(needed: number): void {
    const bytes = Buffer.alloc(Math.max(SLAB, needed, this.bytes.length * 2));
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}

const EMPTY = new Uint8Array(0);
