import { HEADER_LENGTH, HOST_LITTLE } from './encoder.ts';

/** One received message. Valid until the next receive: readers copy what they keep. */
export interface MessageView {
  readonly buffer: Buffer;
  /** Offset of the payload in `buffer`. */
  readonly payload: number;
  /** Offset after the last byte. */
  readonly end: number;
  /** RTM_... or NLMSG_... */
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
}

/** Calls `visit` for each message in a received datagram; stops early when it returns false. */
export function eachMessage(buffer: Buffer, length: number, visit: (message: MessageView) => boolean | void): void {
  for (let at = 0; at + HEADER_LENGTH <= length; ) {
    const size = read32(buffer, at);
    if (size < HEADER_LENGTH || at + size > length) return;
    const message = {
      buffer,
      payload: at + HEADER_LENGTH,
      end: at + size,
      type: read16(buffer, at + 4),
      flags: read16(buffer, at + 6),
      sequence: read32(buffer, at + 8),
    };
    if (visit(message) === false) return;
    at += (size + 3) & ~3;
  }
}

/**
 * Walks attributes: `while (attributes.next()) switch (attributes.type) ...`. A length that does not fit ends the walk.
 */
export class Attributes {
  readonly buffer: Buffer;
  /** Type of the current attribute, without the flag bits. */
  type = 0;
  /** Offset and length in bytes of its value. */
  at = 0;
  length = 0;
  #next: number;
  readonly #end: number;

  constructor(buffer: Buffer, start: number, end: number) {
    this.buffer = buffer;
    this.#next = start;
    this.#end = end;
  }

  /** Attributes of a message after its fixed header of `headerLength` bytes. */
  static of(message: MessageView, headerLength: number): Attributes {
    return new Attributes(message.buffer, message.payload + ((headerLength + 3) & ~3), message.end);
  }

  next(): boolean {
    const start = this.#next;
    if (start + 4 > this.#end) return false;
    const size = read16(this.buffer, start);
    if (size < 4 || start + size > this.#end) return false;
    this.type = read16(this.buffer, start + 2) & 0x3fff;
    this.at = start + 4;
    this.length = size - 4;
    this.#next = start + ((size + 3) & ~3);
    return true;
  }

  nested(skip = 0): Attributes {
    return new Attributes(this.buffer, this.at + skip, this.at + this.length);
  }

  u8(offset = 0): number {
    return this.buffer[this.at + offset]!;
  }

  u16(offset = 0): number {
    return read16(this.buffer, this.at + offset);
  }

  be16(offset = 0): number {
    return this.buffer.readUInt16BE(this.at + offset);
  }

  u32(offset = 0): number {
    return read32(this.buffer, this.at + offset);
  }

  s32(offset = 0): number {
    return read32(this.buffer, this.at + offset) | 0;
  }

  be32(offset = 0): number {
    return this.buffer.readUInt32BE(this.at + offset);
  }

  u64(offset = 0): bigint {
    return HOST_LITTLE ? this.buffer.readBigUInt64LE(this.at + offset) : this.buffer.readBigUInt64BE(this.at + offset);
  }

  /** A copy of the value. */
  bytes(): Uint8Array {
    const copy = new Uint8Array(this.length);
    for (let index = 0; index < copy.length; index++) copy[index] = this.buffer[this.at + index]!;
    return copy;
  }

  /** The text up to the first NUL. */
  string(): string {
    let end = this.at;
    const limit = this.at + this.length;
    while (end < limit && this.buffer[end] !== 0) end++;
    return this.buffer.toString('utf8', this.at, end);
  }
}

export function read16(buffer: Buffer, at: number): number {
  return HOST_LITTLE ? buffer[at]! | (buffer[at + 1]! << 8) : (buffer[at]! << 8) | buffer[at + 1]!;
}

export function read32(buffer: Buffer, at: number): number {
  return HOST_LITTLE ? buffer.readUInt32LE(at) : buffer.readUInt32BE(at);
}
