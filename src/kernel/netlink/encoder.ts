import { endianness } from 'node:os';
import type { Namespace } from '../namespace/namespace.ts';
import { KernelError } from '../errors.ts';
import { errnoNumber } from '../syscall/errno.ts';

/** Netlink is in host byte order. */
export const HOST_LITTLE = endianness() === 'LE';

/** An attribute that contains attributes. */
export const NLA_F_NESTED = 0x8000;
/** Length of `struct nlmsghdr`. */
export const HEADER_LENGTH = 16;

/**
 * Writes netlink messages one after the other into one growing buffer. Nothing is allocated for an attribute, so it is made
 * once and used for many bursts. Numbers are in host byte order unless the name says `be`.
 */
export class Encoder {
  /** The buffer; valid up to `position`. Another object after it has grown. */
  bytes: Uint8Array;
  position = 0;
  #view: DataView;
  #message = 0;
  /** Opens a namespace and returns a descriptor that stays open until the message was sent. Set by who sends. */
  openNamespace: ((namespace: Namespace) => number) | undefined;

  constructor(capacity = 65536) {
    this.bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.bytes.buffer);
  }

  reset(): void {
    this.position = 0;
  }

  /** Starts a message. `flags` are NLM_F_...; the length is filled in by `endMessage`. */
  beginMessage(type: number, flags: number, sequence: number): void {
    this.reserve(HEADER_LENGTH);
    const at = (this.#message = this.position);
    this.#view.setUint32(at, 0, HOST_LITTLE);
    this.#view.setUint16(at + 4, type, HOST_LITTLE);
    this.#view.setUint16(at + 6, flags, HOST_LITTLE);
    this.#view.setUint32(at + 8, sequence, HOST_LITTLE);
    this.#view.setUint32(at + 12, 0, HOST_LITTLE);
    this.position = at + HEADER_LENGTH;
  }

  endMessage(): void {
    this.pad();
    this.#view.setUint32(this.#message, this.position - this.#message, HOST_LITTLE);
  }

  /** Drops what was written since `beginMessage`, because it turned out that it cannot be written. */
  dropMessage(): void {
    this.position = this.#message;
  }

  /** Adds flags to the message begun last. */
  addFlags(flags: number): void {
    this.#view.setUint16(this.#message + 6, this.#view.getUint16(this.#message + 6, HOST_LITTLE) | flags, HOST_LITTLE);
  }

  u8(value: number): void {
    this.reserve(1);
    this.bytes[this.position++] = value;
  }

  u16(value: number): void {
    this.reserve(2);
    this.#view.setUint16(this.position, value, HOST_LITTLE);
    this.position += 2;
  }

  be16(value: number): void {
    this.reserve(2);
    this.#view.setUint16(this.position, value, false);
    this.position += 2;
  }

  u32(value: number): void {
    this.reserve(4);
    this.#view.setUint32(this.position, value, HOST_LITTLE);
    this.position += 4;
  }

  be32(value: number): void {
    this.reserve(4);
    this.#view.setUint32(this.position, value, false);
    this.position += 4;
  }

  u64(value: number | bigint): void {
    this.reserve(8);
    this.#view.setBigUint64(this.position, BigInt(value), HOST_LITTLE);
    this.position += 8;
  }

  be64(value: number | bigint): void {
    this.reserve(8);
    this.#view.setBigUint64(this.position, BigInt(value), false);
    this.position += 8;
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.position);
    this.position += bytes.length;
  }

  zeros(count: number): void {
    this.reserve(count);
    this.bytes.fill(0, this.position, this.position + count);
    this.position += count;
  }

  /** Aligns to 4 bytes with zeros. */
  pad(): void {
    const rest = this.position & 3;
    if (rest !== 0) this.zeros(4 - rest);
  }

  attributeFlag(type: number): void {
    this.#header(type, 0);
  }

  attributeU8(type: number, value: number): void {
    this.#header(type, 1);
    this.bytes[this.position] = value;
    this.bytes[this.position + 1] = 0;
    this.bytes[this.position + 2] = 0;
    this.bytes[this.position + 3] = 0;
    this.position += 4;
  }

  attributeU16(type: number, value: number): void {
    this.#header(type, 2);
    this.#view.setUint16(this.position, value, HOST_LITTLE);
    this.#view.setUint16(this.position + 2, 0);
    this.position += 4;
  }

  attributeBe16(type: number, value: number): void {
    this.#header(type, 2);
    this.#view.setUint16(this.position, value, false);
    this.#view.setUint16(this.position + 2, 0);
    this.position += 4;
  }

  attributeU32(type: number, value: number): void {
    this.#header(type, 4);
    this.#view.setUint32(this.position, value, HOST_LITTLE);
    this.position += 4;
  }

  attributeBe32(type: number, value: number): void {
    this.#header(type, 4);
    this.#view.setUint32(this.position, value, false);
    this.position += 4;
  }

  attributeU64(type: number, value: number | bigint): void {
    this.#header(type, 8);
    this.u64(value);
  }

  attributeBe64(type: number, value: number | bigint): void {
    this.#header(type, 8);
    this.be64(value);
  }

  attributeBytes(type: number, bytes: Uint8Array): void {
    this.#header(type, bytes.length);
    const at = this.position;
    // A loop is faster than set() for the 4-16 bytes of an address.
    for (let index = 0; index < bytes.length; index++) this.bytes[at + index] = bytes[index]!;
    this.position = at + bytes.length;
    this.pad();
  }

  /** A string with its final NUL. */
  attributeString(type: number, text: string): void {
    this.reserve(4 + text.length * 3 + 4);
    const at = this.position;
    const { written } = UTF8.encodeInto(text, this.bytes.subarray(at + 4));
    this.bytes[at + 4 + written] = 0;
    this.#view.setUint16(at, 4 + written + 1, HOST_LITTLE);
    this.#view.setUint16(at + 2, type, HOST_LITTLE);
    this.position = at + 4 + written + 1;
    this.pad();
  }

  /** Starts a nest; give what it returns to `endNest`. */
  beginNest(type: number, flag: number = NLA_F_NESTED): number {
    const at = this.position;
    this.#header(type | flag, 0);
    return at;
  }

  endNest(start: number): void {
    const length = this.position - start;
    if (length > 0xffff)
      throw new KernelError(errnoNumber('EMSGSIZE'), {
        operation: 'encode a netlink attribute',
        explanation: `${length} bytes do not fit into one`,
      });
    this.#view.setUint16(start, length, HOST_LITTLE);
  }

  /** An attribute that names a namespace by a descriptor, open until the message was sent. */
  attributeNamespace(type: number, namespace: Namespace): void {
    if (!this.openNamespace) throw new TypeError('this encoder has nobody to open namespaces');
    this.attributeU32(type, this.openNamespace(namespace));
  }

  reserve(count: number): void {
    if (this.position + count <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.position + count));
    grown.set(this.bytes.subarray(0, this.position));
    this.bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  #header(type: number, length: number): void {
    this.reserve(length + 8);
    this.#view.setUint16(this.position, 4 + length, HOST_LITTLE);
    this.#view.setUint16(this.position + 2, type, HOST_LITTLE);
    this.position += 4;
  }
}

const UTF8 = new TextEncoder();
