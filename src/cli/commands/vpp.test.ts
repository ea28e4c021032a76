import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startFakeVpp } from '../../vpp/testing/fake-vpp.ts';

const main = join(import.meta.dirname, '../main.ts');

function ligature(...args: readonly string[]): Promise<{ readonly code: number | string; readonly stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], (error, _stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stderr }),
    );
  });
}

test('--timeout is how long a VPP that does not answer is waited for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lg-cli-vpp-'));
  const path = join(folder, 'vpp.sock');
  const silent = createServer((socket) => void socket.on('error', () => undefined)).listen(path);
  try {
    await once(silent, 'listening');
    const { code, stderr } = await ligature('--timeout', '321ms', 'vpp', 'api', 'ls', '--vpp-socket', path);
    assert.equal(code, 1);
    assert.match(stderr, /no VPP answers: .*did not answer within 321 ms/);
  } finally {
    silent.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('so is a reply that does not come', async () => {
  await using vpp = await startFakeVpp({ answers: { create_loopback: () => undefined } });
  const call = ['vpp', 'api', 'call', 'create_loopback', '--vpp-socket', vpp.path];
  const { code, stderr } = await ligature('--timeout', '2s', ...call);
  assert.equal(code, 1);
  assert.match(stderr, /create_loopback.*2000 ms/);
});
