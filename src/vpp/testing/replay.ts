/** A server that plays a cassette: it answers what was asked in the recording, byte for byte, and nothing else. */

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FRAME_HEADER } from '../codec/message.ts';
import { FrameSplitter } from '../connection/frames.ts';
import { MessageTable } from '../connection/message-table.ts';
import { loadSchemaPack } from '../schema/pack.ts';
import { mask } from './cassette.ts';
import type { Cassette, CassetteLine } from './cassette.ts';
import { tableFrame } from './fake-vpp.ts';

export interface Replay extends AsyncDisposable {
  readonly path: string;
  /** What was asked but not recorded, or recorded but not asked. Empty when all went as in the recording. */
  problems(): readonly string[];
}

export async function startReplay(cassette: Cassette): Promise<Replay> {
  const pack = await loadSchemaPack();
  const entries = cassette.table.map(([id, nameCrc]) => ({ id, name: nameCrc.slice(0, -9), crc: nameCrc.slice(-8) }));
  const server = new ReplayServer(cassette, new MessageTable(pack, entries));
  await server.listen();
  return server;
}

const CLIENT = 0x8000_0002;

class ReplayServer implements Replay {
  readonly #folder = mkdtempSync(join(tmpdir(), 'vpp-replay-'));
  readonly path = join(this.#folder, 'api.sock');
  readonly #cassette: Cassette;
  readonly #table: MessageTable;
  readonly #server: Server;
  readonly #problems: string[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #played: Conversation[];
  #next = 0;

  constructor(cassette: Cassette, table: MessageTable) {
    this.#cassette = cassette;
    this.#table = table;
    this.#played = cassette.connections.map((lines) => new Conversation(lines));
    this.#server = createServer((socket) => this.#accept(socket));
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.path, resolve);
    });
  }

  problems(): readonly string[] {
    const unasked = this.#played.flatMap((conversation) => conversation.rest());
    return [...this.#problems, ...unasked.map(({ name, hex }) => `recorded, but not asked: ${name} ${hex}`)];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    const conversation = this.#played[this.#next++];
    const frames = new FrameSplitter((bytes, _view, at, end) => {
      this.#receive(socket, conversation, Buffer.from(bytes.subarray(at, end)));
    });
    socket.on('data', (chunk) => frames.push(chunk));
    socket.on('error', () => undefined);
  }

  #receive(socket: Socket, conversation: Conversation | undefined, message: Buffer): void {
    if (message.readUInt16BE(0) === 15) {
      socket.write(tableFrame(CLIENT, this.#cassette.table));
      return;
    }
    const name = this.#table.at(message.readUInt16BE(0))?.name ?? 'a message of no name';
    const context = message.readUInt32BE(6);
    if (name === 'control_ping') {
      socket.write(this.#pong(context));
      return;
    }
    mask(message, 6);
    const answers = conversation?.take(message.toString('hex'));
    if (!answers) {
      this.#problems.push(`asked, but not recorded: ${name} ${message.toString('hex')}`);
      socket.destroy();
      return;
    }
    for (const answer of answers) socket.write(this.#frame(answer, context));
  }

  #frame({ kind, name, hex }: CassetteLine, context: number): Buffer {
    const message = Buffer.from(hex, 'hex');
    const { contextAt } = this.#table.codec(name);
    if (kind === 'reply') message.writeUInt32BE(context, contextAt!);
    return framed(message);
  }

  #pong(context: number): Buffer {
    const message = Buffer.alloc(18);
    message.writeUInt16BE(this.#table.find('control_ping_reply')!.id, 0);
    message.writeUInt32BE(context, 2);
    message.writeUInt32BE(this.#cassette.pid, 14);
    return framed(message);
  }
}

/** Requests with the same bytes are answered in the order in which they were recorded; others in any. */
class Conversation {
  readonly #requests = new Map<string, { readonly name: string; readonly answers: CassetteLine[] }[]>();

  constructor(lines: readonly CassetteLine[]) {
    const byNumber = new Map<number, CassetteLine[]>();
    let last: CassetteLine[] = [];
    for (const line of lines) {
      if (line.kind === 'request') {
        const answers: CassetteLine[] = [];
        byNumber.set(line.number, answers);
        this.#requests.set(line.hex, [...(this.#requests.get(line.hex) ?? []), { name: line.name, answers }]);
        continue;
      }
      if (line.kind === 'reply') last = byNumber.get(line.number)!;
      last.push(line);
    }
  }

  take(hex: string): readonly CassetteLine[] | undefined {
    return this.#requests.get(hex)?.shift()?.answers;
  }

  rest(): readonly { readonly name: string; readonly hex: string }[] {
    return [...this.#requests].flatMap(([hex, requests]) => requests.map(({ name }) => ({ name, hex })));
  }
}

function framed(message: Buffer): Buffer {
  const frame = Buffer.alloc(FRAME_HEADER + message.length);
  frame.writeUInt32BE(message.length, 8);
  message.copy(frame, FRAME_HEADER);
  return frame;
}
