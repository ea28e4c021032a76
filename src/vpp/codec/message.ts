/** Codecs of whole messages. */

import { VppError } from '../errors.ts';
import type { Field, MessageDefinition, Scope } from '../schema/definition.ts';
import { Reader } from './reader.ts';
import { StructText } from './struct-text.ts';
import { TypeCodecs } from './types.ts';
import type { Writer } from './writer.ts';

/** Bytes in front of every message: u64, u32 length, u32; all big endian. */
export const FRAME_HEADER = 16;

export interface MessageCodec {
  readonly name: string;
  readonly crc: string;
  /** Where the context is in the message, counted from its id; undefined for events. */
  readonly contextAt: number | undefined;
  /** Writes a frame. Nothing is left in the writer when it throws (VppError `invalid-field`). */
  encode(writer: Writer, id: number, client: number, context: number, fields: object): void;
  /** Reads a message that begins (with its id) at `at`. Throws VppError `malformed`. */
  decode(bytes: Uint8Array, view: DataView, at: number, end: number): object;
}

const codecsOf = new WeakMap<Scope, TypeCodecs>();

/** Throws VppError `invalid-definition`. */
export function compileMessage({ name, crc, fields, scope }: MessageDefinition): MessageCodec {
  let types = codecsOf.get(scope);
  if (!types) codecsOf.set(scope, (types = new TypeCodecs(scope)));
  const { clientAt, contextAt, size, count } = headOf(fields);
  const body = new StructText(name, fields.slice(count), types).struct();
  return {
    name,
    crc,
    contextAt,
    encode(writer, id, client, context, values) {
      const start = writer.length;
      try {
        const at = writer.take(FRAME_HEADER + size + (body.size ?? 0));
        if (body.size === undefined) body.write(writer, values);
        else body.write(writer.bytes, writer.view, at + FRAME_HEADER + size, values);
        const { view } = writer;
        view.setUint32(at + 8, writer.length - at - FRAME_HEADER);
        view.setUint16(at + FRAME_HEADER, id);
        if (clientAt !== undefined) view.setUint32(at + FRAME_HEADER + clientAt, client);
        if (contextAt !== undefined) view.setUint32(at + FRAME_HEADER + contextAt, context);
      } catch (error) {
        writer.cut(start);
        throw error;
      }
    },
    decode(bytes, view, at, end) {
      const from = at + size;
      if (body.size === undefined) {
        if (from > end) throw tooShort(name, end - at);
        return body.read(new Reader(bytes, view, from, end));
      }
      if (from + body.size > end) throw tooShort(name, end - at);
      return body.read(bytes, view, from);
    },
  };
}

interface Head {
  readonly clientAt: number | undefined;
  readonly contextAt: number | undefined;
  /** Bytes, id included. */
  readonly size: number;
  /** Fields, id not included. */
  readonly count: number;
}

/** The id, then client and context in whichever order the definition has. Further behind these are fields like others. */
function headOf(fields: readonly Field[]): Head {
  const count = headFields(fields);
  const place = (name: string): number | undefined => {
    const index = fields.slice(0, count).findIndex((field) => field.name === name);
    return index < 0 ? undefined : 2 + index * 4;
  };
  return { clientAt: place('client_index'), contextAt: place('context'), size: 2 + count * 4, count };
}

/** How many of the first fields are the head of the message. */
export function headFields(fields: readonly Field[]): number {
  let count = 0;
  while (count < 2 && isHead(fields[count]) && fields[count]?.name !== fields[count - 1]?.name) count++;
  return count;
}

function isHead(field: Field | undefined): boolean {
  if (field?.type !== 'u32' || field.repeat !== undefined) return false;
  return field.name === 'client_index' || field.name === 'context';
}

function tooShort(name: string, length: number): VppError {
  return new VppError('malformed', `${name}: ${length} bytes are too few for it`, { api: name });
}
