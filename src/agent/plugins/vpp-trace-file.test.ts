import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startApplication } from '../../app/index.ts';
import { enginePlugin } from './engine.ts';
import { vppPlugin } from './vpp.ts';

test('a trace that cannot be written is no start, with the name of the setting', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lg-vpp-'));
  try {
    writeFileSync(join(folder, 'govpp.conf'), 'trace-file: /nowhere/trace.log\n');
    const start = startApplication({
      plugins: [enginePlugin, vppPlugin],
      args: ['--engine', 'vpp', '--config-dir', folder, '--vpp-api-socket', join(folder, 'api.sock')],
      env: { STATE_DIR: join(folder, 'state') },
      signals: [],
      logDestination: { write: () => undefined },
    });
    await assert.rejects(start, /govpp\.conf: trace-file: \/nowhere\/trace\.log cannot be written: ENOENT/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
