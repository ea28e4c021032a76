import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { connectVpp } from './client.ts';
import { startFakeVpp } from './testing/fake-vpp.ts';
import { traceToFile } from './trace.ts';

test('every message is in the trace, without keys', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lg-trace-'));
  const path = join(folder, 'trace.log');
  await using fake = await startFakeVpp();
  try {
    const client = await connectVpp({ path: fake.path, tap: traceToFile(path) });
    const key = new Uint8Array(128).fill(0xab);
    await client.request('ipsec_sad_entry_add', { entry: { sad_id: 7, crypto_key: { length: 16, data: key } } });
    await client.close();
    while (!readFileSync(path, 'utf8').includes('ipsec_sad_entry_add_reply')) await delay(5);
    const text = readFileSync(path, 'utf8');
    assert.match(text, /> \d+ ipsec_sad_entry_add .*"sad_id":7.*"crypto_key":"\(left out\)"/);
    assert.doesNotMatch(text, /abab/);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a file that cannot be opened is an error at once', () => {
  assert.throws(() => traceToFile('/nowhere/trace.log'), /ENOENT.*\/nowhere\/trace\.log/);
});

test('a file that cannot be written is told once, and requests go on', { skip: !existsSync('/dev/full') }, async () => {
  const failures: Error[] = [];
  await using fake = await startFakeVpp();
  const client = await connectVpp({ path: fake.path, tap: traceToFile('/dev/full', (error) => failures.push(error)) });
  try {
    while (failures.length === 0) await client.request('control_ping');
    for (let more = 0; more < 10; more++) await client.request('control_ping');
    assert.deepEqual(
      failures.map((error) => (error as NodeJS.ErrnoException).code),
      ['ENOSPC'],
    );
  } finally {
    await client.close();
  }
});
