import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import fc from 'fast-check';
import { StoreError } from '../errors.ts';
import { openEmbeddedStore } from './embedded-store.ts';
import { FILE_HEADER, FORMAT_VERSION, encodeFileHeader } from './format.ts';

describe('embedded store, damaged', () => {
  it('drops a torn last batch, wherever it was cut, and reports it', async (t) => {
    const { path, log, ends } = await written(t, 4);
    const whole = await readFile(log);
    const last = ends.at(-2) ?? 0;
    for (let cut = last; cut < whole.length; cut += 7) {
      await writeFile(log, whole.subarray(0, cut));
      const problems: StoreError[] = [];
      const store = await openEmbeddedStore({ path, onProblem: (problem) => problems.push(problem) });
      assert.deepEqual(
        (await store.list('')).entries.map(({ key }) => key),
        ['k0', 'k1', 'k2'],
      );
      assert.equal(problems.length, cut === last ? 0 : 1);
      await store.put('again', new Uint8Array(3));
      await store.close();
      const again = await openEmbeddedStore({ path });
      assert.deepEqual(
        (await again.list('')).entries.map(({ key }) => key),
        ['again', 'k0', 'k1', 'k2'],
      );
      await again.close();
    }
  });

  it('refuses, changing nothing, when any byte before the last batch differs', async (t) => {
    const { path, log, ends } = await written(t, 4);
    const whole = await readFile(log);
    const place = fc.integer({ min: 0, max: (ends.at(-2) ?? 0) - 1 });
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const bytes = Buffer.from(whole);
        bytes.writeUInt8(bytes.readUInt8(at) ^ flip, at);
        await writeFile(log, bytes);
        await rejectsAsCorrupt(path, log);
        assert.ok((await readFile(log)).equals(bytes), 'the file is as it was');
      }),
    );
  });

  it('names the path and what to do when the file is foreign, empty, cut or of another format', async (t) => {
    const { path, log } = await written(t, 1);
    const whole = await readFile(log);
    const newer = encodeFileHeader(1);
    newer.writeUInt16LE(FORMAT_VERSION + 1, 8);
    const cases: [Buffer, RegExp][] = [
      [Buffer.from('vppConfig: {}\n'), /is not a Ligature store\. Configure another path, or move the file away/],
      [Buffer.alloc(0), /is not a Ligature store/],
      [Buffer.alloc(whole.length), /is not a Ligature store/],
      [whole.subarray(0, FILE_HEADER - 3), /is damaged at byte 0\. Restore it from a backup/],
      [whole.subarray(0, FILE_HEADER + 10), /is damaged at byte 20/],
      [withChecksum(newer), /has store format 2, this program reads 1\. Use the release that wrote it/],
    ];
    for (const [bytes, message] of cases) {
      await writeFile(log, bytes);
      await rejectsAsCorrupt(path, log, message);
      assert.ok((await readFile(log)).equals(bytes), 'the file is as it was');
    }
  });

  it('takes a log inside a value for a value', async (t) => {
    const { path, log, ends } = await written(t, 3);
    const inner = await readFile(log);
    const store = await openEmbeddedStore({ path });
    await store.put('inner', inner);
    await store.close();
    await writeFile(log, (await readFile(log)).subarray(0, -1));
    const again = await openEmbeddedStore({ path });
    assert.equal((await again.list('')).entries.length, 3, `a torn value with ${ends.length} frames in it`);
    await again.close();
  });
});

/** A store with transactions k0, k1, ...; `ends[i]`: size of the log after the i-th. */
async function written(t: TestContext, count: number): Promise<{ path: string; log: string; ends: number[] }> {
  const path = await mkdtemp(join(tmpdir(), 'ligature-damage-'));
  t.after(() => rm(path, { recursive: true }));
  const log = join(path, 'store.log');
  const store = await openEmbeddedStore({ path });
  const ends: number[] = [];
  for (let i = 0; i < count; i++) {
    await store.put(`k${i}`, new Uint8Array(40).fill(i));
    ends.push((await stat(log)).size);
  }
  await store.close();
  return { path, log, ends };
}

async function rejectsAsCorrupt(path: string, log: string, message = /Nothing was changed/): Promise<void> {
  await assert.rejects(openEmbeddedStore({ path }), (error: unknown) => {
    assert.ok(error instanceof StoreError, String(error));
    assert.equal(error.code, 'corrupt');
    assert.ok(error.message.includes(log), error.message);
    assert.match(error.message, message);
    return true;
  });
}

function withChecksum(header: Buffer): Buffer {
  // The checksum covers the version: take it from a header made with that version in place.
  const { crc32 } = process.getBuiltinModule('node:zlib');
  header.writeUInt32LE(crc32(header.subarray(0, 16)), 16);
  return header;
}
