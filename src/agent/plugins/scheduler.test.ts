import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startApplication } from '../../app/index.ts';
import { asKey } from '../../model/key.ts';
import { schedulerPlugin } from './scheduler.ts';

/** What is logged about a transaction that makes two things, with such a `kvscheduler.conf`. */
async function logged(config: string): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lg-scheduler-'));
  const lines: string[] = [];
  writeFileSync(join(folder, 'kvscheduler.conf'), config);
  try {
    const application = await startApplication({
      plugins: [schedulerPlugin],
      args: ['--config-dir', folder, '--state-dir', folder],
      env: {},
      signals: [],
      logDestination: { write: (line) => lines.push(line) },
    });
    const scheduler = application.api(schedulerPlugin);
    scheduler.addEngine({ name: 'plane', concurrency: 4, deadline: 1000 });
    scheduler.register(
      { name: 'thing', prefix: 'thing/' },
      { kind: 'thing', engine: 'plane', create: async () => lines.push('made'), remove: async () => {} },
    );
    await scheduler.commit([{ key: asKey('thing/a'), value: {} }]);
    await application.stop();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return lines.flatMap((line) => /made|is going to: [^\\]*|transaction 0 [^:]*: 1 change/.exec(line)?.[0] ?? []);
}

test('the plan is logged before it is carried out when asked for, the summary after', async () => {
  assert.deepEqual(await logged('enable-txn-simulation: true'), [
    'is going to: CREATE 1',
    'made',
    'transaction 0 (NBTransaction): 1 change',
  ]);
  assert.deepEqual(await logged('print-txn-summary: true'), ['made', 'transaction 0 (NBTransaction): 1 change']);
  assert.deepEqual(await logged('enable-txn-simulation: true\nprint-txn-summary: false'), [
    'is going to: CREATE 1',
    'made',
  ]);
});
