import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { AppError } from '../errors.ts';
import { ensurePrivateDirectory, unusable } from './private-directory.ts';

const folder = mkdtempSync(join(tmpdir(), 'lg-private-'));
after(() => rmSync(folder, { recursive: true }));

test('a directory is made with its parents, and found again', async () => {
  const path = join(folder, 'a/b');
  await ensurePrivateDirectory(path);
  await ensurePrivateDirectory(path);
  assert.equal(statSync(path).mode & 0o777, 0o700);
});

test('a place that cannot be is told with the reason and the flag that chooses another', async () => {
  writeFileSync(join(folder, 'file'), '');
  for (const path of [join(folder, 'file/a'), join(folder, 'file/a/b')])
    await assert.rejects(ensurePrivateDirectory(path), (error) => {
      assert.ok(error instanceof AppError);
      assert.ok(error.message.startsWith(`${path} cannot be made: `), error.message);
      assert.match(error.message, /a part of its path is no directory; choose .* --state-dir/);
      return true;
    });
  const denied = unusable('/var/lib/x', Object.assign(new Error('EACCES: ...'), { code: 'EACCES' }));
  assert.match(String(denied), /x cannot be made: permission denied; choose another place with --state-dir/);
  const other = new Error('no errno');
  assert.equal(unusable('/x', other), other);
});
