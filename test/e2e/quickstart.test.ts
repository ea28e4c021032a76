import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { requires } from '../requires.ts';
import { connectVpp } from '../../src/vpp/index.ts';
import { startVpp, vppBinary } from '../vpp/process.ts';

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

/** All lines hold, and nothing is left. */
async function proves(flags: readonly string[], lines: number): Promise<void> {
  using run = start(['--once', '--json', ...flags]);
  const code = await run.ended;
  const last = run.stdout().trimEnd().split('\n').at(-1) ?? '';
  const report = JSON.parse(last) as Report;
  assert.deepEqual(
    report.checks.filter(({ ok }) => !ok),
    [],
  );
  assert.ok(report.checks.length >= lines, `${report.checks.length} checks; ${run.stderr()}`);
  assert.equal(report.ok, true);
  assert.equal(code, 0, run.stderr());
  assert.deepEqual(run.left(), []);
}

describe('the quick start', { skip: requires({ netns: true }) }, () => {
  test('proves every line with packets, and leaves nothing behind', () => proves([], 14));

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

const binary = vppBinary();
const needs = requires({ netns: true }) || (binary === undefined && 'needs VPP (LIGATURE_VPP_BIN)');

describe('the quick start with VPP', { skip: needs }, () => {
  test('all nodes on VPP', () => proves(['--engine', 'vpp', '--vpp-bin', binary!], 15));

  test('node 2 on a VPP that runs already, which is left as it was', {
    skip: process.geteuid?.() !== 0 && 'needs root',
  }, async () => {
    await using vpp = await startVpp();
    await proves(['--engine', 'mixed', '--vpp-socket', vpp.apiSocket], 14);
    const client = await connectVpp({ path: vpp.apiSocket });
    const left = await client.list('sw_interface_dump');
    await client.close();
    assert.deepEqual(
      left.map(({ interface_name }) => interface_name),
      ['local0'],
    );
  });

  test('node 2 on VPP, the others on the kernel', () => proves(['--engine', 'mixed', '--vpp-bin', binary!], 15));
});

test('an engine that is not there, or a VPP that is not named, is refused with what is accepted', async () => {
  using unknown = start(['--engine', 'ovs']);
  assert.equal(await unknown.ended, 2);
  assert.match(unknown.stderr(), /--engine ovs: kernel, vpp and mixed are accepted/);
  using missing = start(['--engine', 'vpp', '--vpp-bin', '/nowhere/vpp']);
  assert.equal(await missing.ended, 2);
  assert.match(missing.stderr(), /--vpp-bin \/nowhere\/vpp: there is no such program/);
});
