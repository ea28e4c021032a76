/**
 * Frames of a packet socket as they were on the wire: the kernel takes the outer VLAN tag of what comes in away and tells it beside the
 * frame (PACKET_AUXDATA, packet(7)).
 */
import koffi from 'koffi';
import { receiveMessage, setOption } from './syscalls.ts';

const packet = { level: 263, auxiliaryData: 8 };
const status = { tagIsValid: 0x10, typeIsValid: 0x40 };
const dot1q = 0x8100;
const addressesLength = 12;
const tagLength = 4;

export class WireFrames {
  /** Sender's address (sockaddr_ll) of the last frame. */
  readonly from = Buffer.allocUnsafeSlow(20);
  readonly #fd: number;
  readonly #frame = Buffer.allocUnsafeSlow(65_600);
  readonly #vector = Buffer.allocUnsafeSlow(16);
  readonly #control = Buffer.allocUnsafeSlow(64);
  readonly #header = Buffer.alloc(56);

  /** struct msghdr: name, its length, vector, its length, control, its length, flags; struct iovec: base, length. */
  constructor(fd: number) {
    this.#fd = fd;
    const on = Buffer.alloc(4);
    on.writeInt32LE(1);
    setOption(fd, packet.level, packet.auxiliaryData, on);
    this.#vector.writeBigUInt64LE(koffi.address(this.#frame), 0);
    this.#vector.writeBigUInt64LE(BigInt(this.#frame.length), 8);
    this.#header.writeBigUInt64LE(koffi.address(this.from), 0);
    this.#header.writeBigUInt64LE(koffi.address(this.#vector), 16);
    this.#header.writeBigUInt64LE(1n, 24);
    this.#header.writeBigUInt64LE(koffi.address(this.#control), 32);
  }

  /** The next one; undefined when nothing is waiting. */
  receive(): Buffer | undefined {
    this.#header.writeUInt32LE(this.from.length, 8);
    this.#header.writeBigUInt64LE(BigInt(this.#control.length), 40);
    const length = receiveMessage(this.#fd, this.#header);
    if (length === undefined) return undefined;
    const frame = this.#frame.subarray(0, length);
    const tag = this.#tag();
    if (tag === undefined || length < addressesLength) return Buffer.from(frame);
    return Buffer.concat([frame.subarray(0, addressesLength), tag, frame.subarray(addressesLength)]);
  }

  /** struct cmsghdr: length, level, type; struct tpacket_auxdata: status, lengths, offsets, tag, type of the tag. */
  #tag(): Buffer | undefined {
    const control = this.#control;
    const end = Number(this.#header.readBigUInt64LE(40));
    for (let at = 0; at + 16 <= end; ) {
      const size = Number(control.readBigUInt64LE(at));
      if (size < 16) return undefined;
      if (control.readUInt32LE(at + 8) === packet.level && control.readUInt32LE(at + 12) === packet.auxiliaryData) {
        const flags = control.readUInt32LE(at + 16);
        if ((flags & status.tagIsValid) === 0) return undefined;
        const tag = Buffer.alloc(tagLength);
        tag.writeUInt16BE((flags & status.typeIsValid) === 0 ? dot1q : control.readUInt16LE(at + 34), 0);
        tag.writeUInt16BE(control.readUInt16LE(at + 32), 2);
        return tag;
      }
      at += (size + 7) & ~7;
    }
    return undefined;
  }
}
