import type { Operation } from '../local/journal.ts';
import type { Slab } from '../local/slab.ts';
import { RECORD_HEADER, RecordType } from './format.ts';

const NOTHING = new Uint8Array(0);

/** One record: the begin of a commit, or an operation of it. */
export type LogRecord = Operation | { readonly type: 'commit'; readonly revision: number };

/** The most bytes a record can take: a UTF-16 unit is at most three bytes of UTF-8. */
export function sizeBound(record: LogRecord): number {
  if (record.type === 'put') return RECORD_HEADER + record.entry.key.length * 3 + record.entry.value.length;
  return RECORD_HEADER + (record.type === 'delete' ? record.key.length * 3 : 0);
}

/** Writes a record at `offset`, which must have room for `sizeBound`; gives the offset after it. */
export function encodeRecord(target: Buffer, offset: number, record: LogRecord): number {
  switch (record.type) {
    case 'commit':
      return encode(target, offset, RecordType.commit, '', NOTHING, 0, record.revision);
    case 'put': {
      const { key, value, lease, revision } = record.entry;
      return encode(target, offset, RecordType.put, key, value, lease, revision);
    }
    case 'delete':
      return encode(target, offset, RecordType.delete, record.key, NOTHING, 0, 0);
    case 'grant':
      return encode(target, offset, RecordType.grant, '', NOTHING, record.lease, record.ttl);
    case 'revoke':
      return encode(target, offset, RecordType.revoke, '', NOTHING, record.lease, 0);
  }
}

function encode(
  target: Buffer,
  offset: number,
  type: number,
  key: string,
  value: Uint8Array,
  lease: number,
  number: number,
): number {
  const keyLength = target.write(key, offset + RECORD_HEADER);
  target.writeUInt32LE(type, offset);
  target.writeUInt32LE(keyLength, offset + 4);
  target.writeUInt32LE(value.length, offset + 8);
  target.writeUInt32LE(lease, offset + 12);
  target.writeDoubleLE(number, offset + 16);
  target.set(value, offset + RECORD_HEADER + keyLength);
  return offset + RECORD_HEADER + keyLength + value.length;
}

/** Reads the record at `offset`. Undefined when the bytes are no record: the frame was written by something else. */
export function decodeRecord(
  source: Buffer,
  offset: number,
  slab: Slab,
): { readonly record: LogRecord; readonly end: number } | undefined {
  if (offset + RECORD_HEADER > source.length) return undefined;
  const keyStart = offset + RECORD_HEADER;
  const valueStart = keyStart + source.readUInt32LE(offset + 4);
  const end = valueStart + source.readUInt32LE(offset + 8);
  if (end > source.length) return undefined;
  const lease = source.readUInt32LE(offset + 12);
  const number = source.readDoubleLE(offset + 16);
  const key = source.toString('utf8', keyStart, valueStart);
  switch (source.readUInt32LE(offset)) {
    case RecordType.commit:
      return { record: { type: 'commit', revision: number }, end };
    case RecordType.put: {
      const value = slab.copy(source.subarray(valueStart, end));
      return { record: { type: 'put', entry: { key, value, revision: number, lease } }, end };
    }
    case RecordType.delete:
      return { record: { type: 'delete', key }, end };
    case RecordType.grant:
      return { record: { type: 'grant', lease, ttl: number }, end };
    case RecordType.revoke:
      return { record: { type: 'revoke', lease }, end };
    default:
      return undefined;
  }
}
