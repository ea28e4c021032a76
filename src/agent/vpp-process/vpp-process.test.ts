import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Logger } from '../../app/index.ts';
import { vppProcessSettings } from './settings.ts';
import { VppProcess } from './vpp-process.ts';

test('a program that is not there is named at once, with the setting', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'lg-vpp-'));
  try {
    const settings = vppProcessSettings.parse({ binary: join(directory, 'no-vpp') });
    const log = { warn() {}, error() {} } as unknown as Logger;
    await assert.rejects(VppProcess.start({ settings, directory, log }, new AbortController().signal), {
      code: 'not-found',
      message: /^vpp-process\.conf: binary \(--vpp-bin\): .*no-vpp is not a program that can be run$/,
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
});
