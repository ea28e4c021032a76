import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startApplication } from '../../app/index.ts';
import { startFakeVpp } from '../../vpp/testing/fake-vpp.ts';
import { enginePlugin } from './engine.ts';
import { vppStatsPlugin } from './vpp-stats.ts';

interface Outcome {
  readonly reason: string;
  readonly isReady: boolean;
  readonly log: string;
}

/** What an agent says of the counters of a VPP that has none. */
async function counters(
  args: (folder: string) => readonly string[],
  env: (folder: string) => object,
): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'lg-stats-'));
  await using vpp = await startFakeVpp({ path: join(folder, 'api.sock') });
  let log = '';
  const application = await startApplication({
    plugins: [enginePlugin, vppStatsPlugin],
    args: ['--engine', 'vpp', '--config-dir', folder, '--vpp-api-socket', vpp.path, ...args(folder)],
    env: { STATE_DIR: join(folder, 'state'), ...env(folder) },
    signals: [],
    logDestination: { write: (text: string) => void (log += text) },
  });
  try {
    const { health } = application.info;
    while (health.get('vpp-stats')?.state !== 'error' || !log.includes('counters cannot be read')) await delay(5);
    return { reason: health.get('vpp-stats')?.reason ?? '', isReady: health.snapshot().state === 'ok', log };
  } finally {
    await application.stop();
    rmSync(folder, { recursive: true });
  }
}

test("counters are looked for beside VPP's API socket, and what is amiss is said", async () => {
  let expected = '';
  const { reason, isReady, log } = await counters(
    (folder) => ((expected = join(folder, 'stats.sock')), []),
    () => ({}),
  );
  assert.ok(reason.includes(`stats socket ${expected}: `), reason);
  assert.match(reason, /--vpp-stats-socket \(govpp\.conf: stats-socket-path\)/);
  assert.equal(log.split('counters cannot be read').length, 2, log);
  assert.ok(isReady, 'packets go on without counters');
});

test('the socket of counters is that of the flag, then of the environment', async () => {
  const flag = await counters(
    () => ['--vpp-stats-socket', '/nowhere/flag.sock'],
    () => ({ LIGATURE_VPP_STATS_SOCKET: '/nowhere/env.sock' }),
  );
  assert.ok(flag.reason.includes('stats socket /nowhere/flag.sock: '), flag.reason);
  const env = await counters(
    () => [],
    () => ({ LIGATURE_VPP_STATS_SOCKET: '/nowhere/env.sock' }),
  );
  assert.ok(env.reason.includes('stats socket /nowhere/env.sock: '), env.reason);
});
