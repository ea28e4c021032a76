import assert from 'node:assert/strict';
import { constants, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { type FileHandle, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openEmbeddedStore } from './embedded-store.ts';
import { FrameKind } from './format.ts';
import { FrameWriter } from './frame-writer.ts';
import type { LogRecord } from './record.ts';

test('a commit of one piece goes through the synced descriptor, what has several pieces is synced at its end', async () => {
  const written: string[] = [];
  const descriptor = (name: string) =>
    ({
      write(_bytes: Uint8Array, _offset: number, length: number) {
        written.push(name);
        return Promise.resolve({ bytesWritten: length });
      },
    }) as unknown as FileHandle;
  const write = async (bytes: number) => {
    written.length = 0;
    const entry = { key: 'k', revision: 1, lease: 0, value: new Uint8Array(1000) };
    const records: LogRecord[] = Array.from({ length: Math.ceil(bytes / 1000) }, () => ({ type: 'put', entry }));
    const writer = new FrameWriter(1);
    const { isWhole } = await writer.write(descriptor('plain'), 0, FrameKind.commits, 0, records, descriptor('synced'));
    return { isWhole, written: [...new Set(written)] };
  };
  assert.deepEqual(await write(1000), { isWhole: true, written: ['synced'] });
  assert.deepEqual(await write(200_000), { isWhole: true, written: ['synced'] });
  assert.deepEqual(await write(2_000_000), { isWhole: false, written: ['plain'] });
});

test('the log is open with O_DSYNC, also after it was rewritten, and closed with the store', async (t) => {
  const path = await scratch(t);
  const log = join(path, 'store.log');
  const store = await openEmbeddedStore({ path, compactAfter: 0 });
  assert.deepEqual(synced(log), [false, true]);
  const { ino } = statSync(log);
  while (statSync(log).ino === ino) await store.put('key', new Uint8Array(10_000));
  // Through the old one until it is closed.
  await store.put('key', new Uint8Array(0));
  assert.deepEqual(synced(log), [false, true]);
  await store.close();
  const again = await openEmbeddedStore({ path });
  assert.deepEqual(synced(log), [false, true]);
  await again.close();
  assert.deepEqual(synced(log), []);
});

/** Of each descriptor that this process has of a file: whether its writes are durable when they return. */
function synced(path: string): boolean[] {
  return readdirSync('/proc/self/fd')
    .filter((fd) => linkOf(fd) === path)
    .map((fd) => /^flags:\s+(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1])
    .map((flags) => (Number.parseInt(flags ?? '0', 8) & constants.O_DSYNC) !== 0)
    .sort((left, right) => Number(left) - Number(right));
}

/** Undefined for the descriptor of the listing itself. */
function linkOf(fd: string): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return undefined;
  }
}

async function scratch(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'ligature-log-'));
  t.after(() => rm(path, { recursive: true }));
  return path;
}
