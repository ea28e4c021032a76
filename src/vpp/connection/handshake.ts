/** The two messages that are the same in every VPP, by which a client learns the numbers of all others. */

import { FRAME_HEADER } from '../codec/message.ts';
import { readText } from '../codec/values.ts';
import { VppError } from '../errors.ts';
import type { TableEntry } from './message-table.ts';

const SOCKCLNT_CREATE = 15;
const SOCKCLNT_CREATE_REPLY = 16;
const NAME_SIZE = 64;
const ENTRY_SIZE = 2 + NAME_SIZE;
const FIXED_SIZE = 20;

/** The frame of `sockclnt_create { u16 id, u32 context, string name[64] }`. */
export function createClientFrame(name: string): Buffer {
  const frame = Buffer.alloc(FRAME_HEADER + 6 + NAME_SIZE);
  frame.writeUInt32BE(frame.length - FRAME_HEADER, 8);
  frame.writeUInt16BE(SOCKCLNT_CREATE, FRAME_HEADER);
  frame.write(name.slice(0, NAME_SIZE - 1), FRAME_HEADER + 6, 'latin1');
  return frame;
}

export interface Welcome {
  /** Stands in every request. */
  readonly client: number;
  readonly entries: readonly TableEntry[];
}

/**
 * Reads `sockclnt_create_reply { u16 id, u32 client, u32 context, i32 response, u32 index, u16 count, { u16 id, u8 name[64] }[] }`.
 * Throws VppError `malformed` or `refused`.
 */
export function readWelcome(bytes: Uint8Array, view: DataView, at: number, end: number): Welcome {
  if (end - at < FIXED_SIZE || view.getUint16(at) !== SOCKCLNT_CREATE_REPLY) throw malformed('is another message');
  const response = view.getInt32(at + 10);
  if (response < 0) throw new VppError('refused', `VPP refuses the client (${response})`, { api: 'sockclnt_create' });
  const count = view.getUint16(at + 18);
  if (at + FIXED_SIZE + count * ENTRY_SIZE > end) throw malformed(`ends before its ${count} entries`);
  const entries: TableEntry[] = [];
  for (let index = 0, from = at + FIXED_SIZE; index < count; index++, from += ENTRY_SIZE) {
    const text = readText(bytes, from + 2, NAME_SIZE);
    const match = /^([A-Za-z_][A-Za-z0-9_]*)_([0-9a-f]{8})/.exec(text);
    if (match) entries.push({ id: view.getUint16(from), name: match[1]!, crc: match[2]! });
  }
  const own = entries.find(({ name }) => name === 'sockclnt_create_reply');
  if (own?.id !== SOCKCLNT_CREATE_REPLY) throw malformed('does not list itself');
  return { client: view.getUint32(at + 14), entries };
}

function malformed(problem: string): VppError {
  return new VppError('malformed', `the message table of VPP ${problem}`, { api: 'sockclnt_create_reply' });
}
