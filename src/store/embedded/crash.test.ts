import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openEmbeddedStore } from './embedded-store.ts';

/** More for a long soak: LIGATURE_CRASHES=1000. */
const CRASHES = Number(process.env['LIGATURE_CRASHES'] ?? 20);

describe('embedded store, killed', () => {
  it('has every acknowledged transaction and no part of another, however often its process is killed', async (t) => {
    const path = await mkdtemp(join(tmpdir(), 'ligature-crash-'));
    t.after(() => rm(path, { recursive: true }));
    let acknowledged = -1;
    for (let crash = 0; crash < CRASHES; crash++) {
      acknowledged = Math.max(acknowledged, await writeAndKill(path));
      await check(path, acknowledged);
    }
    t.diagnostic(`${CRASHES} kills, ${acknowledged + 1} transactions acknowledged`);
    assert.ok(acknowledged > CRASHES, 'the writer got somewhere');
  });
});

/** Kills a writer at a random moment, now and then while it still opens the store; gives the last number it printed. */
async function writeAndKill(path: string): Promise<number> {
  const writer = spawn(process.execPath, [join(import.meta.dirname, 'testing/crash-writer.ts'), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  let kill: NodeJS.Timeout | undefined;
  const killWithin = (most: number): void => {
    kill ??= setTimeout(() => writer.kill('SIGKILL'), Math.random() * most);
  };
  if (Math.random() < 0.2) killWithin(400);
  writer.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    killWithin(150);
  });
  const [, signal] = (await once(writer, 'close')) as [number | null, string | null];
  assert.equal(signal, 'SIGKILL', 'the writer must not end by itself');
  const numbers = output.split('\n').slice(0, -1).map(Number);
  return Math.max(-1, ...numbers);
}

async function check(path: string, acknowledged: number): Promise<void> {
  const store = await openEmbeddedStore({ path });
  try {
    const log = (await store.list('log/')).entries.map(({ key }) => Number(key.slice(4)));
    assert.deepEqual(
      log,
      log.map((_, index) => index),
      'no transaction is missing in between',
    );
    assert.ok(
      log.length > acknowledged,
      `transaction ${acknowledged} was acknowledged, the last found is ${log.length - 1}`,
    );
    const same = (await store.list('same/')).entries;
    assert.equal(same.length, log.length === 0 ? 0 : 40);
    for (const { key, value } of same) {
      const number = Number.parseInt(new TextDecoder().decode(value), 10);
      assert.equal(number, log.length - 1, `${key} is of another transaction`);
    }
  } finally {
    await store.close();
  }
}
