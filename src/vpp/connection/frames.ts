/** Takes a stream of bytes apart into frames. */

import { FRAME_HEADER } from '../codec/message.ts';
import { VppError } from '../errors.ts';

/** The definitions of all messages of VPP 26.06 in one reply are 3.4 MB; nothing comes near this. */
export const LARGEST_FRAME = 64 * 1024 * 1024;

/** Called with the message (its id first) at `at`. The bytes are valid during the call only. */
export type FrameListener = (bytes: Uint8Array, view: DataView, at: number, end: number) => void;

export class FrameSplitter {
  readonly #listener: FrameListener;
  readonly #largest: number;
  /** What came in of a frame that is not complete. */
  #partial: Buffer = EMPTY;
  #filled = 0;
  /** Length of the incomplete frame with its header; 0 while the header is not complete. */
  #wanted = 0;

  constructor(listener: FrameListener, largest = LARGEST_FRAME) {
    this.#listener = listener;
    this.#largest = largest;
  }

  /** Whether a frame has begun that is not complete. */
  get isInside(): boolean {
    return this.#filled > 0;
  }

  /** Throws VppError `malformed` for a frame longer than any, and what the listener throws. */
  push(chunk: Uint8Array): void {
    let at = this.#filled > 0 ? this.#complete(chunk) : 0;
    if (at === chunk.length) return;
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    while (chunk.length - at >= FRAME_HEADER) {
      const length = this.#check(view.getUint32(at + 8));
      const end = at + FRAME_HEADER + length;
      if (end > chunk.length) break;
      this.#listener(chunk, view, at + FRAME_HEADER, end);
      at = end;
    }
    if (at < chunk.length) this.#keep(chunk.subarray(at));
  }

  /** Adds to the incomplete frame; returns where the next one begins. */
  #complete(chunk: Uint8Array): number {
    let at = 0;
    if (this.#wanted === 0) {
      at = Math.min(chunk.length, FRAME_HEADER - this.#filled);
      this.#append(chunk.subarray(0, at));
      if (this.#filled < FRAME_HEADER) return at;
      this.#wanted = FRAME_HEADER + this.#check(this.#partial.readUInt32BE(8));
    }
    const more = Math.min(chunk.length - at, this.#wanted - this.#filled);
    this.#append(chunk.subarray(at, at + more));
    if (this.#filled < this.#wanted) return at + more;
    const frame = this.#partial;
    const end = this.#wanted;
    this.#partial = EMPTY;
    this.#filled = this.#wanted = 0;
    this.#listener(frame, new DataView(frame.buffer, frame.byteOffset, frame.byteLength), FRAME_HEADER, end);
    return at + more;
  }

  #keep(rest: Uint8Array): void {
    this.#append(rest);
    if (this.#filled >= FRAME_HEADER) this.#wanted = FRAME_HEADER + this.#check(this.#partial.readUInt32BE(8));
  }

  /** Memory grows with what came in, never with what a header promises. */
  #append(bytes: Uint8Array): void {
    const needed = this.#filled + bytes.length;
    if (needed > this.#partial.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(4096, needed, this.#partial.length * 2));
      larger.set(this.#partial.subarray(0, this.#filled));
      this.#partial = larger;
    }
    this.#partial.set(bytes, this.#filled);
    this.#filled = needed;
  }

  #check(length: number): number {
    if (length >= 2 && length <= this.#largest) return length;
    throw new VppError('malformed', `VPP announces a message of ${length} bytes; 2 to ${this.#largest} are accepted`);
  }
}

const EMPTY = Buffer.alloc(0);
