import { crc32 } from 'node:zlib';

/**
 * The log on disk, little endian:
 *
 *     file   = "LIGASTOR" u16 version, u16 0, u32 id, u32 crc            then frames
 *     frame  = "LGF1" u8 kind, 3 x 0, u32 length, u32 crc, f64 sequence, u32 0, u32 header crc    then the payload
 *     record = u8 type, 3 x 0, u32 key length, u32 value length, u32 lease, f64 number    then key and value
 *
 * Frames come in this order: image parts, one image end, commits. An image is written to another file and renamed, so it
 * is never incomplete. A batch of transactions is one frame: only the last frame of a file can be torn by a crash, and
 * what it held was never acknowledged. The id seeds the header checksums, so that frames of another log, stored as a
 * value, are not taken for frames of this one.
 */
export const FORMAT_VERSION = 1;
export const FILE_HEADER = 20;
export const FRAME_HEADER = 32;
export const RECORD_HEADER = 24;
export const MAX_PAYLOAD = 2 ** 31 - 1;

const FILE_MAGIC = Buffer.from('LIGASTOR');
export const FRAME_MAGIC = Buffer.from('LGF1');

export const FrameKind = { commits: 1, imagePart: 2, imageEnd: 3 } as const;
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind];

export const RecordType = { commit: 1, put: 2, delete: 3, grant: 4, revoke: 5 } as const;

export interface FrameHead {
  readonly kind: FrameKind;
  readonly length: number;
  readonly crc: number;
  /** Commit frames count up by one over the life of the store; an image end carries that of the commits after it. */
  readonly sequence: number;
}

export function encodeFileHeader(id: number): Buffer {
  const header = Buffer.alloc(FILE_HEADER);
  FILE_MAGIC.copy(header);
  header.writeUInt16LE(FORMAT_VERSION, 8);
  header.writeUInt32LE(id, 12);
  header.writeUInt32LE(crc32(header.subarray(0, 16)), 16);
  return header;
}

export type FileHeader =
  | { readonly type: 'ours'; readonly id: number }
  | { readonly type: 'version'; readonly version: number }
  | { readonly type: 'damaged' }
  | { readonly type: 'foreign' };

export function decodeFileHeader(bytes: Buffer): FileHeader {
  if (bytes.length < FILE_MAGIC.length || !bytes.subarray(0, FILE_MAGIC.length).equals(FILE_MAGIC)) {
    return { type: 'foreign' };
  }
  if (bytes.length < FILE_HEADER || crc32(bytes.subarray(0, 16)) !== bytes.readUInt32LE(16)) return { type: 'damaged' };
  const version = bytes.readUInt16LE(8);
  return version === FORMAT_VERSION ? { type: 'ours', id: bytes.readUInt32LE(12) } : { type: 'version', version };
}

export function encodeFrameHead(target: Buffer, { kind, length, crc, sequence }: FrameHead, id: number): void {
  target.fill(0, 0, FRAME_HEADER);
  FRAME_MAGIC.copy(target);
  target.writeUInt8(kind, 4);
  target.writeUInt32LE(length, 8);
  target.writeUInt32LE(crc, 12);
  target.writeDoubleLE(sequence, 16);
  target.writeUInt32LE(crc32(target.subarray(0, 28), id), 28);
}

/** Undefined when these bytes are not the intact head of a frame. */
export function decodeFrameHead(bytes: Buffer, id: number): FrameHead | undefined {
  if (bytes.length < FRAME_HEADER || !bytes.subarray(0, 4).equals(FRAME_MAGIC)) return undefined;
  if (crc32(bytes.subarray(0, 28), id) !== bytes.readUInt32LE(28)) return undefined;
  const kind = bytes.readUInt8(4) as FrameKind;
  return { kind, length: bytes.readUInt32LE(8), crc: bytes.readUInt32LE(12), sequence: bytes.readDoubleLE(16) };
}
