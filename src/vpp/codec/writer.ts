/** Zeroed memory that frames are written into one after the other. */

const SLAB = 256 * 1024;

export class Writer {
  /** Zeroed beyond `length`. */
  bytes: Uint8Array = EMPTY;
  view: DataView = new DataView(EMPTY.buffer);
  length = 0;
  /** Where that begins which was not finished yet. Memory before it is given away. */
  #start = 0;

  /** Bytes written since the last `finish`. */
  get pending(): number {
    return this.length - this.#start;
  }

  /** Reserves bytes and returns where they begin. `bytes` and `view` may be others afterwards, with what was written at the same place. */
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

  /** What was written, which is not touched any more. To be called between messages only. */
  finish(): Uint8Array {
    const written = this.bytes.subarray(this.#start, this.length);
    if (this.bytes.length - this.length < SLAB / 8) this.#renew();
    else this.#start = this.length;
    return written;
  }

  #renew(): void {
    this.bytes = EMPTY;
    this.view = new DataView(EMPTY.buffer);
    this.length = this.#start = 0;
  }

  #grow(needed: number): void {
    const bytes = Buffer.alloc(Math.max(SLAB, needed, this.bytes.length * 2));
    bytes.set(this.bytes.subarray(this.#start, this.length), this.#start);
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}

const EMPTY = new Uint8Array(0);
