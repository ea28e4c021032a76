import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { makeDirectory, makeDirectorySync } from './make-directory.ts';

const folder = mkdtempSync(join(tmpdir(), 'lg-mkdir-'));
after(() => rmSync(folder, { recursive: true }));

/** Each: what to call, and the name of its own place. */
const ways: readonly (readonly [string, (path: string, mode: number) => Promise<void>])[] = [
  ['async', makeDirectory],
  ['sync', async (path, mode) => makeDirectorySync(path, mode)],
];

for (const [name, make] of ways) {
  test(`${name}: makes what is missing, and takes what is there`, async () => {
    const path = join(folder, name, 'a', 'b');
    await make(path, 0o700);
    for (const made of [path, join(path, '..')]) assert.equal(statSync(made).mode & 0o777, 0o700);
    await make(path, 0o755);
    assert.equal(statSync(path).mode & 0o777, 0o700);
    await Promise.all([1, 2, 3].map(() => make(join(folder, name, 'at', 'once'), 0o700)));
  });

  test(`${name}: a place where nothing can be made is an error with the path`, async () => {
    for (const path of ['/proc/nothing', '/proc/nothing/here', '/proc/nothing/here/either'])
      await assert.rejects(make(path, 0o700), (error: NodeJS.ErrnoException) => {
        assert.equal(error.code, 'ENOENT');
        assert.match(String(error.path), /^\/proc\/nothing/);
        return true;
      });
    const file = join(folder, `${name}-file`);
    writeFileSync(file, '');
    await assert.rejects(make(file, 0o700), { code: 'EEXIST', path: file });
    await assert.rejects(make(join(file, 'below'), 0o700), { code: 'ENOTDIR' });
  });
}
