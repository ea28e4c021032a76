import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { StoreError } from '../errors.ts';
import { openEmbeddedStore } from './embedded-store.ts';

describe('embedded store, its files', () => {
  it('lets only the owner in', async (t) => {
    const path = join(await scratch(t), 'new', 'store');
    const store = await openEmbeddedStore({ path });
    await store.put('a', new Uint8Array(1));
    assert.equal((await stat(path)).mode & 0o777, 0o700);
    const files = await readdir(path);
    assert.ok(files.includes('store.log'));
    for (const file of files) assert.equal((await stat(join(path, file))).mode & 0o777, 0o600, file);
    await store.close();
  });

  it('is refused to a second process, naming the first, and free when that is killed', async (t) => {
    const path = await scratch(t);
    const holder = spawn(process.execPath, [join(import.meta.dirname, 'testing/lock-holder.ts'), path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.after(() => holder.kill('SIGKILL'));
    await once(holder.stdout, 'data');
    await rejectsAsLocked(path, holder.pid);
    await rejectsAsLocked(path, holder.pid);
    holder.kill('SIGKILL');
    await once(holder, 'close');
    await (await openEmbeddedStore({ path })).close();
  });

  it('is refused to the same process a second time, which does not weaken the lock', async (t) => {
    const path = await scratch(t);
    const store = await openEmbeddedStore({ path });
    await rejectsAsLocked(path, process.pid);
    const other = spawn(process.execPath, [join(import.meta.dirname, 'testing/lock-holder.ts'), path], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    other.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const [code] = (await once(other, 'close')) as [number];
    assert.equal(code, 1);
    assert.match(errors, new RegExp(`is in use by process ${process.pid}`));
    await store.close();
  });

  it('says so when the path is a file', async (t) => {
    const path = join(await scratch(t), 'file');
    await writeFile(path, '');
    await assert.rejects(
      openEmbeddedStore({ path }),
      (error) => error instanceof StoreError && error.message.includes(path),
    );
  });

  it('does not grow without bound when the same keys are written over and over', async (t) => {
    const path = await scratch(t);
    const compactAfter = 64 * 1024;
    const store = await openEmbeddedStore({ path, compactAfter });
    const value = new Uint8Array(1000);
    let most = 0;
    for (let i = 0; i < 2000; i++) {
      await store.put(`k${i % 10}`, value);
      most = Math.max(most, (await stat(join(path, 'store.log'))).size);
    }
    await store.close();
    // Twice the content of about 10 kB, the allowance, and what is written while a compaction runs.
    assert.ok(most < 2 * 11_000 + compactAfter + 200_000, `the log grew to ${most} bytes for 2,000,000 written`);
    const again = await openEmbeddedStore({ path });
    assert.equal((await again.list('')).entries.length, 10);
    assert.equal((await again.list('')).revision, 2000);
    await again.close();
  });

  it('gives space back after a great delete', async (t) => {
    const path = await scratch(t);
    const store = await openEmbeddedStore({ path, compactAfter: 10_000 });
    const writes = Array.from(
      { length: 500 },
      (_, i) => ({ type: 'put', key: `k${i}`, value: new Uint8Array(1000) }) as const,
    );
    for (let i = 0; i < 4; i++) await store.transaction(writes);
    assert.ok((await stat(join(path, 'store.log'))).size > 500_000);
    await store.transaction(writes.map(({ key }) => ({ type: 'delete', key }) as const));
    while ((await stat(join(path, 'store.log'))).size > 11_000) await store.put('tick', new Uint8Array(0));
    await store.close();
  });
});

async function scratch(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'ligature-files-'));
  t.after(() => rm(path, { recursive: true }));
  return path;
}

async function rejectsAsLocked(path: string, pid: number | undefined): Promise<void> {
  await assert.rejects(openEmbeddedStore({ path }), (error: unknown) => {
    assert.ok(error instanceof StoreError, String(error));
    assert.equal(error.code, 'locked');
    assert.match(error.message, new RegExp(`in use by process ${pid}\\b`));
    return true;
  });
}
