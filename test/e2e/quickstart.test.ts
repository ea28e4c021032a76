import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { requires } from '../requires.ts';

const script = join(import.meta.dirname, '../../scripts/quickstart/start.ts');

interface Report {
  readonly ok: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
}

/** Runs the quick start with a temporary directory of its own, so that what it leaves behind shows. */
function start(flags: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'lg-quickstart-'));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: folder },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return {
    child,
    ended: once(child, 'exit').then(([code]) => code as number | null),
    stdout: () => stdout,
    stderr: () => stderr,
    left: () => readdirSync(folder),
    [Symbol.dispose]: () => {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

describe('the quick start', { skip: requires({ netns: true }) }, () => {
  test('proves every line with packets, and leaves nothing behind', async () => {
    using run = start(['--once', '--json']);
    const code = await run.ended;
    const last = run.stdout().trimEnd().split('\n').at(-1) ?? '';
    const report = JSON.parse(last) as Report;
    assert.deepEqual(
      report.checks.filter(({ ok }) => !ok),
      [],
    );
    assert.ok(report.checks.length >= 14, `${report.checks.length} checks`);
    assert.equal(report.ok, true);
    assert.equal(code, 0, run.stderr());
    assert.deepEqual(run.left(), []);
  });

  test('stays up until Ctrl-C, can be looked at, and cleans up', async () => {
    using run = start([]);
    const url = await new Promise<string>((resolve, reject) => {
      run.child.stdout.on('data', () => {
        const found = /node2 +(http:\/\/\S+)/.exec(run.stdout());
        if (found?.[1] !== undefined) resolve(found[1]);
      });
      run.child.once('exit', () => reject(new Error(run.stdout() + run.stderr())));
    });
    const status = (await (await fetch(`${url}/api/v1/status`)).json()) as { label: string };
    assert.equal(status.label, 'node2');
    run.child.kill('SIGINT');
    await run.ended;
    assert.deepEqual(run.left(), []);
    await assert.rejects(fetch(`${url}/api/v1/status`));
  });
});
