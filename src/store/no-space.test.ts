import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';

/** A mount namespace of its own: the host sees nothing, and it is gone with the process. */
const UNSHARE = process.getuid?.() === 0 ? ['-m'] : ['-m', '-U', '-r'];

describe('durable stores on a full disk', () => {
  for (const store of ['embedded', 'file']) {
    it(`${store}: says so, writes nothing by halves, and works again when there is space`, async (t) => {
      if (spawnSync('unshare', [...UNSHARE, 'true']).status !== 0) return t.skip('no mount namespaces here');
      const directory = await mkdtemp(join(tmpdir(), 'ligature-full-'));
      t.after(() => rm(directory, { recursive: true }));
      const script = 'mount -t tmpfs -o size=3m full "$1" && exec "$2" "$3" "$1"';
      const check = join(import.meta.dirname, store, 'testing/no-space-check.ts');
      const run = spawnSync('unshare', [...UNSHARE, 'sh', '-c', script, 'sh', directory, process.execPath, check], {
        encoding: 'utf8',
        timeout: 60_000,
      });
      assert.equal(run.status, 0, run.stderr);
      assert.match(run.stdout, /no-space: ok/);
    });
  }
});
