/**
 * Recorded conversations with a real VPP. A cassette is text: what was asked, in bytes, and what came back, so that a change of
 * what is sent is seen in a diff and fails in a replay.
 *
 *     vpp 26.06-release          the release, as show_version told it
 *     pid 3133
 *     table 0f3a...              its message table, in a folder of tables (many cassettes share one)
 *     connection                 one for each time the client connected
 *     > 1 create_loopback 0421...   a request: its number, name, and bytes from the message id on, client and context zero;
 *                                   (12) stands for twelve zero bytes
 *     < 1 create_loopback_reply ... an answer to request 1, context zero
 *     ! sw_interface_event ...      an event, after what stands before it
 *
 * Pings are left out: they say when lists end, and are answered by the replay itself.
 */

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FRAME_HEADER } from '../codec/message.ts';
import { Writer } from '../codec/writer.ts';
import type { FrameTap } from '../connection/connection.ts';
import type { MessageTable } from '../connection/message-table.ts';

export interface Cassette {
  readonly release: string;
  readonly pid: number;
  readonly table: readonly (readonly [id: number, nameCrc: string])[];
  readonly connections: readonly (readonly CassetteLine[])[];
}

export type CassetteLine =
  | { readonly kind: 'request' | 'reply'; readonly number: number; readonly name: string; readonly hex: string }
  | { readonly kind: 'event'; readonly name: string; readonly hex: string };

/** `tables` is the folder of message tables. */
export function readCassette(path: string, tables: string): Cassette {
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  const header = new Map<string, string>();
  const connections: CassetteLine[][] = [];
  for (const line of lines) {
    const [first = '', ...rest] = line.split(' ');
    if (first === 'connection') connections.push([]);
    else if (first === '!') connections.at(-1)!.push({ kind: 'event', name: rest[0]!, hex: lengthened(rest[1]!) });
    else if (first === '>' || first === '<') {
      const [number, name, hex] = rest as [string, string, string];
      connections
        .at(-1)!
        .push({ kind: first === '>' ? 'request' : 'reply', number: Number(number), name, hex: lengthened(hex) });
    } else header.set(first, rest.join(' '));
  }
  const table = readFileSync(join(tables, `${header.get('table')}.txt`), 'utf8')
    .trim()
    .split('\n');
  return {
    release: header.get('vpp')!,
    pid: Number(header.get('pid')),
    table: table.map((entry) => {
      const [id, nameCrc] = entry.split(' ') as [string, string];
      return [Number(id), nameCrc] as const;
    }),
    connections,
  };
}

/** Runs of zero bytes as `(length)`: most of a message. */
function shortened(bytes: Buffer): string {
  return bytes.toString('hex').replaceAll(/(?<=^(?:..)*)(?:00){6,}/g, (zeroes) => `(${zeroes.length / 2})`);
}

function lengthened(text: string): string {
  return text.replaceAll(/\((\d+)\)/g, (_, count: string) => '00'.repeat(Number(count)));
}

/** Takes down what clients say to a VPP and hear from it. */
export class Recorder {
  readonly #connections: ConnectionRecorder[] = [];

  /** For the client's options; every client its own. */
  tap(): FrameTap {
    return new ClientTap(this.#connections);
  }

  write(path: string, tables: string, release: string, pid: number): void {
    const table = `${this.#connections[0]!.tableText}\n`;
    const sha = createHash('sha256').update(table).digest('hex').slice(0, 16);
    mkdirSync(dirname(path), { recursive: true });
    mkdirSync(tables, { recursive: true });
    const tablePath = join(tables, `${sha}.txt`);
    if (!existsSync(tablePath)) writeFileSync(tablePath, table);
    const lines = [`vpp ${release}`, `pid ${pid}`, `table ${sha}`];
    for (const { lines: said } of this.#connections) lines.push('connection', ...said);
    const text = `${lines.join('\n')}\n`;
    // The same conversation with another process is no news.
    if (existsSync(path) && withoutPid(readFileSync(path, 'utf8')) === withoutPid(text)) return;
    writeFileSync(path, text);
  }
}

function withoutPid(text: string): string {
  return text.replace(/^pid .*$/m, '');
}

class ClientTap implements FrameTap {
  readonly #connections: ConnectionRecorder[];
  #current: ConnectionRecorder | undefined;

  constructor(connections: ConnectionRecorder[]) {
    this.#connections = connections;
  }

  opened(table: MessageTable): void {
    this.#current = new ConnectionRecorder(table);
    this.#connections.push(this.#current);
  }

  sent(frame: Uint8Array): void {
    if (!isHandshake(frame)) this.#current?.sent(frame.subarray(FRAME_HEADER));
  }

  received(frame: Uint8Array): void {
    if (!isHandshake(frame)) this.#current?.received(frame.subarray(FRAME_HEADER));
  }
}

/** sockclnt_create and its reply: 15 and 16 in every VPP. */
function isHandshake(frame: Uint8Array): boolean {
  return frame[FRAME_HEADER] === 0 && (frame[FRAME_HEADER + 1] === 15 || frame[FRAME_HEADER + 1] === 16);
}

class ConnectionRecorder {
  readonly lines: string[] = [];
  readonly tableText: string;
  readonly #table: MessageTable;
  readonly #numbers = new Map<number, number>();
  #count = 0;

  constructor(table: MessageTable) {
    this.#table = table;
    this.tableText = [...table.entries()]
      .toSorted((left, right) => left.id - right.id)
      .map(({ id, name, crc }) => `${id} ${name}_${crc}`)
      .join('\n');
  }

  sent(message: Uint8Array): void {
    const { name, bytes, context } = this.#take(message);
    if (name === 'control_ping') return;
    this.#numbers.set(context!, ++this.#count);
    this.lines.push(`> ${this.#count} ${name} ${shortened(bytes)}`);
  }

  received(message: Uint8Array): void {
    const { name, bytes, context } = this.#take(message);
    if (name === 'control_ping_reply') return;
    if (context === undefined) this.lines.push(`! ${name} ${shortened(bytes)}`);
    else this.lines.push(`< ${this.#numbers.get(context)} ${name} ${shortened(bytes)}`);
  }

  /** Of the machine that VPP was built on nothing is kept. */
  #forgetWhereItWasBuilt(bytes: Buffer): void {
    const codec = this.#table.codec('show_version_reply');
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { version } = codec.decode(bytes, view, 0, bytes.length) as { readonly version: string };
    const writer = new Writer();
    codec.encode(writer, bytes.readUInt16BE(0), 0, 0, { program: 'vpe', version });
    bytes.set(writer.finish().subarray(FRAME_HEADER));
  }

  #take(message: Uint8Array): { readonly name: string; readonly bytes: Buffer; readonly context: number | undefined } {
    const bytes = Buffer.from(message);
    const { name } = this.#table.at(bytes.readUInt16BE(0))!;
    const { contextAt } = this.#table.codec(name);
    const context = contextAt === undefined ? undefined : bytes.readUInt32BE(contextAt);
    mask(bytes, contextAt);
    if (name === 'show_version_reply') this.#forgetWhereItWasBuilt(bytes);
    return { name, bytes, context };
  }
}

/** What differs from run to run: the client's number, in front of the context, and the context. */
export function mask(bytes: Buffer, contextAt: number | undefined): void {
  bytes.fill(0, 2, contextAt === undefined ? 6 : contextAt + 4);
}
