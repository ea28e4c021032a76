/** A trace of everything that is said to VPP and heard from it, for support. */

import { createWriteStream, openSync } from 'node:fs';
import { FRAME_HEADER } from './codec/message.ts';
import type { FrameTap } from './connection/connection.ts';
import type { MessageTable } from './connection/message-table.ts';

/**
 * Appends a line for each message to a file (mode 0600): time, direction, context, name, fields as JSON. Keys and secrets are left out. For
 * `VppOptions.tap`. Throws the system's error when the file cannot be opened. A file that cannot be written later must not disturb what
 * is traced: the trace ends, and `failed` is told.
 */
export function traceToFile(path: string, failed: (error: Error) => void = () => undefined): FrameTap {
  const file = createWriteStream(path, { fd: openSync(path, 'a', 0o600) });
  file.once('error', failed);
  file.on('error', () => undefined);
  let table: MessageTable | undefined;
  const put = (direction: '>' | '<', frame: Uint8Array): void => {
    if (file.writable) file.write(`${new Date().toISOString()} ${direction} ${describe(table, frame)}\n`);
  };
  return {
    opened(opened) {
      table = opened;
    },
    sent: (frame) => put('>', frame),
    received: (frame) => put('<', frame),
  };
}

function describe(table: MessageTable | undefined, frame: Uint8Array): string {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const id = view.getUint16(FRAME_HEADER);
  const name = table?.at(id)?.name;
  if (!table || name === undefined) return `message ${id}, ${frame.length - FRAME_HEADER} bytes`;
  if (table.missing(name) !== undefined) return `${name}, ${frame.length - FRAME_HEADER} bytes of unknown form`;
  const codec = table.codec(name);
  const context = codec.contextAt === undefined ? '-' : view.getUint32(FRAME_HEADER + codec.contextAt);
  try {
    const fields = codec.decode(frame, view, FRAME_HEADER, frame.length);
    return `${context} ${name} ${JSON.stringify(fields, presentable)}`;
  } catch (error) {
    return `${context} ${name} ${String(error)}`;
  }
}

/** Names of fields whose content is nobody's business. */
const SECRET = /(^|_)(key|certkey|psk|secret|password|private_key|crypto_key|integrity_key)$/;

function presentable(name: string, value: unknown): unknown {
  if (SECRET.test(name)) return '(left out)';
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return value;
}
