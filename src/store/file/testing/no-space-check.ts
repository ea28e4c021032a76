/** Run by the no-space test on a small file system of its own, argv[2]: fails with an assertion when a promise is broken. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fillDisk } from '../../embedded/testing/fill-disk.ts';
import { StoreError } from '../../errors.ts';
import { openFileStore } from '../file-store.ts';

const directory = process.argv[2] ?? '';
const path = join(directory, 'store.json');
const filler = join(directory, 'filler');

const store = await openFileStore({ path });
await store.put('before', new Uint8Array([1]));
const before = readFileSync(path, 'utf8');
fillDisk(filler);
await assert.rejects(
  store.put('big', new Uint8Array(100_000)),
  (error: unknown) => error instanceof StoreError && error.code === 'no-space' && error.retriable,
);
assert.equal(readFileSync(path, 'utf8'), before);
assert.deepEqual(
  readdirSync(directory).filter((name) => name.endsWith('.new')),
  [],
);
assert.equal(await store.get('big'), undefined);
rmSync(filler);
await store.put('big', new Uint8Array(100_000));
await store.close();
const again = await openFileStore({ path });
assert.equal((await again.get('big'))?.value.length, 100_000);
await again.close();
console.log('no-space: ok');
