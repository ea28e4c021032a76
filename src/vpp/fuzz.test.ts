/** Whatever comes in: a typed error, never a crash, a hang or memory without bounds. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { connectVpp } from './client.ts';
import { compileMessage, FRAME_HEADER } from './codec/message.ts';
import { FrameSplitter } from './connection/frames.ts';
import { VppError } from './errors.ts';
import { ApiModules, readApiModule } from './schema/api-json.ts';
import { loadSchemaPack } from './schema/pack.ts';
import { startFakeVpp, tableFrame } from './testing/fake-vpp.ts';

const pack = await loadSchemaPack();
const definitions = [...pack.names()].map((name) => pack.message(name, pack.crcs(name).at(-1)!)!);

function isTyped(error: unknown): true {
  assert.ok(error instanceof VppError, String(error));
  return true;
}

test('any bytes as any message', () => {
  fc.assert(
    fc.property(fc.constantFrom(...definitions), fc.uint8Array({ maxLength: 600 }), (definition, bytes) => {
      const frame = Uint8Array.from([...Buffer.alloc(FRAME_HEADER), ...bytes]);
      try {
        compileMessage(definition).decode(frame, new DataView(frame.buffer), FRAME_HEADER, frame.length);
      } catch (error) {
        isTyped(error);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('a count of more than there is takes no memory', () => {
  const definition = definitions.find(({ name }) => name === 'cli_inband_reply')!;
  const frame = new Uint8Array(FRAME_HEADER + 14);
  const view = new DataView(frame.buffer);
  view.setUint32(FRAME_HEADER + 10, 0xffff_fff0);
  assert.throws(() => compileMessage(definition).decode(frame, view, FRAME_HEADER, frame.length), isTyped);
});

test('frames arrive whole however they are cut, and oversized ones are refused', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 2, maxLength: 300 }), { maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
      (messages, cuts) => {
        const stream = Buffer.concat(messages.map((message) => framed(message)));
        const seen: string[] = [];
        const frames = new FrameSplitter((bytes, _view, at, end) =>
          seen.push(Buffer.from(bytes.subarray(at, end)).toString('hex')),
        );
        for (let at = 0, turn = 0; at < stream.length; turn++) {
          const length = cuts[turn % cuts.length]!;
          frames.push(stream.subarray(at, at + length));
          at += length;
        }
        assert.deepEqual(
          seen,
          messages.map((message) => Buffer.from(message).toString('hex')),
        );
        assert.equal(frames.isInside, false);
      },
    ),
  );
  const header = Buffer.alloc(FRAME_HEADER);
  header.writeUInt32BE(0xffff_ffff, 8);
  for (const cut of [FRAME_HEADER, 3]) {
    const frames = new FrameSplitter(() => undefined);
    assert.throws(() => {
      frames.push(header.subarray(0, cut));
      frames.push(header.subarray(cut));
      frames.push(Buffer.alloc(1));
    }, isTyped);
  }
});

test('definitions that make no sense, or mean harm', () => {
  const harmful = [
    { messages: [['a;process.exit()', { crc: '0x1' }]] },
    { messages: [['m', ['u8', 'x"]; process.exit(); ["'], { crc: '0x1' }]] },
    { messages: [['m', ['u8', '__proto__'], { crc: '0x1' }]] },
    { messages: [['m', ['vl_api_t_t', 'x'], { crc: '0x1' }]], types: [['t', ['vl_api_t_t', 'x']]] },
    { messages: [['m', ['u8', 'x', 1e12], { crc: '0x1' }]] },
    { messages: [['m', ['u8', 'x', 0, 'none'], { crc: '0x1' }]] },
    { messages: [['m', ['vl_api_e_t', 'x', 0, 'n'], { crc: '0x1' }]], types: [['e']] },
    { messages: [['m', ['u32', 'n'], ['vl_api_e_t', 'x', 0, 'n'], { crc: '0x1' }]], types: [['e']] },
    { messages: [['m', ['vl_api_a_t', 'x', 60_000], { crc: '0x1' }]], types: [['a', ['u8', 'b', 60_000]]] },
    { messages: 7 },
    { enums: [['e', ['A', 'B'], { enumtype: 'u8' }]] },
    { aliases: { a: { type: 'u8', length: -1 } } },
  ];
  for (const json of harmful) {
    try {
      for (const message of readApiModule(json).messages) compileMessage(message);
      assert.fail(`${JSON.stringify(json)} was taken`);
    } catch (error) {
      assert.ok(
        error instanceof VppError && error.code === 'invalid-definition',
        `${JSON.stringify(json)}: ${String(error)}`,
      );
    }
  }
  fc.assert(
    fc.property(fc.json(), (text) => {
      try {
        new ApiModules().add(readApiModule(JSON.parse(text)));
      } catch (error) {
        isTyped(error);
      }
    }),
  );
});

/** A server that sends what it is told to, once a client has said hello. */
async function withServer(answer: (socket: Socket) => void, use: (path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'vpp-fuzz-'));
  const path = join(folder, 'api.sock');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => answer(socket));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  try {
    await use(path);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    rmSync(folder, { recursive: true });
  }
}

test('garbage in place of a message table', async () => {
  const table = tableFrame(1, [[16, 'sockclnt_create_reply_35166268']]);
  const lying = Buffer.from(table);
  lying.writeUInt16BE(60_000, FRAME_HEADER + 18);
  const garbage = [
    Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
    Buffer.alloc(40, 0xff),
    framed(Buffer.from([0, 99])),
    lying,
    tableFrame(1, []),
    table.subarray(0, 30),
  ];
  for (const bytes of garbage) {
    await withServer(
      (socket) => socket.end(bytes),
      async (path) => {
        await assert.rejects(connectVpp({ path }), isTyped);
      },
    );
  }
  await withServer(
    (socket) => socket.end(),
    async (path) => {
      await assert.rejects(connectVpp({ path }), isTyped);
    },
  );
});

test('unknown ids, replies of others, cut messages and an end in the middle of one', async () => {
  await using fake = await startFakeVpp({ answers: { delete_loopback: () => undefined } });
  const vpp = await connectVpp({ path: fake.path, timeout: 300, backoff: { first: 5, most: 10 } });
  const [connection] = [...fake.connections];
  const waiting = vpp.request('delete_loopback').catch((error: unknown) => error);
  await vpp.request('control_ping');
  connection!.socket.write(framed(Buffer.from([0xff, 0xfe, 1, 2, 3])));
  connection!.socket.write(framed(Buffer.from([0, 16])));
  connection!.send('create_loopback_reply', { sw_if_index: 5 }, 99_999);
  await vpp.request('control_ping');
  assert.ok(vpp.statistics().unmatched >= 3);
  // A reply to another question with our context.
  connection!.send('create_loopback_reply', {}, 3);
  isTyped(await waiting);
  const cut = vpp.request('delete_loopback').catch((error: unknown) => error);
  await vpp.request('control_ping');
  connection!.socket.end(Buffer.alloc(FRAME_HEADER + 1, 0).fill(9, 11, 12));
  const error = await cut;
  isTyped(error);
  assert.match((error as Error).message, /in the middle of a message/);
  await vpp.close();
});

function framed(message: Uint8Array): Buffer {
  const frame = Buffer.alloc(FRAME_HEADER + message.length);
  frame.writeUInt32BE(message.length, 8);
  frame.set(message, FRAME_HEADER);
  return frame;
}
