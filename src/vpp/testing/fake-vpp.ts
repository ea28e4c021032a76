/** A small server that speaks the wire protocol of VPP, for tests of the client. Answers are given by the test. */

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileMessage, FRAME_HEADER } from '../codec/message.ts';
import type { MessageCodec } from '../codec/message.ts';
import { Writer } from '../codec/writer.ts';
import { FrameSplitter } from '../connection/frames.ts';
import { loadSchemaPack } from '../schema/pack.ts';
import type { SchemaPack } from '../schema/pack.ts';

/** A message that the fake VPP sends. */
export interface Sent {
  readonly name: string;
  readonly fields: object;
}

/** Fields of the reply, several messages (a list), or undefined: no answer. */
export type Answer = (
  fields: Readonly<Record<string, unknown>>,
  connection: FakeConnection,
) => object | readonly Sent[] | undefined;

export interface FakeVppOptions {
  /** Where its socket is. Default: in a folder of its own. */
  readonly path?: string;
  readonly pid?: number;
  readonly version?: string;
  /** Names of messages that it does not have. */
  readonly without?: readonly string[];
  /** CRCs that it has in place of the newest. */
  readonly crcs?: Readonly<Record<string, string>>;
  readonly answers?: Readonly<Record<string, Answer>>;
}

export interface FakeConnection {
  readonly socket: Socket;
  send(name: string, fields: object, context?: number): void;
}

export interface FakeVpp extends AsyncDisposable {
  readonly path: string;
  /** Names of requests in the order in which they came, without pings. */
  readonly requests: readonly string[];
  readonly connections: ReadonlySet<FakeConnection>;
  /** Number of pieces in which bytes came in. */
  readonly reads: number;
  stop(): Promise<void>;
}

export async function startFakeVpp(options: FakeVppOptions = {}): Promise<FakeVpp> {
  const folder = options.path === undefined ? mkdtempSync(join(tmpdir(), 'fake-vpp-')) : undefined;
  const path = options.path ?? join(folder!, 'api.sock');
  const fake = new Fake(path, folder, options, await loadSchemaPack());
  await fake.listen();
  return fake;
}

const CLIENT = 0x8000_0001;
const FIRST_ID = 15;

class Fake implements FakeVpp {
  readonly path: string;
  readonly requests: string[] = [];
  readonly connections = new Set<FakeConnection>();
  reads = 0;
  readonly #folder: string | undefined;
  readonly #options: FakeVppOptions;
  readonly #pack: SchemaPack;
  readonly #server: Server;
  readonly #ids = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #codecs = new Map<string, MessageCodec>();

  constructor(path: string, folder: string | undefined, options: FakeVppOptions, pack: SchemaPack) {
    this.path = path;
    this.#folder = folder;
    this.#options = options;
    this.#pack = pack;
    const without = new Set(options.without);
    // sockclnt_create and its reply are 15 and 16 in every VPP.
    const names = ['sockclnt_create', 'sockclnt_create_reply', ...pack.names(), ...Object.keys(options.crcs ?? {})];
    for (const name of new Set(names)) {
      if (without.has(name)) continue;
      this.#ids.set(name, FIRST_ID + this.#names.length);
      this.#names.push(name);
    }
    this.#server = createServer((socket) => this.#accept(socket));
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.path, resolve);
    });
  }

  async stop(): Promise<void> {
    for (const { socket } of this.connections) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #accept(socket: Socket): void {
    const connection: FakeConnection = {
      socket,
      send: (name, fields, context = 0) => void socket.write(this.#encode(name, fields, context)),
    };
    this.connections.add(connection);
    const frames = new FrameSplitter((bytes, view, at, end) => this.#receive(connection, bytes, view, at, end));
    socket.on('data', (chunk) => {
      this.reads++;
      frames.push(chunk);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => this.connections.delete(connection));
  }

  #receive(connection: FakeConnection, bytes: Uint8Array, view: DataView, at: number, end: number): void {
    const name = this.#names[view.getUint16(at) - FIRST_ID];
    if (name === undefined) return;
    if (name === 'sockclnt_create') {
      connection.socket.write(this.#table());
      return;
    }
    const codec = this.#codec(name);
    const context = view.getUint32(at + codec.contextAt!);
    const fields = codec.decode(bytes, view, at, end) as Readonly<Record<string, unknown>>;
    if (name !== 'control_ping') this.requests.push(name);
    const answer = this.#options.answers?.[name];
    const reply = answer ? answer(fields, connection) : this.#usual(name);
    if (Array.isArray(reply)) {
      for (const sent of reply as readonly Sent[]) connection.send(sent.name, sent.fields, context);
    } else if (reply !== undefined) {
      connection.send(this.#pack.service(name)?.reply ?? `${name}_reply`, reply, context);
    }
  }

  #usual(name: string): object | undefined {
    const { pid = 4711, version = '26.06-fake' } = this.#options;
    if (name === 'control_ping') return { vpe_pid: pid };
    if (name === 'show_version') return { program: 'vpe', version };
    return this.#pack.service(name)?.stream === true ? [] : {};
  }

  #encode(name: string, fields: object, context: number): Uint8Array {
    const writer = new Writer();
    this.#codec(name).encode(writer, this.#ids.get(name)!, CLIENT, context, fields);
    return writer.finish();
  }

  #codec(name: string): MessageCodec {
    let codec = this.#codecs.get(name);
    if (!codec) {
      const crc = this.#crc(name);
      codec = compileMessage(this.#pack.message(name, crc) ?? this.#pack.message(name, this.#pack.crcs(name).at(-1)!)!);
      this.#codecs.set(name, codec);
    }
    return codec;
  }

  #crc(name: string): string {
    return this.#options.crcs?.[name] ?? this.#pack.crcs(name).at(-1)!;
  }

  #table(): Buffer {
    const entries = this.#names.map((name) => [this.#ids.get(name)!, `${name}_${this.#crc(name)}`] as const);
    return tableFrame(CLIENT, entries);
  }
}

/** The frame of `sockclnt_create_reply`. */
export function tableFrame(client: number, entries: readonly (readonly [id: number, nameCrc: string])[]): Buffer {
  const frame = Buffer.alloc(FRAME_HEADER + 20 + entries.length * 66);
  frame.writeUInt32BE(frame.length - FRAME_HEADER, 8);
  frame.writeUInt16BE(16, FRAME_HEADER);
  frame.writeUInt32BE(client, FRAME_HEADER + 14);
  frame.writeUInt16BE(entries.length, FRAME_HEADER + 18);
  for (const [index, [id, text]] of entries.entries()) {
    const at = FRAME_HEADER + 20 + index * 66;
    frame.writeUInt16BE(id, at);
    frame.write(text, at + 2, 63, 'latin1');
  }
  return frame;
}
