/** Run by the no-space test on a small file system of its own, argv[2]: fails with an assertion when a promise is broken. */
import assert from 'node:assert/strict';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../../errors.ts';
import { openEmbeddedStore } from '../embedded-store.ts';
import { fillDisk } from './fill-disk.ts';

const directory = process.argv[2] ?? '';
const path = join(directory, 'store');
const filler = join(directory, 'filler');

const problems: StoreError[] = [];
const writable: (string | undefined)[] = [];
const options = {
  path,
  compactAfter: 64 * 1024,
  onProblem: (problem: StoreError) => void problems.push(problem),
  onWritable: (problem: StoreError | undefined) => void writable.push(problem?.code),
};
const store = await openEmbeddedStore(options);
const large = new Uint8Array(600_000).fill(1);
await store.put('before', new Uint8Array([1]));
fillDisk(filler);

const size = statSync(join(path, 'store.log')).size;
const writes = Array.from(
  { length: 100 },
  (_, i) => ({ type: 'put', key: `k${i}`, value: large.subarray(0, 6000) }) as const,
);
for (const call of [store.put('big', large), store.transaction(writes)]) {
  await assert.rejects(
    call,
    (error: unknown) => error instanceof StoreError && error.code === 'no-space' && error.retriable,
  );
}
assert.equal(statSync(join(path, 'store.log')).size, size, 'nothing half-written stays');
assert.deepEqual(
  (await store.list('')).entries.map(({ key }) => key),
  ['before'],
);

rmSync(filler);
await store.transaction(writes);
await store.put('before', new Uint8Array([2]));
assert.deepEqual(writable, ['no-space', undefined], 'told once, and when it is over');
await store.close();

fillDisk(filler);
const again = await openEmbeddedStore(options);
assert.equal((await again.list('k')).entries.length, 100, 'a store on a full disk can still be opened and read');
assert.deepEqual([...((await again.get('before'))?.value ?? [])], [2]);
await assert.rejects(
  again.put('big', large),
  (error: unknown) => error instanceof StoreError && error.code === 'no-space',
);
rmSync(filler);
await again.put('big', large);
await again.put('big', new Uint8Array(0));
// Little room beside the log: compactions fail, writes go on.
fillDisk(filler, 300_000);
for (let i = 0; i < 30; i++) await again.put('small', new Uint8Array(6_000).fill(i));
await again.close();
assert.ok(
  problems.some(({ code }) => code === 'no-space'),
  'the compaction without space is reported',
);
const last = await openEmbeddedStore(options);
assert.equal((await last.get('small'))?.value[0], 29);
await last.close();
console.log('no-space: ok');
